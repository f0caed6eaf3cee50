//! The second reader's own thread: at most one frame in flight, a slow one holds up nothing.

use std::sync::{Arc, mpsc};

use crate::{
    camera::Frame,
    scan::{self, Found},
};

/// What was read, and from which frame.
pub type Late = (u64, Vec<Found>);

/// A thread that reads frames with [`scan::second`]. It ends when this is dropped and its last frame is read.
pub struct Aside {
    frames: mpsc::SyncSender<Arc<Frame>>,
    results: mpsc::Receiver<Late>,
}

impl Aside {
    /// Starts the thread. Without one nothing is ever read here.
    #[must_use]
    pub fn start() -> Self {
        // No queue: a frame is taken only by a thread that waits for one.
        let (frames, offered) = mpsc::sync_channel::<Arc<Frame>>(0);
        let (sender, results) = mpsc::channel();
        let spawned = std::thread::Builder::new()
            .name("aside".into())
            .spawn(move || {
                for frame in offered {
                    let late = (frame.seq, scan::second(&frame.luma));
                    if sender.send(late).is_err() {
                        break;
                    }
                }
            });
        if let Err(error) = spawned {
            tracing::warn!(%error, "the second reader has no thread");
        }
        Self { frames, results }
    }

    /// Hands over a frame; `false` while another one is being read.
    pub fn offer(&self, frame: Arc<Frame>) -> bool {
        self.frames.try_send(frame).is_ok()
    }

    /// What was read, each answer once.
    #[must_use]
    pub fn results(&self) -> &mpsc::Receiver<Late> {
        &self.results
    }
}
