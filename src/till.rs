//! The till: tells the owner's till of every entry of a store, from the outbox of the [`crate::store`], at least once and
//! in order. Each way has a thread of its own; a door never waits for one.

mod notice;
mod socket;
mod webhook;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::{
    backoff::Backoff,
    config,
    store::{Store, StoreError, Waiting, Way},
};

/// How long to wait after a failure, at first and at last.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);
/// How often a thread looks for something to tell.
const ROUND: Duration = Duration::from_millis(250);
/// How long the end waits for a message that is on its way; afterwards it is told again by the next start.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// Is told how many entries wait, when that changes between none and some, or when the till could not be told.
pub type Tell = Arc<dyn Fn(u64) + Send + Sync>;

/// One way to reach the till.
trait Carrier: Send {
    /// Tells it of one entry; `Ok` when the till has it.
    fn deliver(&mut self, entry: &Waiting) -> Result<(), String>;

    /// Whether something happened for which a new attempt is worth while before its time.
    fn stirred(&mut self) -> bool {
        false
    }
}

/// The running threads.
pub struct Till {
    threads: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl Till {
    /// Starts a thread for each way that is set.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        till: &config::Till,
        store: &watch::Receiver<Option<Store>>,
        tell: Tell,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let some = Arc::new(Mutex::new(false));
        let mut threads = Vec::new();
        for way in till.ways() {
            let carrier: Box<dyn Carrier> = match way {
                Way::Url => Box::new(webhook::Webhook::new(till)),
                Way::Socket => Box::new(socket::Socket::new(till)),
            };
            let courier = Courier {
                way,
                carrier,
                store: store.clone(),
                tell: tell.clone(),
                some: some.clone(),
                stop: stop.clone(),
            };
            let thread = std::thread::Builder::new().name(format!("till-{}", way.name()));
            threads.push(thread.spawn(move || courier.run())?);
        }
        Ok(Self { threads, stop })
    }

    /// Ends the threads. One that waits for the till's answer is not waited for for long.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        let end = Instant::now() + LAST_WAIT;
        while self.threads.iter().any(|thread| !thread.is_finished()) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Carries one queue, the first entry first.
struct Courier {
    way: Way,
    carrier: Box<dyn Carrier>,
    store: watch::Receiver<Option<Store>>,
    tell: Tell,
    /// Whether entries were waiting when that was told last.
    some: Arc<Mutex<bool>>,
    stop: Arc<AtomicBool>,
}

impl Courier {
    fn run(mut self) {
        let mut backoff = Backoff::new(FIRST, LONGEST);
        while !self.stopped() {
            match self.next() {
                Ok(true) => backoff = Backoff::new(FIRST, LONGEST),
                Ok(false) => {
                    let _ = self.carrier.stirred();
                    std::thread::sleep(ROUND);
                }
                Err(problem) => {
                    let wait = backoff.next();
                    tracing::warn!(
                        way = self.way.name(),
                        problem,
                        again_in_seconds = wait.as_secs_f32(),
                        "the till was not told"
                    );
                    self.report(true);
                    self.wait(wait);
                }
            }
        }
    }

    /// Tells one entry; `false` when there is none.
    fn next(&mut self) -> Result<bool, String> {
        let failed = |error: StoreError| error.to_string();
        // Not held while the till takes its time: the folder may have to be let go.
        let store = || self.store.borrow().clone();
        let Some(entry) = store()
            .map(|store| store.outbox_first(self.way))
            .transpose()
            .map_err(failed)?
            .flatten()
        else {
            return Ok(false);
        };
        self.report(false);
        self.carrier.deliver(&entry)?;
        store()
            .map(|store| store.outbox_told(self.way, &entry))
            .transpose()
            .map_err(failed)?;
        self.report(false);
        Ok(true)
    }

    fn report(&self, failed: bool) {
        let Some(store) = self.store.borrow().clone() else {
            return;
        };
        let Ok(backlog) = store.outbox_backlog() else {
            return;
        };
        let mut some = self.some.lock().unwrap_or_else(PoisonError::into_inner);
        if failed || *some != (backlog.waiting > 0) {
            *some = backlog.waiting > 0;
            (self.tell)(backlog.waiting);
        }
    }

    fn wait(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while !self.stopped() && Instant::now() < end && !self.carrier.stirred() {
            std::thread::sleep(ROUND.min(end.saturating_duration_since(Instant::now())));
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
