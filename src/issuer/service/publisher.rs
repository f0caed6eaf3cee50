//! Publishes the trust repository when something changed, here or by the command line, and every half day so that doors see
//! that the issuer lives.

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{self, Instant},
};

use super::now;
use crate::issuer::desk::Desk;

/// Changes that come together are published together.
const TOGETHER: Duration = Duration::from_millis(300);
/// How often it looks whether the command line changed something.
const LOOK: Duration = Duration::from_secs(5);
const HALF_DAY: Duration = Duration::from_secs(43_200);

/// Wakes the publisher.
pub(super) struct Publisher(Arc<Notify>);

impl Publisher {
    /// Starts it on this runtime. `seen` is the database's number from before the repository was published last: what the
    /// command line has written since then is published too.
    pub(super) fn start(desk: Desk, repository: PathBuf, mut seen: i64) -> Self {
        let changed = Arc::new(Notify::new());
        let woken = changed.clone();
        drop(tokio::spawn(async move {
            let mut due = Instant::now() + HALF_DAY;
            loop {
                if time::timeout(LOOK, woken.notified()).await.is_ok() {
                    time::sleep(TOGETHER).await;
                } else {
                    let found = desk.alone(|issuer| issuer.data_version()).await;
                    let elsewhere =
                        found.is_ok_and(|found| std::mem::replace(&mut seen, found) != found);
                    if !elsewhere && Instant::now() < due {
                        continue;
                    }
                }
                due = Instant::now() + HALF_DAY;
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
