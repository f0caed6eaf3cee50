//! What comes and goes while the kiosk runs: the data folder and, in it, whom to trust. Tried again and again.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::sync::{broadcast, watch};

use super::{
    event::{Event, Part, at},
    roads,
};
use crate::{
    clock::{self, Clock},
    gate::age::seoul_day,
    store::{Store, StoreError},
    trust::{Trust, repository},
};

/// How often a missing folder is tried and new trust is looked for (another process may import it).
pub const PERIOD: Duration = Duration::from_secs(2);

/// How far the clock's floor may lag behind the clock, in seconds.
const FLOOR_STEP: u64 = 600;

/// How fast a clock may be that the network did not set, in seconds.
const UNSURE: u64 = 86_400;
/// How far the clock may be ahead of everything seen before and still count as right without the network's word, in
/// seconds. A clock that jumped into the future would erase the whole record and shut out every phone afterwards.
const AHEAD: u64 = 30 * 86_400;
/// Staff are told of lists that are older, also where the door goes on for longer, in seconds.
pub const OLD_LIST: u64 = crate::gate::standing::OLD;

/// Keeps store and trust.
pub struct Keep {
    /// The store, when it is open.
    pub store: watch::Sender<Option<Store>>,
    /// Whom to trust.
    pub trust: watch::Sender<Arc<Trust>>,
    events: broadcast::Sender<Event>,
    clock: Arc<dyn Clock>,
    keep_days: u32,
    /// Whether the door takes passes for which an issuer must be trusted.
    pub mj1: bool,
    /// Whether the store was open in this run: then the folder is never made again.
    was_open: bool,
    /// Which snapshots are in force: anchor and time of acceptance.
    stamp: Option<Vec<(String, u64)>>,
    /// When the first of their metadata expires, seconds since 1970.
    expires: Option<i64>,
    stale: bool,
    /// Whether what is stored is what is in force.
    loaded: bool,
    /// The lists that are in memory.
    held: repository::Held,
    /// The last fault that was told, a part each.
    told: std::collections::BTreeMap<Part, String>,
    erased_on: Option<i64>,
    /// The time that was written last as the clock's floor.
    floor: u64,
}

impl Keep {
    /// Nothing is open yet.
    #[must_use]
    pub fn new(events: broadcast::Sender<Event>, clock: Arc<dyn Clock>, keep_days: u32) -> Self {
        Self {
            store: watch::Sender::new(None),
            trust: watch::Sender::new(Arc::new(Trust::default())),
            events,
            clock,
            keep_days,
            mj1: true,
            was_open: false,
            stamp: None,
            expires: None,
            stale: false,
            loaded: false,
            held: repository::Held::default(),
            told: std::collections::BTreeMap::new(),
            erased_on: None,
            floor: 0,
        }
    }

    /// One round: opens what is missing, loads what is new, erases what is due.
    ///
    /// # Errors
    /// Only [`StoreError::InUse`]: another kiosk has the folder. Everything else is told as a fault and tried again.
    pub fn round(&mut self, folder: &Path) -> Result<(), StoreError> {
        if self.was_open && !Store::is_at(folder) {
            // A handle would go on writing into a file that no longer has a name, and a new folder would have forgotten
            // every block and every used presentation.
            self.store.send_replace(None);
            self.stamp = None;
            self.fails(
                Part::Storage,
                &format!("{} is gone; run munjigi doctor", folder.display()),
            );
            return Ok(());
        }
        if self.store.borrow().is_none() {
            match Store::open(folder) {
                Ok(store) => {
                    match store.time_floor() {
                        Ok(floor) => self.clock.raise_floor(floor),
                        Err(error) => tracing::warn!(%error, "the time floor could not be read"),
                    }
                    self.store.send_replace(Some(store));
                    self.was_open = true;
                    self.works(Part::Storage);
                }
                Err(error @ StoreError::InUse(_)) => return Err(error),
                Err(error) => self.fails(
                    Part::Storage,
                    &format!(
                        "{error}; is the disk there, and may this user write? Run munjigi doctor"
                    ),
                ),
            }
        }
        let store = self.store.borrow().clone();
        if let Some(store) = store {
            self.write_again(&store);
            self.load_trust(&store);
            self.look_at_age(&store);
            if self.trusts_clock() {
                self.raise_floor(&store);
                self.erase(&store);
            }
        }
        Ok(())
    }

    /// After a decision that could not be recorded: whether the disk takes anything again.
    fn write_again(&mut self, store: &Store) {
        if !store.is_unwritten() {
            return;
        }
        match store.probe(self.clock.unix_ms() / 1000) {
            Ok(()) => self.works(Part::Storage),
            Err(error) => self.fails(
                Part::Storage,
                &format!("{error}; is the disk full? Run munjigi doctor"),
            ),
        }
    }

    /// Tells of a fault once.
    pub fn fails(&mut self, part: Part, detail: &str) {
        if self.told.get(&part).is_none_or(|told| told != detail) {
            let _ = self.told.insert(part, detail.to_string());
            let _ = self.events.send(Event::Fault {
                part,
                detail: detail.to_string(),
            });
        }
    }

    /// Tells once that a part works again.
    pub fn works(&mut self, part: Part) {
        if self.told.remove(&part).is_some() {
            let _ = self.events.send(Event::Fault {
                part,
                detail: String::new(),
            });
        }
    }

    fn load_trust(&mut self, store: &Store) {
        let stamp = match store.trust_stamp() {
            Ok(stamp) => stamp,
            Err(error) => return self.fails(Part::Storage, &error.to_string()),
        };
        if !store.is_unwritten() {
            self.works(Part::Storage);
        }
        if self.stamp.as_ref() == Some(&stamp) {
            return;
        }
        let loaded = store.load_trust().and_then(|snapshots| {
            let expires = snapshots
                .iter()
                .filter_map(|snapshot| repository::versions(snapshot).expires)
                .min();
            let mut trust = repository::restore_beside(&snapshots, &mut self.held)?;
            store.narrow(&mut trust)?;
            Ok((trust, expires))
        });
        match loaded {
            Ok((trust, expires)) => {
                self.stamp = Some(stamp);
                self.loaded = true;
                self.expires = expires;
                self.take(trust, store);
            }
            // Tried again in the next round; what was in force stays.
            Err(error) => {
                let detail = format!("{error}; run munjigi trust import");
                if self.told.get(&Part::Trust) != Some(&detail) {
                    let nobody = self.trust.borrow().keys.is_empty();
                    let state = if nobody { "missing" } else { "failed" };
                    self.tell_trust(state, error.to_string());
                }
                self.loaded = false;
                self.fails(Part::Trust, &detail);
            }
        }
    }

    /// New trust comes into force.
    fn take(&mut self, trust: Trust, store: &Store) {
        if trust.keys.is_empty() && !self.mj1 {
            self.works(Part::Trust);
        } else if trust.keys.is_empty() {
            self.fails(
                Part::Trust,
                "no issuer is trusted yet: run munjigi trust add",
            );
            self.tell_trust("missing", String::new());
        } else {
            let detail = format!(
                "{} issuers, {} keys, {} status lists",
                trust.issuers.len(),
                trust.keys.len(),
                trust.lists.len()
            );
            if let Some(iat) = trust.newest_iat() {
                store.raise_time_floor(iat);
                self.clock.raise_floor(iat);
            }
            self.works(Part::Trust);
            self.tell_trust("loaded", detail);
        }
        self.trust.send_replace(Arc::new(trust));
    }

    fn tell_trust(&self, state: &'static str, detail: String) {
        let _ = self.events.send(Event::Trust {
            state,
            detail,
            class: None,
            road: None,
            at: at(self.clock.unix_ms()),
        });
    }

    /// Old trust goes on working for as long as the owner allows, and staff are told in time: that it is old, or that
    /// nothing new comes in.
    fn look_at_age(&mut self, store: &Store) {
        let trust = self.trust.borrow().clone();
        if trust.keys.is_empty() || !self.mj1 {
            return;
        }
        let now = self.clock.now().unix;
        let roads = store.trust_roads().unwrap_or_default();
        let stuck = roads::stuck(&roads, now);
        let stale = match age(&trust, self.expires, now) {
            Some(old) => {
                if !self.stale {
                    self.tell_trust("stale", old.clone());
                }
                let todo = stuck.unwrap_or_else(|| {
                    "ask the issuer to publish, then run munjigi trust import".into()
                });
                self.fails(Part::Trust, &format!("{old}; {todo}"));
                true
            }
            None => {
                match stuck {
                    Some(stuck) => self.fails(Part::Trust, &stuck),
                    None if self.loaded => self.works(Part::Trust),
                    None => {}
                }
                false
            }
        };
        self.stale = stale;
    }

    /// Whether the clock is good enough to write the record's future with: above its floor, and not far ahead of
    /// everything that was seen before unless the network set it.
    fn trusts_clock(&mut self) -> bool {
        let now = self.clock.now();
        let problem = match now.clock {
            crate::gate::Clock::Unknown => "the clock is behind what this kiosk has seen",
            _ if now.unix > self.clock.floor() + AHEAD && !clock::set_by_network() => {
                "the clock is far ahead of what this kiosk has seen"
            }
            _ => {
                self.works(Part::Clock);
                return true;
            }
        };
        self.fails(
            Part::Clock,
            &format!("{problem}; connect the network once, or set it and run munjigi trust import"),
        );
        false
    }

    /// The newest time that was taken is a floor for the clock after a power cut. Written now and then only: cards wear.
    fn raise_floor(&mut self, store: &Store) {
        let now = self.clock.now().unix;
        // Without the network's word the clock may be fast; when it is put right, the door must not wait for the time
        // to come.
        let sure = if clock::set_by_network() {
            now
        } else {
            now.saturating_sub(UNSURE)
        };
        if sure >= self.floor + FLOOR_STEP {
            store.raise_time_floor(sure);
            self.clock.raise_floor(sure);
            self.floor = sure;
        }
    }

    /// Once a day, what is older than the owner allows goes.
    fn erase(&mut self, store: &Store) {
        let now = self.clock.now();
        let today = seoul_day(now.unix);
        if self.erased_on == Some(today) {
            return;
        }
        match store.erase_older_than(today - i64::from(self.keep_days), now.unix) {
            Ok(receipt) if receipt.wiped => self.erased_on = Some(today),
            // Somebody reads the log just now: the rest is for the next round.
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "old entries could not be erased"),
        }
    }
}

/// What staff are told of trust that is old; `expires` and `now` in seconds since 1970.
fn age(trust: &Trust, expires: Option<i64>, now: u64) -> Option<String> {
    let lists = trust.lists.iter();
    let oldest = lists
        .map(|(uri, list)| (now.saturating_sub(list.iat), uri))
        .max();
    match oldest {
        Some((age, uri)) if age > OLD_LIST => {
            Some(format!("status list {uri} is {} days old", age / 86_400))
        }
        _ => expires
            .is_some_and(|expires| i64::try_from(now).unwrap_or(i64::MAX) >= expires)
            .then(|| "the trust repository has expired".into()),
    }
}

#[cfg(test)]
mod tests;
