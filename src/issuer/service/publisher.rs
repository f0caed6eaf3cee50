//! Publishes the trust repository when something changed, and every half day so that doors see that the issuer lives.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{sync::Notify, time};

use super::now;
use crate::issuer::desk::Desk;

/// Changes that come together are published together.
const TOGETHER: Duration = Duration::from_millis(300);
const HALF_DAY: Duration = Duration::from_secs(43_200);

/// Wakes the publisher.
pub(super) struct Publisher(Arc<Notify>);

impl Publisher {
    /// Starts it on this runtime.
    pub(super) fn start(desk: Desk, repository: PathBuf) -> Self {
        let changed = Arc::new(Notify::new());
        let woken = changed.clone();
        drop(tokio::spawn(async move {
            loop {
                if time::timeout(HALF_DAY, woken.notified()).await.is_ok() {
                    time::sleep(TOGETHER).await;
                }
                let to = repository.clone();
                if let Err(error) = desk.alone(move |issuer| issuer.publish(&to, now())).await {
                    tracing::error!(%error, "the trust repository could not be published");
                }
            }
        }));
        Self(changed)
    }

    /// Something changed that doors should know.
    pub(super) fn changed(&self) {
        self.0.notify_one();
    }
}
