//! The owner's rules: which certificates open, and for how long.

use jiff::{Span, civil::Date};

use super::claims::{Entry, Test};

/// Seconds of an hour.
const HOUR: u64 = 3_600;

/// What opens the door. Days are civil days where the door is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Complete vaccinations, in these days after the last dose; `None` is not taken.
    pub vaccination: Option<Days>,
    /// Recoveries, for the days that they name.
    pub recovery: bool,
    /// Hours after the sample for which a negative test counts that amplifies nucleic acid; 0 is not taken.
    pub naat_hours: u32,
    /// The same for antigen tests.
    pub antigen_hours: u32,
}

/// Days after a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first one that counts.
    pub first: u32,
    /// The last one; `None` is without limit.
    pub last: Option<u32>,
}

/// When an entry counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) opens: bool,
    pub(super) from: Option<u64>,
    pub(super) until: Option<u64>,
    pub(super) first_day: Option<Date>,
    pub(super) last_day: Option<Date>,
}

impl Rules {
    /// When an entry counts by these rules; never, where it does not open.
    pub(super) fn window(&self, entry: &Entry) -> Window {
        match *entry {
            Entry::Vaccination {
                complete: true,
                day,
            } => self
                .vaccination
                .map_or_else(Window::default, |days| Window {
                    opens: true,
                    first_day: Some(after(day, days.first)),
                    last_day: days.last.map(|last| after(day, last)),
                    ..Window::default()
                }),
            Entry::Test {
                negative: true,
                kind,
                taken,
            } => {
                let hours = match kind {
                    Test::Naat => self.naat_hours,
                    Test::Antigen => self.antigen_hours,
                    Test::Other => 0,
                };
                Window {
                    opens: hours > 0,
                    from: Some(taken),
                    until: Some(taken.saturating_add(u64::from(hours) * HOUR)),
                    ..Window::default()
                }
            }
            Entry::Recovery {
                covid: true,
                from,
                until,
            } => Window {
                opens: self.recovery,
                first_day: Some(from),
                last_day: Some(until),
                ..Window::default()
            },
            _ => Window::default(),
        }
    }
}

fn after(day: Date, days: u32) -> Date {
    let span = Span::new().try_days(days);
    span.and_then(|span| day.checked_add(span))
        .unwrap_or(Date::MAX)
}
