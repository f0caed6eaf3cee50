//! Fetches the repositories that are pinned with a URL, again and again, on a thread of its own that gives way to decisions.
//! What comes is stored; [`super::keep`] takes it from there.

mod network;
mod rhythm;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::event::{Event, at};
use crate::{
    backoff::jittered,
    clock::Clock,
    store::{Road, Store, StoreError},
    trust::{
        place::Place,
        problem::{Class, Problem},
        repository::Source,
        road::{self, Outcome},
    },
};
use rhythm::Rhythm;

/// How often the thread looks what is due.
const ROUND: Duration = Duration::from_secs(1);
/// After the start and after the network came back, the first look comes within about so long: many kiosks may have come
/// back together.
const SOON: Duration = Duration::from_secs(4);
/// How far the thread stands behind others that want the processor (nice(2)).
const NICE: i32 = 10;
/// How long the end waits for an update that runs; it is whole or not there at all.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// How long a shop may be without a network before staff are told, in seconds.
const PATIENCE: u64 = 3600;
/// How long a repository may not hold, in seconds.
const MOMENT: u64 = 120;

/// Told of every update.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// The running thread.
pub struct Roads {
    thread: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl Roads {
    /// Starts it, where anything is to be fetched by itself.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        every: Option<Duration>,
        store: watch::Receiver<Option<Store>>,
        clock: Arc<dyn Clock>,
        tell: Tell,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let fetcher = every.map(|every| Fetcher {
            every,
            store,
            clock,
            tell,
            stop: stop.clone(),
            planned: BTreeMap::new(),
            ways: network::ways(),
        });
        let start = |fetcher: Fetcher| {
            let thread = std::thread::Builder::new().name("roads".into());
            thread.spawn(move || fetcher.run())
        };
        let thread = fetcher.map(start).transpose()?;
        Ok(Self { thread, stop })
    }

    /// Ends it. An update that runs is not waited for for long.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        let end = Instant::now() + LAST_WAIT;
        let runs = || {
            self.thread
                .as_ref()
                .is_some_and(|thread| !thread.is_finished())
        };
        while runs() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// What staff are told when nothing new comes in: at once where somebody has to do something, and after a while where the
/// network or a server may well come back by itself. `now` in seconds since 1970.
#[must_use]
pub fn stuck(roads: &[Road], now: u64) -> Option<String> {
    let told = |road: &Road| {
        let problem = road.problem.as_ref()?;
        let patience = match problem.class {
            Class::Network | Class::Server => PATIENCE,
            // A file that is just being replaced.
            Class::Refused => MOMENT,
            _ => 0,
        };
        let since = road.worked_at.unwrap_or(road.accepted_at);
        let late = now.saturating_sub(since) >= patience;
        late.then(|| format!("{problem}. {}", problem.class.remedy()))
    };
    roads.iter().find_map(told)
}

struct Fetcher {
    every: Duration,
    store: watch::Receiver<Option<Store>>,
    clock: Arc<dyn Clock>,
    tell: Tell,
    stop: Arc<AtomicBool>,
    /// By anchor.
    planned: BTreeMap<String, Planned>,
    /// The ways out of this machine when it was looked last.
    ways: Vec<String>,
}

/// When to look next.
struct Planned {
    due: Instant,
    rhythm: Rhythm,
}

impl Fetcher {
    fn run(mut self) {
        // Everything that an update computes; only writing it is the store's.
        if let Err(error) = rustix::process::nice(NICE) {
            tracing::debug!(%error, "updates do not give way");
        }
        while !self.stopped() {
            if let Err(error) = self.round() {
                tracing::warn!(%error, "whom to trust could not be looked for");
            }
            std::thread::sleep(ROUND);
        }
    }

    fn round(&mut self) -> Result<(), StoreError> {
        let Some(store) = self.store.borrow().clone() else {
            return Ok(());
        };
        let roads = store.trust_roads()?;
        drop(store);
        let back = self.is_network_back();
        self.planned
            .retain(|anchor, _| roads.iter().any(|road| road.anchor == *anchor));
        for road in roads {
            let Ok(Place::Url(url)) = Place::parse(&road.location) else {
                continue;
            };
            let now = Instant::now();
            let planned = self
                .planned
                .entry(road.anchor.clone())
                .or_insert_with(|| Planned {
                    due: now + jittered(SOON),
                    rhythm: Rhythm::new(self.every),
                });
            if back && planned.rhythm.waits_for_network() {
                planned.due = planned.due.min(now + jittered(SOON));
            }
            if planned.due > now || self.stop.load(Ordering::Relaxed) {
                continue;
            }
            let source = Source::new(Place::Url(url)).floor(self.clock.floor());
            let result = self.fetch(&road, source)?;
            self.told(&road, &result);
            if let Some(planned) = self.planned.get_mut(&road.anchor) {
                let failed = result.err().map(|problem| problem.class);
                planned.due = Instant::now() + planned.rhythm.next(failed);
            }
        }
        Ok(())
    }

    fn fetch(&self, road: &Road, source: Source) -> Result<Result<Outcome, Problem>, StoreError> {
        // Not held while a server takes its time: the folder may have to be let go.
        let store = || self.store.borrow().clone();
        let snapshots = store().map(|store| store.load_trust()).transpose()?;
        let mut snapshots = snapshots.unwrap_or_default().into_iter();
        // Taken back meanwhile.
        let Some(old) = snapshots.find(|old| old.anchor == road.anchor) else {
            return Ok(Ok(Outcome::Unchanged));
        };
        let now = self.clock.unix_ms() / 1000;
        let fetched = road::fetch(&old, source, now);
        let Some(store) = store() else {
            return Ok(Ok(Outcome::Unchanged));
        };
        let result = fetched.and_then(|new| road::keep(&store, &old, &new));
        road::note(&store, &road.anchor, now, result.as_ref().err());
        Ok(result)
    }

    fn told(&self, road: &Road, result: &Result<Outcome, Problem>) {
        let (state, detail, class) = match result {
            Ok(outcome) => (outcome.name(), road.location.clone(), None),
            Err(problem) => ("failed", problem.to_string(), Some(problem.class)),
        };
        if let Some(class) = class {
            tracing::warn!(class = class.name(), detail, "trust was not updated");
        }
        (self.tell)(Event::Trust {
            state,
            detail,
            class,
            road: Some("network"),
            at: at(self.clock.unix_ms()),
        });
    }

    /// Whether a way out of this machine has come since the last look.
    fn is_network_back(&mut self) -> bool {
        let ways = network::ways();
        let new = ways.iter().any(|way| !self.ways.contains(way));
        self.ways = ways;
        new
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
