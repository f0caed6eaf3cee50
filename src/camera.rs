//! The camera: newest luma frame and a small preview.

pub mod controls;
pub mod error;
pub mod exposure;
pub mod format;
pub mod lighting;
pub mod luma;
pub mod phone;
pub mod preview;
pub mod replay;
pub mod stream;
pub mod webcam;

use std::{sync::Arc, time::Instant};

pub use error::CameraError;
use exposure::{Limits, Settings};
pub use luma::Luma;
pub use stream::{Stream, StreamEvent};

use crate::config::{self, CameraSource};

/// One picture from a camera.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Counts up from 0 since the source was opened.
    pub seq: u64,
    /// Brightness, turned upright but never mirrored.
    pub luma: Arc<Luma>,
    /// When it left the device.
    pub at: Instant,
}

/// A camera, or what stands in for one. Lives on the camera thread.
pub trait Source {
    /// What staff read: a device name or a folder.
    fn name(&self) -> String;

    /// The next picture; blocks until there is one. `Ok(None)` is the end of a source that has one.
    ///
    /// # Errors
    /// When the device is gone or gives pictures that cannot be read; the stream then reopens it.
    fn next(&mut self) -> Result<Option<Frame>, CameraError>;

    /// What it is called wherever it is plugged in.
    fn model(&self) -> String {
        self.name()
    }

    /// What of its exposure can be set; nothing, where it does not say.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// Sets what it can; what fails is left.
    fn set(&mut self, _settings: &Settings) {}
}

/// How the configured camera is opened, at the start and after it was lost.
#[must_use]
pub fn open(config: &config::Camera) -> stream::Opener {
    let config = config.clone();
    Box::new(move || {
        Ok(match config.source {
            CameraSource::Webcam => Box::new(webcam::Webcam::open(
                &config.device,
                config.fps,
                config.rotate,
            )?),
            CameraSource::Replay => Box::new(replay::Replay::open(
                &config.path,
                config.fps,
                config.repeat,
                config.rotate,
            )?),
            CameraSource::Phone => Box::new(phone::Phone::open(&config.path)?),
        })
    })
}
