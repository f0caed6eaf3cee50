//! The table `[trust]`: how often whom to trust is looked for.

use std::time::Duration;

use serde::Deserialize;

/// Minutes between two looks at most: a week.
const MOST: u64 = 10_080;

/// How often repositories that are pinned with a URL are fetched.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Trust {
    /// Minutes between two looks; 0 is never.
    pub every_minutes: u64,
}

impl Default for Trust {
    fn default() -> Self {
        Self { every_minutes: 15 }
    }
}

impl Trust {
    /// The time between two looks, if there are any.
    #[must_use]
    pub fn every(&self) -> Option<Duration> {
        (self.every_minutes > 0).then(|| Duration::from_secs(self.every_minutes * 60))
    }

    /// What must hold: key, whether it does, what is allowed.
    pub(super) fn check(&self) -> (&'static str, bool, &'static str) {
        (
            "every_minutes",
            self.every_minutes <= MOST,
            "0 (never) to 10080",
        )
    }
}
