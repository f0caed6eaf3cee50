//! Whether the kiosk's own screen should be a lamp. Pure.

/// Mean level below which a scene is dark.
const DARK: f32 = 40.0;
/// Mean level above which it is no longer: the lamp itself lights a face, and must not put itself out.
const LIGHT: f32 = 80.0;
/// How long it has to be dark, in milliseconds.
const ON_AFTER: u64 = 2_000;
/// How long it has to be light.
const OFF_AFTER: u64 = 5_000;

/// Light for a dark scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lamp {
    on: bool,
    /// Since when the scene says otherwise.
    since: Option<u64>,
}

impl Lamp {
    /// Whether it is on, after a picture of this mean level that the camera exposed for the whole scene.
    pub fn see(&mut self, mean: f32, ms: u64) -> bool {
        let (otherwise, after) = if self.on {
            (mean > LIGHT, OFF_AFTER)
        } else {
            (mean < DARK, ON_AFTER)
        };
        if !otherwise {
            self.since = None;
        } else if ms.saturating_sub(*self.since.get_or_insert(ms)) >= after {
            self.on = !self.on;
            self.since = None;
        }
        self.on
    }

    /// Whether it is on.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_in_the_dark_and_does_not_put_itself_out() {
        let mut lamp = Lamp::default();
        let mut see = |mean, from: u64, to: u64| {
            let changes = (from..to).step_by(100).map(|ms| lamp.see(mean, ms));
            changes.collect::<Vec<bool>>()
        };
        let dark = see(20.0, 0, 2_100);
        assert!(!dark[19] && dark[20]);
        // Its own light on a face.
        assert!(see(70.0, 2_100, 60_000).iter().all(|on| *on));
        // Somebody passes with a torch.
        assert!(see(120.0, 60_000, 63_000).iter().all(|on| *on));
        assert!(see(60.0, 63_000, 64_000).iter().all(|on| *on));
        assert!(!see(120.0, 64_000, 70_000)[59]);
        // A shadow.
        assert!(see(20.0, 70_000, 71_900).iter().all(|on| !on));
        assert!(see(50.0, 71_900, 90_000).iter().all(|on| !on));
    }
}
