//! The camera thread: newest frame wins, a lost camera is opened again.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::{
    CameraError, Frame, Source,
    exposure::Light,
    lighting::Lighting,
    preview::{self, Preview},
};

/// The age of a frame from which the camera counts as lost.
const OLD: Duration = Duration::from_secs(2);
/// A read that has blocked for this long will not come back.
const STUCK: Duration = Duration::from_secs(30);
/// How often the age of the frame is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// The first pause before a lost camera is opened again; it doubles up to [`LAST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LAST_PAUSE: Duration = Duration::from_secs(8);
/// Previews a second at most: the screen draws no more.
const PREVIEW_PAUSE: Duration = Duration::from_millis(60);

/// What happened to the camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// Pictures come.
    Open(String),
    /// No picture for 2 s, or the device is gone; it is opened again with back-off.
    Lost(String),
    /// A read has blocked for good and the thread cannot be helped: the process should be restarted.
    Stuck(String),
    /// The light has changed.
    Light {
        /// The kiosk's own screen should light the scene.
        lamp: bool,
        /// Whether codes can be seen.
        light: Light,
    },
    /// A source with an end is at it.
    Ended,
}

/// Opens the source anew: at the start and after it was lost.
pub type Opener = Box<dyn FnMut() -> Result<Box<dyn Source>, CameraError> + Send>;

/// A running camera. Dropping it ends the thread after the picture in hand.
pub struct Stream {
    /// The newest frame.
    pub frames: watch::Receiver<Option<Arc<Frame>>>,
    /// The newest preview; made only while somebody looks (see [`Stream::look`]).
    pub previews: watch::Receiver<Option<Arc<Preview>>>,
    shared: Arc<Shared>,
}

impl Stream {
    /// Starts the camera thread and its frame-age watchdog (2 s). `preview` is the size of the preview and whether it is
    /// mirrored; `None` makes none.
    #[must_use]
    pub fn start(
        opener: Opener,
        lighting: Lighting,
        preview: Option<(u32, u32, bool)>,
        events: mpsc::Sender<StreamEvent>,
    ) -> Self {
        let (frame_sender, frames) = watch::channel(None);
        let (preview_sender, previews) = watch::channel(None);
        let shared = Arc::new(Shared {
            stop: AtomicBool::new(false),
            look: AtomicBool::new(true),
            waiting: Mutex::new(Waiting {
                since: None,
                name: String::new(),
                told: None,
            }),
            events: Mutex::new(events),
        });
        let (camera, watchdog) = (shared.clone(), shared.clone());
        let camera = Camera {
            opener,
            lighting,
            preview,
            frames: frame_sender,
            previews: preview_sender,
            shared: camera,
            previewed: None,
        };
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            if let Err(error) = std::thread::Builder::new().name(name.into()).spawn(run) {
                shared.tell(StreamEvent::Lost(format!(
                    "the camera has no thread: {error}"
                )));
            }
        };
        spawn("camera", Box::new(move || camera.run()));
        spawn("camera age", Box::new(move || watchdog.watch()));
        Self {
            frames,
            previews,
            shared,
        }
    }

    /// Turns the making of previews on or off.
    pub fn look(&self, on: bool) {
        self.shared.look.store(on, Ordering::Relaxed);
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Not joined: a read that blocks must not keep the process from ending.
        self.shared.stop.store(true, Ordering::Relaxed);
    }
}

/// What the camera thread and its watchdog share.
struct Shared {
    stop: AtomicBool,
    look: AtomicBool,
    waiting: Mutex<Waiting>,
    events: Mutex<mpsc::Sender<StreamEvent>>,
}

/// What the camera thread waits for.
struct Waiting {
    /// Since when it has been inside the library.
    since: Option<Instant>,
    /// Which camera.
    name: String,
    /// The trouble that was told last, until pictures come again.
    told: Option<String>,
}

impl Shared {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: StreamEvent) {
        let _ = self
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(event);
    }

    /// Tells of a trouble once.
    fn lost(&self, problem: String) {
        let mut waiting = self.waiting();
        if waiting.told.as_ref() != Some(&problem) {
            waiting.told = Some(problem.clone());
            drop(waiting);
            self.tell(StreamEvent::Lost(problem));
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn watch(&self) {
        let mut stuck = false;
        while !self.stopped() {
            std::thread::sleep(LOOK);
            let (age, name) = {
                let waiting = self.waiting();
                (
                    waiting.since.map(|since| since.elapsed()),
                    waiting.name.clone(),
                )
            };
            match age {
                Some(age) if age > STUCK && !stuck => {
                    stuck = true;
                    self.tell(StreamEvent::Stuck(format!(
                        "camera '{name}' has blocked for {} s",
                        STUCK.as_secs()
                    )));
                }
                Some(age) if age > OLD => self.lost(format!("camera '{name}' gives no picture")),
                _ => {}
            }
        }
    }
}

struct Camera {
    opener: Opener,
    lighting: Lighting,
    preview: Option<(u32, u32, bool)>,
    frames: watch::Sender<Option<Arc<Frame>>>,
    previews: watch::Sender<Option<Arc<Preview>>>,
    shared: Arc<Shared>,
    previewed: Option<Instant>,
}

impl Camera {
    fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        let shared = self.shared.clone();
        while !shared.stopped() {
            // A panic in a driver or a decoder is one more way to lose a camera.
            let filmed = AssertUnwindSafe(|| {
                let source = self.inside(|camera| (camera.opener)())?;
                self.film(source, &mut pause)
            });
            match std::panic::catch_unwind(filmed) {
                Ok(Ok(())) => return,
                Ok(Err(error)) => shared.lost(error.to_string()),
                Err(_) => {
                    shared.waiting().since = None;
                    shared.lost("the camera's driver failed".into());
                }
            }
            let until = Instant::now() + pause;
            while Instant::now() < until && !shared.stopped() {
                std::thread::sleep(LOOK.min(pause));
            }
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Takes pictures until the source ends (`Ok`), fails, or nobody wants them any more.
    fn film(
        &mut self,
        mut source: Box<dyn Source>,
        pause: &mut Duration,
    ) -> Result<(), CameraError> {
        let shared = self.shared.clone();
        let name = source.name();
        shared.waiting().name.clone_from(&name);
        self.inside(|camera| camera.lighting.open(source.as_mut()));
        let mut open = false;
        while !shared.stopped() {
            let Some(frame) = self.inside(|_| source.next())? else {
                shared.tell(StreamEvent::Ended);
                return Ok(());
            };
            *pause = FIRST_PAUSE;
            let was_lost = shared.waiting().told.take().is_some();
            if !open || was_lost {
                open = true;
                shared.tell(StreamEvent::Open(name.clone()));
            }
            self.show(&frame);
            let luma = frame.luma.clone();
            let _ = self.frames.send_replace(Some(Arc::new(frame)));
            // Setting a control talks to the device, and may block as a picture may.
            let light = self.inside(|camera| camera.lighting.see(&luma, source.as_mut()));
            if let Some((lamp, light)) = light {
                shared.tell(StreamEvent::Light { lamp, light });
            }
        }
        Ok(())
    }

    /// Runs something that may block while the watchdog looks on.
    fn inside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.shared.waiting().since = Some(Instant::now());
        let done = work(self);
        self.shared.waiting().since = None;
        done
    }

    fn show(&mut self, frame: &Frame) {
        let Some((width, height, mirrored)) = self.preview else {
            return;
        };
        let soon = self
            .previewed
            .is_some_and(|at| at.elapsed() < PREVIEW_PAUSE);
        if soon || !self.shared.look.load(Ordering::Relaxed) {
            return;
        }
        self.previewed = Some(Instant::now());
        if let Some(preview) = preview::make(&frame.luma, width, height, mirrored) {
            let _ = self.previews.send_replace(Some(Arc::new(preview)));
        }
    }
}

#[cfg(test)]
mod tests;
