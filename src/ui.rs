//! The window (its first form is on its way).

use std::sync::Arc;

use tokio::sync::{broadcast, watch};

use crate::{camera::preview::Preview, config::Config, kiosk::Event, screen::staff::StoreBackend};

/// Size of the preview.
pub const PREVIEW: (u32, u32) = (640, 480);

/// What the window is made with.
pub struct Setup {
    /// Events.
    pub events: broadcast::Receiver<Event>,
    /// Previews.
    pub previews: watch::Receiver<Option<Arc<Preview>>>,
    /// Whether previews are wanted.
    pub look: Arc<dyn Fn(bool) + Send + Sync>,
    /// Staff.
    pub backend: Arc<StoreBackend>,
    /// Size.
    pub size: Option<(f32, f32)>,
    /// Configuration.
    pub config: Config,
}

/// Runs it.
///
/// # Errors
/// When there is no window.
pub fn run(setup: Setup) -> Result<(), String> {
    let _ = setup;
    Err("not built yet".into())
}
