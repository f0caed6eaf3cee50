//! A room for one visit at a time, such as a restroom: whether somebody is in it, from what was granted and what a
//! contact tells. Pure: times are milliseconds of a clock that never goes back; where it starts does not matter.
//!
//! With a contact on the door, a grant, an opening and a closing mean that somebody is inside; the next opening and
//! closing without a grant, that they left. With a contact in the bolt, locked from inside is in use and unlocked is free.
//! What cannot be known is [`State::Unknown`], and nobody is kept out by it: a broken contact or a missed opening must
//! not lock a room for good.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

/// How long a lost contact may be away before nothing is known any more: a plug that was pulled and put in again.
const LOST_MS: u64 = 5_000;
/// A door that stands open for longer tells nothing any more: propped open, or a cut wire.
const OPEN_MS: u64 = 60_000;
/// Beyond the end of the stay (or the beginning, where there is no limit), a contact that never moved is not believed.
const DOUBT_MS: u64 = 2 * 3_600_000;

/// Which contact tells about the room.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Watched {
    /// One on the door: open or closed.
    #[default]
    Door,
    /// One in the bolt: closed is locked from inside.
    Bolt,
}

impl Watched {
    /// The name in events and faults.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Bolt => "bolt",
        }
    }
}

/// What a contact says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// The door is open; the bolt is not locked.
    Open,
    /// The door is closed; the bolt is locked.
    Closed,
}

/// How a room is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Which contact tells.
    pub watched: Watched,
    /// How long a visit may be.
    pub stay_ms: Option<u64>,
    /// How long after a grant the door may be opened (the bolt locked) before nobody is expected any more.
    pub entering_ms: u64,
}

/// How the room is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody is in it.
    Free,
    /// Somebody was let in and is on the way.
    Entering,
    /// Somebody is in it.
    Occupied,
    /// Somebody is in it for longer than the owner allows.
    Overstayed,
    /// Nobody knows.
    Unknown,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Free,
        Self::Entering,
        Self::Occupied,
        Self::Overstayed,
        Self::Unknown,
    ];

    /// The name in events and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Entering => "entering",
            Self::Occupied => "occupied",
            Self::Overstayed => "overstayed",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the next visitor may come in.
    #[must_use]
    pub const fn admits(self) -> bool {
        matches!(self, Self::Free | Self::Unknown)
    }
}

/// What is known of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// How it is.
    pub state: State,
    /// Since when somebody is in it, or on the way.
    pub since: Option<u64>,
    /// When the stay is over.
    pub until: Option<u64>,
    /// The entry that let them in, where it is known.
    pub seq: Option<u64>,
}

/// A visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Visit {
    since: u64,
    seq: Option<u64>,
    /// Since when the door stands open: to come in, or to leave.
    opened: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Free,
    Entering {
        visit: Visit,
        /// Nothing was known before, or the contact was not there to be seen.
        doubt: bool,
    },
    Inside {
        visit: Visit,
        over: bool,
    },
    Unknown {
        /// Since when the door is open: closed again soon, somebody has left.
        opened: Option<u64>,
    },
}

/// The room.
#[derive(Debug, Clone)]
pub struct Room {
    rules: Rules,
    phase: Phase,
    contact: Option<Contact>,
    /// Since when the contact is away.
    lost: Option<u64>,
    now: u64,
}

impl Room {
    /// A room of which nothing is known yet.
    #[must_use]
    pub const fn new(rules: Rules, now: u64) -> Self {
        Self {
            rules,
            phase: Phase::Unknown { opened: None },
            contact: None,
            lost: Some(now),
            now,
        }
    }

    /// Goes on with what an earlier run of the program knew. Who was on the way may be inside by now.
    #[must_use]
    pub const fn restored(mut self, state: State, since: u64, seq: Option<u64>) -> Self {
        let visit = Visit {
            since,
            seq,
            opened: None,
        };
        self.phase = match state {
            State::Free => Phase::Free,
            State::Entering => Phase::Entering { visit, doubt: true },
            State::Occupied => Phase::Inside { visit, over: false },
            State::Overstayed => Phase::Inside { visit, over: true },
            State::Unknown => Phase::Unknown { opened: None },
        };
        self
    }

    /// What is known now.
    #[must_use]
    pub fn status(&self) -> Status {
        let of = |state, visit: Visit, until| Status {
            state,
            since: Some(visit.since),
            until,
            seq: visit.seq,
        };
        let nobody = |state| Status {
            state,
            since: None,
            until: None,
            seq: None,
        };
        match self.phase {
            Phase::Free => nobody(State::Free),
            Phase::Unknown { .. } => nobody(State::Unknown),
            Phase::Entering { visit, .. } => of(State::Entering, visit, None),
            Phase::Inside { visit, over } => {
                let state = if over {
                    State::Overstayed
                } else {
                    State::Occupied
                };
                of(state, visit, self.until(visit))
            }
        }
    }

    fn until(&self, visit: Visit) -> Option<u64> {
        let stay = self.rules.stay_ms?;
        Some(visit.since.saturating_add(stay))
    }

    /// Somebody was let in, by this entry.
    pub fn granted(&mut self, seq: Option<u64>, now: u64) {
        self.tick(now);
        let now = self.now;
        let doubt = matches!(self.phase, Phase::Unknown { .. }) || self.is_blind();
        // A door that stands open needs no opening: the closing will tell.
        let stands_open =
            self.rules.watched == Watched::Door && self.contact == Some(Contact::Open);
        let visit = Visit {
            since: now,
            seq,
            opened: stands_open.then_some(now),
        };
        self.phase = Phase::Entering { visit, doubt };
    }

    /// The lock did not open for them after all.
    pub fn failed(&mut self, now: u64) {
        self.tick(now);
        if let Phase::Entering { doubt, .. } = self.phase {
            self.phase = self.nobody_came(doubt);
        }
    }

    /// Staff say that nobody is in it.
    pub fn cleared(&mut self, now: u64) {
        self.tick(now);
        self.phase = Phase::Free;
    }

    /// What the contact says at `now`; `None` when it is lost. Saying the same again changes nothing.
    pub fn contact(&mut self, seen: Option<Contact>, now: u64) {
        self.tick(now);
        let now = self.now;
        let Some(seen) = seen else {
            let _ = self.lost.get_or_insert(now);
            if let Phase::Entering { doubt, .. } = &mut self.phase {
                *doubt = true;
            }
            return;
        };
        self.lost = None;
        if self.contact.replace(seen) == Some(seen) {
            return;
        }
        self.phase = match self.rules.watched {
            Watched::Door => door(self.phase, seen, now),
            Watched::Bolt => bolt(self.phase, seen, now),
        };
    }

    /// Time goes by.
    pub fn tick(&mut self, now: u64) {
        self.now = self.now.max(now);
        let now = self.now;
        let passed = |since: u64, length: u64| now >= since.saturating_add(length);
        let unknown = Phase::Unknown { opened: None };
        if self.lost.is_some_and(|lost| passed(lost, LOST_MS)) {
            self.contact = None;
        }
        let blind = self.contact.is_none() && self.lost.is_some_and(|lost| passed(lost, LOST_MS));
        self.phase = match self.phase {
            Phase::Entering { visit, doubt } => match visit.opened {
                None if passed(visit.since, self.rules.entering_ms) => {
                    self.nobody_came(doubt || self.is_blind())
                }
                Some(opened) if blind || passed(opened, OPEN_MS) => unknown,
                _ => self.phase,
            },
            _ if blind => unknown,
            Phase::Inside { visit, over } => {
                let until = self.until(visit);
                let end = until.unwrap_or(visit.since);
                if visit.opened.is_some_and(|opened| passed(opened, OPEN_MS))
                    || passed(end, DOUBT_MS)
                {
                    unknown
                } else {
                    let over = over || until.is_some_and(|until| now >= until);
                    Phase::Inside { visit, over }
                }
            }
            Phase::Unknown {
                opened: Some(opened),
            } if passed(opened, OPEN_MS) => unknown,
            phase => phase,
        };
    }

    /// Whether the contact is not there to be seen.
    const fn is_blind(&self) -> bool {
        self.contact.is_none() || self.lost.is_some()
    }

    /// Who was let in did not come.
    fn nobody_came(&self, doubt: bool) -> Phase {
        // A bolt that was locked all the time is locked by somebody, or broken.
        let locked = self.rules.watched == Watched::Bolt && self.contact == Some(Contact::Closed);
        if doubt || locked {
            Phase::Unknown { opened: None }
        } else {
            Phase::Free
        }
    }
}

/// The door moved.
fn door(phase: Phase, seen: Contact, now: u64) -> Phase {
    match (phase, seen) {
        (Phase::Entering { visit, doubt }, Contact::Open) => {
            let opened = Some(visit.opened.unwrap_or(now));
            let visit = Visit { opened, ..visit };
            Phase::Entering { visit, doubt }
        }
        (Phase::Entering { visit, .. }, Contact::Closed) if visit.opened.is_some() => {
            let visit = Visit {
                since: now,
                opened: None,
                ..visit
            };
            Phase::Inside { visit, over: false }
        }
        (Phase::Inside { visit, over }, Contact::Open) => {
            let opened = Some(now);
            let visit = Visit { opened, ..visit };
            Phase::Inside { visit, over }
        }
        (Phase::Inside { visit, .. }, Contact::Closed) if visit.opened.is_some() => Phase::Free,
        (Phase::Unknown { .. }, Contact::Open) => Phase::Unknown { opened: Some(now) },
        (Phase::Unknown { opened: Some(_) }, Contact::Closed) => Phase::Free,
        (phase, _) => phase,
    }
}

/// The bolt moved.
fn bolt(phase: Phase, seen: Contact, now: u64) -> Phase {
    match (phase, seen) {
        // Known from before the contact was there.
        (Phase::Inside { .. }, Contact::Closed) => phase,
        (Phase::Entering { visit, .. }, Contact::Closed) => {
            let visit = Visit {
                since: now,
                ..visit
            };
            Phase::Inside { visit, over: false }
        }
        (Phase::Free | Phase::Unknown { .. }, Contact::Closed) => Phase::Inside {
            visit: Visit {
                since: now,
                seq: None,
                opened: None,
            },
            over: false,
        },
        // The door was not locked yet.
        (Phase::Entering { .. }, Contact::Open) => phase,
        (_, Contact::Open) => Phase::Free,
    }
}
