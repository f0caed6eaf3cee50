//! Tells the screens what to ask of a visitor whose code is not read.

use std::time::Instant;

use tokio::sync::broadcast;

use super::{
    event::Event,
    guidance::{Change, Guidance},
};
use crate::{
    camera::{Frame, Luma},
    scan::{self, Hint, Sight},
};

/// Every so many pixels across, and rows, one is looked at for the mean brightness.
const SAMPLE: usize = 8;

/// Makes events of what is worth saying.
pub struct Prompter {
    guidance: Guidance,
    events: broadcast::Sender<Event>,
}

impl Prompter {
    /// Says nothing yet.
    #[must_use]
    pub fn new(events: broadcast::Sender<Event>) -> Self {
        Self {
            guidance: Guidance::new(),
            events,
        }
    }

    /// The scanner saw these codes in a frame and read none of them.
    pub fn say(&mut self, sights: &[Sight], frame: &Frame, now: Instant) {
        let change = self.guidance.see(worth(sights, &frame.luma), now);
        self.tell(change);
    }

    /// Texts were read and judged: a hint when none of them is a pass.
    pub fn judged(&mut self, hint: Option<Hint>, now: Instant) {
        let change = match hint {
            Some(hint) => self.guidance.see(Some(hint), now),
            None => self.guidance.read(),
        };
        self.tell(change);
    }

    /// No frame came.
    pub fn blind(&mut self, now: Instant) {
        let change = self.guidance.see(None, now);
        self.tell(change);
    }

    fn tell(&self, change: Option<Change>) {
        let hint = match change {
            Some(Change::Show(hint)) => Some(hint),
            Some(Change::Hide) => None,
            None => return,
        };
        let _ = self.events.send(Event::Hint { hint });
    }
}

/// The hint for the largest code that has one; a foreign code only when there is no other.
fn worth(sights: &[Sight], picture: &Luma) -> Option<Hint> {
    if sights.is_empty() {
        return None;
    }
    let (frame, mean) = ((picture.width, picture.height), mean(picture));
    sights
        .iter()
        .filter_map(|sight| Some((sight, scan::hint(sight, frame, mean)?)))
        .max_by(|(one, _), (other, _)| {
            let rank = |sight: &Sight| (!sight.foreign, scan::area(&sight.corners));
            let ((one_is, one), (other_is, other)) = (rank(one), rank(other));
            one_is.cmp(&other_is).then(one.total_cmp(&other))
        })
        .map(|(_, hint)| hint)
}

/// Mean brightness, 0 to 255, of a sample that is spread over the whole picture.
#[allow(clippy::cast_precision_loss)]
fn mean(picture: &Luma) -> f32 {
    let (sum, count) = picture
        .data
        .chunks(picture.width.max(1))
        .step_by(SAMPLE)
        .flat_map(|row| row.iter().step_by(SAMPLE))
        .fold((0_u64, 0_u64), |(sum, count), pixel| {
            (sum + u64::from(*pixel), count + 1)
        });
    sum as f32 / count.max(1) as f32
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::*;

    fn frame(brightness: u8) -> Frame {
        Frame {
            seq: 0,
            luma: Arc::new(Luma::new(1280, 720, vec![brightness; 1280 * 720]).unwrap()),
            at: Instant::now(),
        }
    }

    fn sight(x: f32, side: f32, module: f32) -> Sight {
        let (y, right) = (100.0, x + side);
        Sight {
            corners: [[x, y], [right, y], [right, y + side], [x, y + side]],
            module,
            contrast: 30.0,
            glare: 0.0,
            read: false,
            foreign: false,
        }
    }

    #[test]
    fn of_several_codes_the_largest_that_a_pass_could_be_is_spoken_of() {
        let (far, dim) = (sight(100.0, 60.0, 1.0), sight(300.0, 400.0, 4.0));
        let micro = Sight {
            foreign: true,
            ..sight(700.0, 500.0, 9.0)
        };
        for (brightness, sights, expected) in [
            (20, vec![], None),
            (20, vec![far, dim], Some(Hint::Dark)),
            (20, vec![micro, far], Some(Hint::Closer)),
            (20, vec![micro], Some(Hint::Micro)),
            // Nothing helps the large one by day.
            (120, vec![far, dim], Some(Hint::Closer)),
        ] {
            let picture = frame(brightness).luma;
            assert_eq!(worth(&sights, &picture), expected, "{sights:?}");
        }
    }

    #[test]
    fn what_changes_is_told_once() {
        let (events, mut told) = broadcast::channel(8);
        let mut prompter = Prompter::new(events);
        let (picture, start) = (frame(120), Instant::now());
        let far = [sight(100.0, 60.0, 1.0)];
        let at = |ms| start + Duration::from_millis(ms);
        for ms in (0..=2_000).step_by(100) {
            prompter.say(&far, &picture, at(ms));
        }
        prompter.judged(None, at(2_100));
        for ms in (2_200..=3_000).step_by(100) {
            prompter.judged(Some(Hint::NotAPass), at(ms));
        }
        for ms in (3_200..=6_000).step_by(200) {
            prompter.blind(at(ms));
        }
        let all: Vec<Event> = std::iter::from_fn(|| told.try_recv().ok()).collect();
        let expected = [Some(Hint::Closer), None, Some(Hint::NotAPass), None];
        assert_eq!(all, expected.map(|hint| Event::Hint { hint }));
        let lines: Vec<String> = all
            .iter()
            .map(|event| serde_json::to_string(event).unwrap())
            .collect();
        assert_eq!(
            lines[1..3],
            [
                r#"{"event":"hint","hint":null}"#,
                r#"{"event":"hint","hint":"not_a_pass"}"#
            ]
        );
    }
}
