//! Where the focus is: the camera's own, until a code in good light cannot be read. Pure.
#![allow(clippy::cast_precision_loss, reason = "values of controls are small")]

use super::Range;

/// Places that are tried, from one end to the other.
const PLACES: i32 = 6;
/// How long a code may be in view unread before the focus is taken over, in milliseconds.
const PATIENCE: u64 = 1_500;
/// How long each place is looked at.
const LOOK: u64 = 300;
/// A code that was out of view for so long is another one.
const GONE: u64 = 1_000;

/// Sweeps once for a code that stays unread, and then stays where it was sharpest.
#[derive(Debug, Clone)]
pub(super) struct Focus {
    range: Option<Range>,
    value: Option<i32>,
    /// Where codes are read: remembered for the next one.
    good: Option<i32>,
    /// Since when a code is in view unread, and when it was last seen.
    unread: Option<(u64, u64)>,
    sweep: Option<Sweep>,
    /// One sweep for each code.
    swept: bool,
}

#[derive(Debug, Clone, Copy)]
struct Sweep {
    place: i32,
    since: u64,
    best: (i32, f32),
}

impl Focus {
    pub(super) fn new(range: Option<Range>, kept: Option<i32>) -> Self {
        let range = range.filter(|range| range.max > range.min);
        let kept = range.and_then(|range| kept.map(|kept| range.near(kept as f32)));
        Self {
            range,
            value: kept,
            good: kept,
            unread: None,
            sweep: None,
            swept: false,
        }
    }

    /// What is to be set; `None` leaves it to the camera.
    pub(super) const fn value(&self) -> Option<i32> {
        self.value
    }

    /// Nobody is there: back to where codes were read.
    pub(super) fn rest(&mut self) {
        self.value = self.good;
        self.sweep = None;
        self.unread = None;
        self.swept = false;
    }

    /// A code in good light, so sharp.
    pub(super) fn see(&mut self, sharp: f32, read: bool, ms: u64) {
        let Some(range) = self.range else {
            return;
        };
        if read {
            self.good = self.value;
            self.sweep = None;
            self.unread = None;
            self.swept = false;
            return;
        }
        let (mut since, last) = self.unread.unwrap_or((ms, ms));
        if ms.saturating_sub(last) > GONE {
            since = ms;
            self.swept = false;
        }
        self.unread = Some((since, ms));
        let place = |at: i32| {
            range.near(
                range.min as f32 + (range.max - range.min) as f32 * at as f32 / (PLACES - 1) as f32,
            )
        };
        match &mut self.sweep {
            None if !self.swept && ms.saturating_sub(since) >= PATIENCE => {
                self.swept = true;
                self.value = Some(place(0));
                self.sweep = Some(Sweep {
                    place: 0,
                    since: ms,
                    best: (place(0), 0.0),
                });
            }
            None => {}
            Some(sweep) => {
                if ms.saturating_sub(sweep.since) < LOOK {
                    return;
                }
                if sharp > sweep.best.1 {
                    sweep.best = (place(sweep.place), sharp);
                }
                sweep.place += 1;
                sweep.since = ms;
                self.value = Some(if sweep.place < PLACES {
                    place(sweep.place)
                } else {
                    sweep.best.0
                });
                if sweep.place >= PLACES {
                    self.sweep = None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range {
        min: 0,
        max: 250,
        step: 5,
        default: 0,
    };

    fn sharp(value: Option<i32>) -> f32 {
        value.map_or(0.1, |value| 1.0 / (1.0 + (value - 150).abs() as f32 / 40.0))
    }

    #[test]
    fn one_sweep_ends_where_it_was_sharpest_and_is_remembered() {
        let mut focus = Focus::new(Some(RANGE), None);
        let mut values = Vec::new();
        for ms in (0..8_000).step_by(66) {
            focus.see(sharp(focus.value()), false, ms);
            if values.last() != Some(&focus.value()) {
                values.push(focus.value());
            }
        }
        assert_eq!(
            values,
            [
                None,
                Some(0),
                Some(50),
                Some(100),
                Some(150),
                Some(200),
                Some(250),
                Some(150)
            ]
        );
        focus.see(1.0, true, 8_100);
        focus.rest();
        assert_eq!(focus.value(), Some(150));
    }

    #[test]
    fn a_code_that_is_read_and_a_camera_without_focus_are_left_alone() {
        let mut read = Focus::new(Some(RANGE), None);
        let mut none = Focus::new(None, Some(3));
        for ms in (0..8_000).step_by(66) {
            read.see(0.1, ms % 660 == 0, ms);
            none.see(0.1, false, ms);
        }
        assert_eq!((read.value(), none.value()), (None, None));
    }
}
