//! Civil days in Seoul, and age rules without a birth date.
//!
//! Days are counted from 1970-01-01. Korea has kept UTC+9 without summer time since 1988, before any pass; a change of law
//! would be a change of this file.

use jiff::civil::Date;

use crate::pass::Services;

const OFFSET: i64 = 9 * 3600;
const DAY: i64 = 86_400;

/// The civil day in Seoul of a second since 1970.
#[must_use]
pub fn seoul_day(unix: u64) -> i64 {
    i64::try_from(unix)
        .unwrap_or(i64::MAX - OFFSET)
        .saturating_add(OFFSET)
        .div_euclid(DAY)
}

/// The midnight that begins a civil day in Seoul, in seconds since 1970; 0 for days before.
#[must_use]
pub fn midnight(day: i64) -> u64 {
    u64::try_from(day.saturating_mul(DAY).saturating_sub(OFFSET)).unwrap_or(0)
}

/// A civil date as a day number.
#[must_use]
pub fn day_of(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    date.duration_since(epoch).as_hours() / 24
}

/// A day number as a civil date; `None` when no calendar has it.
#[must_use]
pub fn date_of(day: i64) -> Option<Date> {
    Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(day).ok()?)
        .ok()
}

/// The days that an issuer writes for a birth date, which is then forgotten: the later of the true day and the day of
/// issue; a threshold that is not reached before `exp` (seconds since 1970) is left out.
#[must_use]
pub fn thresholds(birth: Date, issue_day: i64, exp: u64) -> Services {
    // Born on 29 February: the 14th birthday is 1 March, as in the Civil Act (the last day of the year before is over).
    let fourteen = Date::new(birth.year().saturating_add(14), birth.month(), birth.day())
        .or_else(|_| Date::new(birth.year().saturating_add(14), 3, 1));
    let adult = Date::new(birth.year().saturating_add(19), 1, 1);
    let reached = |date: Result<Date, jiff::Error>| {
        date.ok()
            .map(|date| day_of(date).max(issue_day))
            .filter(|day| midnight(*day) < exp)
    };
    Services {
        entry: reached(fourteen),
        adult: reached(adult),
        ..Services::default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn seoul_turns_the_page_at_fifteen_hours_utc() {
        assert_eq!(seoul_day(0), 0);
        assert_eq!(seoul_day(15 * 3600 - 1), 0);
        assert_eq!(seoul_day(15 * 3600), 1);
        // The issue second of the profile's worked example.
        assert_eq!(seoul_day(1_795_449_600), 20_781);
        assert_eq!(midnight(20_781), 1_795_446_000);
        assert_eq!(date_of(20_781), Some(date(2026, 11, 24)));
        assert_eq!(day_of(date(2026, 11, 24)), 20_781);
    }

    #[test]
    fn thresholds_follow_the_two_rules() {
        let issue = day_of(date(2026, 11, 24));
        let exp = midnight(day_of(date(2027, 1, 10)));
        let cases = [
            (date(1980, 5, 5), Some(issue), Some(issue)),
            (date(2007, 12, 31), Some(issue), Some(issue)),
            (
                date(2008, 1, 1),
                Some(issue),
                Some(day_of(date(2027, 1, 1))),
            ),
            (
                date(2008, 12, 31),
                Some(issue),
                Some(day_of(date(2027, 1, 1))),
            ),
            (date(2009, 1, 1), Some(issue), None),
            (date(2012, 12, 1), Some(day_of(date(2026, 12, 1))), None),
            (date(2013, 1, 9), Some(day_of(date(2027, 1, 9))), None),
            (date(2013, 1, 10), None, None),
        ];
        for (birth, entry, adult) in cases {
            let services = thresholds(birth, issue, exp);
            assert_eq!((services.entry, services.adult), (entry, adult), "{birth}");
        }
        let leap = thresholds(date(2012, 2, 29), 0, u64::MAX);
        assert_eq!(leap.entry, Some(day_of(date(2026, 3, 1))));
    }
}
