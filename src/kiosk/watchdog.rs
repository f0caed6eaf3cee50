//! What the service manager is told (systemd's notify protocol, sd_notify(3)); nothing without one.

use std::time::Duration;

/// Tells that the kiosk is up.
pub fn ready() {
    tell(&[sd_notify::NotifyState::Ready]);
}

/// Tells that the kiosk works.
pub fn alive() {
    tell(&[sd_notify::NotifyState::Watchdog]);
}

/// Tells that the kiosk is going down in good order.
pub fn stopping() {
    tell(&[sd_notify::NotifyState::Stopping]);
}

/// How often [`alive`] is wanted: a third of what the service manager allows, or every 5 s where nobody asks.
#[must_use]
pub fn interval() -> Duration {
    sd_notify::watchdog_enabled().map_or(Duration::from_secs(5), |limit| limit / 3)
}

fn tell(state: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "the service manager could not be told");
    }
}
