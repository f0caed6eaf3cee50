//! What an issuer may be, and what a pass may say.

use super::{DAY, Eligibility, IssuerError, IssuerSettings, LONGEST_DAYS};
use crate::{
    gate::age,
    pass::{Service, Services},
};

/// Whether an issuer can be made with these settings.
pub(super) fn check(settings: &IssuerSettings) -> Result<(), IssuerError> {
    let rule = |text: String| Err(IssuerError::Rule(text));
    let good = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if !(1..=32).contains(&settings.id.len()) || !settings.id.bytes().all(good) {
        return rule(format!(
            "id '{}' is not 1 to 32 of a-z, 0-9 and -",
            settings.id
        ));
    }
    if settings.name_ko.is_none() && settings.name_en.is_none() {
        return rule("an issuer needs a Korean or an English name".into());
    }
    if !(8..=1 << 24).contains(&settings.entries) || !settings.entries.is_multiple_of(8) {
        return rule(format!(
            "{} entries: a multiple of 8 from 8 to 16777216",
            settings.entries
        ));
    }
    if !(1..=2).contains(&settings.bits) {
        return rule(format!("{} bits: 1 or 2", settings.bits));
    }
    Ok(())
}

/// For how long a pass is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    /// Until a midnight in Seoul.
    Until(u64),
    /// For so many days after the day of issue; the wallet renews it.
    Days(u16),
    /// A guest's window in seconds since 1970.
    Window(u64, u64),
}

/// What is signed for somebody.
pub(super) struct Promise {
    pub(super) service: Service,
    pub(super) services: Services,
    pub(super) validity: Validity,
    pub(super) note: String,
    pub(super) attested: String,
}

/// Letters of a note at most.
const NOTE: usize = 40;

/// The owner's note as it is kept: one short line.
pub(super) fn note(text: &str) -> Result<String, IssuerError> {
    let text = text.trim();
    if text.chars().count() <= NOTE && !text.chars().any(char::is_control) {
        Ok(text.into())
    } else {
        Err(IssuerError::Rule("a note is one line of 40 letters".into()))
    }
}

/// For how many visits a pass is good.
pub(super) fn visits(visits: Option<u8>) -> Result<Option<u8>, IssuerError> {
    match visits {
        Some(0) => Err(IssuerError::Rule(
            "a pass is good for 1 to 255 visits".into(),
        )),
        visits => Ok(visits),
    }
}

/// A threshold that was reached says the day of issue and nothing of the person.
pub(super) fn raised(services: &Services, today: i64) -> Services {
    Services {
        entry: services.entry.map(|day| day.max(today)),
        adult: services.adult.map(|day| day.max(today)),
        ..*services
    }
}

/// What goes into the claim of a pass that ends at a midnight, by the rules of the service.
pub(super) fn services(
    service: Service,
    eligibility: &Eligibility,
    exp: u64,
    now: u64,
) -> Result<Services, IssuerError> {
    let rule = |text: &str| Err(IssuerError::Rule(text.into()));
    let today = age::seoul_day(now);
    if exp <= now || exp > now + LONGEST_DAYS * DAY {
        return rule("a pass ends after now and within 366 days");
    }
    if exp != age::midnight(age::seoul_day(exp)) {
        return rule("a pass ends at a midnight in Seoul");
    }
    let mut services = Services::default();
    match (service, eligibility) {
        (Service::Entry, Eligibility::Over14 | Eligibility::Adult) => services.entry = Some(today),
        (Service::Adult, Eligibility::Adult) => services.adult = Some(today),
        (Service::Entry, Eligibility::From(day)) => services.entry = Some(today.max(*day)),
        (Service::Adult, Eligibility::From(day)) => services.adult = Some(today.max(*day)),
        (Service::Entry | Service::Adult, Eligibility::Born(birth)) => {
            let both = age::thresholds(*birth, today, exp);
            let (day, which) = match service {
                Service::Entry => (both.entry, &mut services.entry),
                _ => (both.adult, &mut services.adult),
            };
            *which = day;
            if day.is_none() {
                return rule("the person is not old enough before the pass ends");
            }
        }
        (Service::Store, Eligibility::Reference(reference)) => services.store = Some(*reference),
        (Service::Store, _) => return rule("the store service needs a payment reference"),
        (_, Eligibility::Reference(_)) => {
            return rule("only the store service has a payment reference");
        }
        (Service::Adult, Eligibility::Over14) => return rule("14 or older is not adult"),
    }
    let kept = [services.entry, services.adult]
        .into_iter()
        .flatten()
        .all(|day| age::midnight(day) < exp);
    if kept {
        Ok(services)
    } else {
        rule("the pass ends before it may be used")
    }
}
