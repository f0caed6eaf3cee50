//! What the owner decides about a door.

use super::Access;
use crate::pass::Service;

/// The rules of one door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The one service this door asks for.
    pub service: Service,
    /// Whether it asks for passes now.
    pub access: Access,
    /// This venue's name in `aud`, 1 to 6 Crockford base32 characters.
    pub venue: Option<String>,
    /// Whether printed passes are taken. They fit the entry service only, unless the owner says otherwise.
    pub printed: bool,
    /// Seconds for which an admitted printed pass is refused (`passback`); 0 is off.
    pub printed_passback: u64,
    /// Admissions of one printed pass on one Seoul day (`passback` beyond); 0 is no limit.
    pub printed_daily: u32,
    /// How old a status list may be.
    pub grace: Grace,
    /// Seconds a presentation stays fresh, skew of the phone's clock included.
    pub window: u64,
    /// Seconds a presentation may be ahead of the kiosk's clock.
    pub skew: u64,
}

impl Policy {
    /// The defaults of the profile for a door of this service.
    #[must_use]
    pub fn new(service: Service) -> Self {
        Self {
            service,
            access: Access::Pass,
            venue: None,
            printed: matches!(service, Service::Entry),
            printed_passback: 60,
            printed_daily: 0,
            grace: Grace::default(),
            window: 25,
            skew: 10,
        }
    }
}

/// For how long a door goes on with old status lists, in seconds since the list's `iat`, by service. `None` is without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace {
    /// Entry: without limit by default.
    pub entry: Option<u64>,
    /// Adult: 7 days by default.
    pub adult: Option<u64>,
    /// Store: 3 days by default.
    pub store: Option<u64>,
}

impl Grace {
    /// The grace of one service.
    #[must_use]
    pub const fn of(&self, service: Service) -> Option<u64> {
        match service {
            Service::Entry => self.entry,
            Service::Adult => self.adult,
            Service::Store => self.store,
        }
    }
}

impl Default for Grace {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            entry: None,
            adult: Some(7 * DAY),
            store: Some(3 * DAY),
        }
    }
}
