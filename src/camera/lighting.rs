//! Light for the codes of a camera: measures each picture, sets the exposure between two, keeps what was right.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{
    Luma, Source,
    exposure::{Exposure, Light, Limits, Meter, Settings, Sight, kept},
};

/// A code that was seen longer ago is elsewhere by now.
const FRESH: Duration = Duration::from_millis(400);

/// Where the reading thread last saw a code: the camera thread exposes for that.
#[derive(Debug, Default)]
pub struct Spot(Mutex<Option<(Sight, Instant)>>);

impl Spot {
    /// A code was seen here; `None` when a picture showed none, which is forgotten by itself.
    pub fn point(&self, sight: Option<Sight>) {
        if let Some(sight) = sight {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((sight, Instant::now()));
        }
    }

    fn sight(&self) -> Option<Sight> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|(_, at)| at.elapsed() < FRESH)
            .map(|(sight, _)| sight)
    }
}

/// The exposure of whichever camera is open.
pub struct Lighting {
    managed: bool,
    folder: Option<PathBuf>,
    spot: Arc<Spot>,
    began: Instant,
    model: String,
    control: Exposure,
    kept: Option<Settings>,
    told: (bool, Light),
}

impl Lighting {
    /// `managed` is whether anything is set, or the camera left to itself; `folder` is where what was right is kept.
    #[must_use]
    pub fn new(managed: bool, folder: Option<PathBuf>, spot: Arc<Spot>) -> Self {
        Self {
            managed,
            folder,
            spot,
            began: Instant::now(),
            model: String::new(),
            control: Exposure::new(Limits::default(), None),
            kept: None,
            told: (false, Light::Good),
        }
    }

    /// A camera was opened: it begins with what was right for it the last time.
    pub fn open(&mut self, source: &mut dyn Source) {
        self.model = source.model();
        let limits = source.limits();
        // Without limits only the light is watched.
        let limits = if self.managed {
            limits
        } else {
            Limits::default()
        };
        let settable = limits != Limits::default();
        self.kept = match &self.folder {
            Some(folder) if settable => kept::read(folder, &self.model),
            _ => None,
        };
        self.control = Exposure::new(limits, self.kept);
        let first = if settable {
            self.control.start(self.ms())
        } else {
            Settings::AUTO
        };
        source.set(&first);
    }

    /// One picture: sets what follows from it, and gives the lamp and the light when they have changed.
    pub fn see(&mut self, picture: &Luma, source: &mut dyn Source) -> Option<(bool, Light)> {
        let sight = self.spot.sight();
        let output = self
            .control
            .see(&Meter::of(picture, sight.as_ref()), self.ms());
        if let Some(settings) = output.settings {
            source.set(&settings);
            if settings.auto {
                // Nobody is before the camera: there is time for the disk.
                self.keep();
            }
        }
        let light = (output.lamp, output.light);
        (light != self.told).then(|| {
            self.told = light;
            light
        })
    }

    /// Keeps what codes are read with for the next run.
    fn keep(&mut self) {
        let good = self.control.good();
        if let (Some(folder), Some(good)) = (&self.folder, good.filter(|_| good != self.kept)) {
            self.kept = Some(good);
            if let Err(error) = kept::write(folder, &self.model, good) {
                tracing::warn!(%error, "the camera's exposure is not kept for the next start");
            }
        }
    }

    fn ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{CameraError, Frame, exposure::Range};

    /// Writes down what is set.
    struct Camera(Vec<Settings>);

    impl Source for Camera {
        fn name(&self) -> String {
            "camera (/dev/video7)".into()
        }

        fn model(&self) -> String {
            "camera".into()
        }

        fn next(&mut self) -> Result<Option<Frame>, CameraError> {
            Ok(None)
        }

        fn limits(&self) -> Limits {
            let exposure = Some(Range {
                min: 3,
                max: 2047,
                step: 1,
                default: 250,
            });
            Limits {
                exposure,
                auto: true,
                ..Limits::default()
            }
        }

        fn set(&mut self, settings: &Settings) {
            self.0.push(*settings);
        }
    }

    #[test]
    fn a_start_uses_what_was_kept_for_this_camera() {
        let folder = tempfile::tempdir().unwrap();
        let first = |managed| {
            let mut camera = Camera(Vec::new());
            let mut lighting = Lighting::new(managed, Some(folder.path().into()), Arc::default());
            lighting.open(&mut camera);
            camera.0
        };
        assert_eq!(first(true), [Settings::AUTO]);
        let good = Settings {
            auto: false,
            exposure: Some(42),
            ..Settings::AUTO
        };
        kept::write(folder.path(), "another", Settings::AUTO).unwrap();
        kept::write(folder.path(), "camera", good).unwrap();
        assert_eq!(first(true), [good]);
        assert_eq!(first(false), [Settings::AUTO]);
    }
}
