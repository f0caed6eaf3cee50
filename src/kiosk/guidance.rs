//! When a hint is worth showing: a sentence that flickers is read by nobody.

use std::time::{Duration, Instant};

use crate::scan::Hint;

/// A hint is shown when it was seen for this long without another one in between.
const STABLE: Duration = Duration::from_millis(700);
/// It stays for this long, so that it can be read.
const LEAST: Duration = Duration::from_millis(1_500);
/// It goes when it was not seen for this long.
const GONE: Duration = Duration::from_secs(1);
/// Frames that are further apart than this tell nothing about the time between them.
const GAP: Duration = Duration::from_millis(400);

/// What changes on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Show this one, in place of another or of none.
    Show(Hint),
    /// Show none any more.
    Hide,
}

/// A hint that is seen and not shown yet.
#[derive(Debug, Clone, Copy)]
struct Rising {
    hint: Hint,
    since: Instant,
    last: Instant,
    /// The last frame was without it: a single such frame is forgiven.
    missed: bool,
}

/// A hint that is shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    hint: Hint,
    since: Instant,
    last: Instant,
}

/// Holds hints back until they are stable, and on until they are read.
#[derive(Debug, Default)]
pub struct Guidance {
    rising: Option<Rising>,
    shown: Option<Shown>,
}

impl Guidance {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A frame gave this hint, or none. `now` never goes back.
    pub fn see(&mut self, hint: Option<Hint>, now: Instant) -> Option<Change> {
        if let Some(shown) = &mut self.shown
            && hint == Some(shown.hint)
        {
            shown.last = now;
        }
        self.rise(hint, now);
        let settled = self
            .shown
            .is_none_or(|shown| now.duration_since(shown.since) >= LEAST);
        if !settled {
            return None;
        }
        if let Some(rising) = self.rising
            && rising.last.duration_since(rising.since) >= STABLE
        {
            self.rising = None;
            self.shown = Some(Shown {
                hint: rising.hint,
                since: now,
                last: rising.last,
            });
            return Some(Change::Show(rising.hint));
        }
        let gone = self
            .shown
            .is_some_and(|shown| now.duration_since(shown.last) >= GONE);
        gone.then(|| self.hide()).flatten()
    }

    /// A pass was read: whatever was in its way is no matter any more.
    pub fn read(&mut self) -> Option<Change> {
        self.rising = None;
        self.hide()
    }

    fn hide(&mut self) -> Option<Change> {
        self.shown.take().map(|_| Change::Hide)
    }

    fn rise(&mut self, hint: Option<Hint>, now: Instant) {
        let fresh = self
            .rising
            .filter(|rising| now.duration_since(rising.last) <= GAP);
        // What is shown does not rise: as long as it is seen, nothing else does.
        let news = hint.filter(|hint| self.shown.is_none_or(|shown| shown.hint != *hint));
        self.rising = match (fresh, news) {
            (Some(rising), Some(hint)) if rising.hint == hint => Some(Rising {
                last: now,
                missed: false,
                ..rising
            }),
            (_, Some(hint)) => Some(Rising {
                hint,
                since: now,
                last: now,
                missed: false,
            }),
            (Some(rising), None) if hint.is_none() && !rising.missed => Some(Rising {
                missed: true,
                ..rising
            }),
            (_, None) => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Change::{Hide, Show};
    use Hint::{Closer, Dark, Glare};

    /// Milliseconds after the start, and what changed then.
    type Changes = Vec<(u64, Change)>;

    /// Ten frames a second, a letter each: `c`loser, `d`ark, `g`lare, `.` nothing, `r`ead.
    fn run(frames: &str) -> Changes {
        let start = Instant::now();
        let mut guidance = Guidance::new();
        (0..)
            .step_by(100)
            .zip(frames.chars())
            .filter_map(|(ms, frame)| {
                let now = start + Duration::from_millis(ms);
                let change = match frame {
                    'c' => guidance.see(Some(Closer), now),
                    'd' => guidance.see(Some(Dark), now),
                    'g' => guidance.see(Some(Glare), now),
                    'r' => guidance.read(),
                    _ => guidance.see(None, now),
                };
                change.map(|change| (ms, change))
            })
            .collect()
    }

    #[test]
    fn only_what_is_stable_is_shown_and_stays_to_be_read() {
        let table: [(&str, &str, Changes); 14] = [
            ("nothing", "..............", vec![]),
            ("too short", "ccccccc.......", vec![]),
            ("0.7 s", "cccccccc", vec![(700, Show(Closer))]),
            (
                "shown once",
                "cccccccccccccccccccc",
                vec![(700, Show(Closer))],
            ),
            ("a missed frame", "ccc.cc.c", vec![(700, Show(Closer))]),
            ("a missed frame at the end", "ccccccc.", vec![]),
            ("two missed frames", "ccc..cccccc", vec![]),
            ("two hints flap", "cdcdcdcdcdcdcdcdcdcdcdcd", vec![]),
            ("a hint and none flap", "c..c..c..c..c..c..c..c..", vec![]),
            ("another one breaks it", "ccccdcccc", vec![]),
            (
                "it stays for 1.5 s",
                "cccccccc................",
                vec![(700, Show(Closer)), (2_200, Hide)],
            ),
            (
                "it goes a second after it was last seen",
                "cccccccccccccccccccc............",
                vec![(700, Show(Closer)), (2_900, Hide)],
            ),
            (
                "the next one waits until it was read",
                "ccccccccdddddddddddddddd",
                vec![(700, Show(Closer)), (2_200, Show(Dark))],
            ),
            (
                "a pass ends it at once, and the count begins anew",
                "ccccccccrccccccggggggg.g",
                vec![(700, Show(Closer)), (800, Hide), (2_300, Show(Glare))],
            ),
        ];
        for (name, frames, expected) in table {
            assert_eq!(run(frames), expected, "{name}");
        }
    }

    #[test]
    fn frames_far_apart_are_no_stable_sight() {
        let start = Instant::now();
        let mut guidance = Guidance::new();
        for ms in [0, 500, 1_000, 1_500, 2_000] {
            let now = start + Duration::from_millis(ms);
            assert_eq!(guidance.see(Some(Closer), now), None, "{ms}");
        }
    }
}
