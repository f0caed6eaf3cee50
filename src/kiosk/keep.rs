//! What comes and goes while the kiosk runs: the data folder and, in it, whom to trust. Tried again and again.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::sync::{broadcast, watch};

use super::event::{Event, Part, at};
use crate::{
    clock::Clock,
    gate::age,
    store::{Store, StoreError},
    trust::{Trust, repository},
};

/// How often a missing folder is tried and new trust is looked for (another process may import it).
pub const PERIOD: Duration = Duration::from_secs(2);

/// How far the clock's floor may lag behind the clock, in seconds.
const FLOOR_STEP: u64 = 600;

/// Keeps store and trust.
pub struct Keep {
    /// The store, when it is open.
    pub store: watch::Sender<Option<Store>>,
    /// Whom to trust.
    pub trust: watch::Sender<Arc<Trust>>,
    events: broadcast::Sender<Event>,
    clock: Arc<dyn Clock>,
    keep_days: u32,
    /// Which snapshots are in force: anchor and time of acceptance.
    stamp: Option<Vec<(String, u64)>>,
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
            stamp: None,
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
        if self.store.borrow().is_some() && !Store::is_at(folder) {
            // The handle would go on writing into a file that no longer has a name.
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
                    self.works(Part::Storage);
                }
                Err(error @ StoreError::InUse(_)) => return Err(error),
                Err(error) => self.fails(
                    Part::Storage,
                    &format!("{error}; is the disk there, and may this user write?"),
                ),
            }
        }
        let store = self.store.borrow().clone();
        if let Some(store) = store {
            self.load_trust(&store);
            self.raise_floor(&store);
            self.erase(&store);
        }
        Ok(())
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
        self.works(Part::Storage);
        if self.stamp.as_ref() == Some(&stamp) {
            return;
        }
        let loaded = store
            .load_trust()
            .map_err(|error| error.to_string())
            .and_then(|snapshots| {
                repository::restore(&snapshots).map_err(|error| error.to_string())
            });
        let now = at(self.clock.unix_ms());
        match loaded {
            Ok(trust) if trust.keys.is_empty() => {
                self.fails(
                    Part::Trust,
                    "no issuer is trusted yet: run munjigi trust add",
                );
                let _ = self.events.send(Event::Trust {
                    state: "missing",
                    detail: String::new(),
                    at: now,
                });
                self.trust.send_replace(Arc::new(trust));
            }
            Ok(trust) => {
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
                self.trust.send_replace(Arc::new(trust));
                self.works(Part::Trust);
                let _ = self.events.send(Event::Trust {
                    state: "loaded",
                    detail,
                    at: now,
                });
            }
            Err(detail) => {
                self.fails(Part::Trust, &format!("{detail}; run munjigi trust import"));
                let _ = self.events.send(Event::Trust {
                    state: "failed",
                    detail,
                    at: now,
                });
            }
        }
        self.stamp = Some(stamp);
    }

    /// The newest time taken while synced is a floor for the clock after a power cut. Written now and then only: cards wear.
    fn raise_floor(&mut self, store: &Store) {
        let now = self.clock.now();
        if now.clock == crate::gate::Clock::Synced && now.unix >= self.floor + FLOOR_STEP {
            store.raise_time_floor(now.unix);
            self.floor = now.unix;
        }
    }

    /// Once a day, what is older than the owner allows goes.
    fn erase(&mut self, store: &Store) {
        let now = self.clock.now();
        let today = age::seoul_day(now.unix);
        if now.clock == crate::gate::Clock::Unknown || self.erased_on == Some(today) {
            return;
        }
        match store.erase_older_than(today - i64::from(self.keep_days), now.unix) {
            Ok(_) => self.erased_on = Some(today),
            Err(error) => tracing::error!(%error, "old entries could not be erased"),
        }
    }
}
