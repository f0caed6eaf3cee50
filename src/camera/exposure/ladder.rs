//! From an amount of light to exposure time and gain. Pure.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "values of controls are small and clamped"
)]

use super::{Limits, Mains, Range};

/// The longest time for which a hand is still enough, in units of 100 microseconds.
const STEADY: f32 = 333.0;
/// How many stops the whole range of a gain control is taken for. Drivers do not say; what is wrong here is found by
/// measuring again.
const GAIN_STOPS: f32 = 3.0;

/// The steps that a camera offers, from the least light to the most. Amounts are stops: log2 of the exposure time in
/// units of 100 microseconds, and the gain on top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ladder {
    exposure: Option<Range>,
    gain: Option<Range>,
}

/// Exposure time and gain.
pub(super) type Rung = (Option<i32>, Option<i32>);

impl Ladder {
    pub(super) fn new(limits: &Limits) -> Self {
        let usable = |range: Option<Range>| range.filter(|range| range.max > range.min);
        Self {
            exposure: usable(limits.exposure),
            gain: usable(limits.gain),
        }
    }

    /// Whether there is anything to set.
    pub(super) fn is_empty(&self) -> bool {
        self.exposure.is_none() && self.gain.is_none()
    }

    /// The least and the most.
    pub(super) fn bounds(&self) -> (f32, f32) {
        let (low, high) = self.times();
        let gain = if self.gain.is_some() { GAIN_STOPS } else { 0.0 };
        (low.log2(), high.log2() + gain)
    }

    /// The amount of a setting; the camera's default for what is missing.
    pub(super) fn stops(&self, (exposure, gain): Rung) -> f32 {
        let time = self.exposure.map_or(1.0, |range| {
            exposure
                .unwrap_or(range.default)
                .clamp(range.min, range.max)
                .max(1) as f32
        });
        let gain = self.gain.map_or(0.0, |range| {
            let value = gain.unwrap_or(range.default).clamp(range.min, range.max);
            GAIN_STOPS * (value - range.min) as f32 / (range.max - range.min) as f32
        });
        time.log2() + gain
    }

    /// Time first, as long as a hand is still; then gain; then more time. Where the light flickers, whole half periods
    /// of the mains, and gain for the rest.
    pub(super) fn rung(&self, stops: f32, mains: Option<Mains>) -> Rung {
        let (shortest, longest) = self.times();
        let gain_room = if self.gain.is_some() { GAIN_STOPS } else { 0.0 };
        let wanted = stops.exp2();
        let steady = STEADY.clamp(shortest, longest);
        let mut time = wanted.clamp(shortest, steady);
        // More time only where gain does not reach.
        if stops - time.log2() > gain_room {
            time = (stops - gain_room).exp2().clamp(shortest, longest);
        }
        if let (Some(mains), Some(_)) = (mains, self.exposure) {
            let half = mains.half_period();
            // A stop too bright is better than bands.
            if half <= longest && time >= half / 2.0 {
                time = (time / half).floor().max(1.0) * half;
            }
        }
        let gain = self.gain.map(|range| {
            let share = ((stops - time.log2()) / GAIN_STOPS).clamp(0.0, 1.0);
            range.near(range.min as f32 + share * (range.max - range.min) as f32)
        });
        (self.exposure.map(|range| range.near(time)), gain)
    }

    fn times(&self) -> (f32, f32) {
        self.exposure.map_or((1.0, 1.0), |range| {
            (range.min.max(1) as f32, range.max.max(1) as f32)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder() -> Ladder {
        let range = |min, max, default| {
            Some(Range {
                min,
                max,
                step: 1,
                default,
            })
        };
        Ladder {
            exposure: range(3, 2047, 250),
            gain: range(0, 100, 0),
        }
    }

    #[test]
    fn time_then_gain_then_more_time() {
        let ladder = ladder();
        for (stops, expected) in [
            (-5.0, (3, 0)),
            (5.0, (32, 0)),
            (8.0, (256, 0)),
            (9.88, (333, 50)),
            (11.38, (333, 100)),
            (12.38, (667, 100)),
            (30.0, (2047, 100)),
        ] {
            let (time, gain) = ladder.rung(stops, None);
            let (time, gain) = (time.unwrap(), gain.unwrap());
            assert!(
                time.abs_diff(expected.0) <= 1 && gain.abs_diff(expected.1) <= 1,
                "{stops}: {time} {gain}"
            );
        }
    }

    #[test]
    fn where_the_light_flickers_time_is_whole_half_periods() {
        let ladder = ladder();
        for (mains, times) in [
            (Mains::Hz50, [100, 200, 300]),
            (Mains::Hz60, [83, 167, 250]),
        ] {
            for tenth in 60..110 {
                let stops = tenth as f32 / 10.0;
                let time = ladder.rung(stops, Some(mains)).0.unwrap();
                assert!(
                    times.contains(&time) || time == 333,
                    "{mains:?}, {stops}: {time}"
                );
                if tenth > 66 {
                    let off = (ladder.stops(ladder.rung(stops, Some(mains))) - stops).abs();
                    assert!(off < 0.1, "{mains:?}, {stops}: {off}");
                }
            }
        }
    }

    #[test]
    fn what_a_camera_does_not_offer_is_not_set() {
        let none = Ladder {
            exposure: None,
            gain: None,
        };
        assert!(none.is_empty());
        assert_eq!(none.rung(5.0, Some(Mains::Hz60)), (None, None));
        let gain = Ladder {
            exposure: None,
            ..ladder()
        };
        assert_eq!(gain.rung(1.5, None), (None, Some(50)));
        let time = Ladder {
            gain: None,
            ..ladder()
        };
        assert_eq!(time.rung(8.0, None), (Some(256), None));
        assert!(time.bounds().0 < time.bounds().1);
    }
}
