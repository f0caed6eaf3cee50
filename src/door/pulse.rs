//! The pulse thread: owns the output, times every pulse, lets the lock fall whatever else happens.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use super::{Door, DoorError};

/// How often an output is asked whether it is still there, also while the lock is released. More often than a plug can
/// be pulled and put in again: as long as the dead port is held, the new one gets another number (`/dev/ttyUSB1`).
const ALIVE: Duration = Duration::from_millis(250);
/// The first pause before a lost output is opened again; it doubles up to [`LAST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LAST_PAUSE: Duration = Duration::from_secs(2);
/// How long the end of the process waits for the last OFF.
const LAST_OFF: Duration = Duration::from_secs(2);

/// What the output did by itself or was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoorEvent {
    /// The board answers: at the start, or again after it was lost. OFF was sent.
    Ready(String),
    /// The lock fell after a pulse.
    Closed,
    /// The board is gone; it is tried again with back-off.
    Lost(String),
}

/// Opens the output anew: at the start and after it was lost.
pub type Opener = Box<dyn FnMut() -> Result<Box<dyn Door>, DoorError> + Send>;

/// An order to open, and where the answer goes.
struct Order {
    time: Duration,
    /// Nobody waits for the answer after this; an order that comes too late must not open a door for a visitor who was
    /// told that it failed.
    valid_until: Instant,
    answer: Sender<Result<(), DoorError>>,
}

/// A handle to the pulse thread. Dropping it sends OFF and ends the thread.
pub struct Pulse {
    orders: Option<Sender<Order>>,
    ended: Mutex<Receiver<()>>,
    thread: Option<JoinHandle<()>>,
    beats: Arc<AtomicU64>,
}

impl Pulse {
    /// Starts the thread: opens the output, sends OFF, and goes on trying while it is missing.
    ///
    /// No pulse is ever longer than `longest`. `events` gets what happens; it is dropped when the thread ends.
    #[must_use]
    pub fn start(opener: Opener, longest: Duration, events: mpsc::Sender<DoorEvent>) -> Self {
        let (orders, received) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let beats = Arc::new(AtomicU64::new(0));
        let beating = beats.clone();
        let spawned = std::thread::Builder::new()
            .name("door".into())
            .spawn(move || {
                let mut thread = Thread {
                    opener,
                    longest,
                    events,
                    output: Output::Missing(Missing::first()),
                    told: None,
                    beats: beating,
                };
                thread.run(&received);
                let _ = end.send(());
            });
        if let Err(error) = &spawned {
            // Every order is then answered with `Gone`.
            tracing::error!(%error, "the door has no thread");
        }
        Self {
            orders: Some(orders),
            ended: Mutex::new(ended),
            thread: spawned.ok(),
            beats,
        }
    }

    /// A number that rises at least every two seconds as long as the thread does its work.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.beats.load(Ordering::Relaxed)
    }

    /// Opens the door for this long (never longer than the longest pulse) and returns when the board has taken the
    /// order, or after `patience`. A door that is open stays open for the longer of both times; where that would be
    /// longer than the longest pulse, the lock falls for a moment and a new pulse begins.
    ///
    /// # Errors
    /// [`DoorError`] when the board did not take it.
    pub fn open(&self, time: Duration, patience: Duration) -> Result<(), DoorError> {
        let (answer, answered) = mpsc::channel();
        let order = Order {
            time,
            valid_until: Instant::now() + patience,
            answer,
        };
        let sent = self
            .orders
            .as_ref()
            .is_some_and(|orders| orders.send(order).is_ok());
        if !sent {
            return Err(DoorError::Gone);
        }
        answered
            .recv_timeout(patience)
            .unwrap_or(Err(DoorError::Gone))
    }

    /// Sends OFF, waits for it, and ends the thread.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        drop(self.orders.take());
        // A port whose plug was pulled can block: the process must end all the same.
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        if ended.recv_timeout(LAST_OFF) != Err(RecvTimeoutError::Timeout)
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

/// The output as the thread knows it.
enum Output {
    There {
        door: Box<dyn Door>,
        /// When the lock falls, while it is released; and when that pulse began.
        open: Option<(Instant, Instant)>,
    },
    Missing(Missing),
}

/// When a missing output is tried again.
struct Missing {
    next: Instant,
    pause: Duration,
}

impl Missing {
    fn first() -> Self {
        Self {
            next: Instant::now(),
            pause: FIRST_PAUSE,
        }
    }
}

struct Thread {
    opener: Opener,
    longest: Duration,
    events: mpsc::Sender<DoorEvent>,
    output: Output,
    /// The last trouble that was told: a board that stays away is told once.
    told: Option<String>,
    beats: Arc<AtomicU64>,
}

impl Thread {
    fn run(&mut self, orders: &Receiver<Order>) {
        loop {
            let _ = self.beats.fetch_add(1, Ordering::Relaxed);
            let soon = Instant::now() + ALIVE;
            let wake = match &self.output {
                Output::There {
                    open: Some((until, _)),
                    ..
                } => (*until).min(soon),
                Output::There { open: None, .. } => soon,
                Output::Missing(missing) => missing.next.min(soon),
            };
            match orders.recv_timeout(wake.saturating_duration_since(Instant::now())) {
                Ok(order) => {
                    let was_open = self.is_open();
                    let answer = if Instant::now() < order.valid_until {
                        self.open(order.time)
                    } else {
                        Err(DoorError::Gone)
                    };
                    let opened = answer.is_ok();
                    // The board took the order too late: the visitor was told that the door does not open.
                    if order.answer.send(answer).is_err() && opened && !was_open {
                        self.fall();
                    }
                    // A stream of orders must not keep the lock from falling.
                    self.due();
                }
                Err(RecvTimeoutError::Timeout) => self.due(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Output::There { door, .. } = &mut self.output
            && let Err(error) = door.off()
        {
            tracing::error!(%error, "the last OFF failed");
        }
    }

    /// Whatever is due now: the lock falls, an idle board is asked, a missing one is opened.
    fn due(&mut self) {
        let now = Instant::now();
        match &mut self.output {
            Output::There {
                door,
                open: Some((until, _)),
            } if now >= *until => self.fall(),
            // In a pulse too: a board that came back must get its OFF at once, not after the pulse.
            Output::There { door, .. } => {
                let done = door.alive();
                self.output_after(done, false);
            }
            Output::Missing(missing) if now >= missing.next => {
                let pause = missing.pause;
                match (self.opener)().and_then(|mut door| door.off().map(|()| door)) {
                    Ok(door) => {
                        self.told = None;
                        let _ = self.events.send(DoorEvent::Ready(door.name()));
                        self.output = Output::There { door, open: None };
                    }
                    Err(error) => {
                        self.tell_lost(&error);
                        self.output = Output::Missing(Missing {
                            next: now + pause,
                            pause: (pause * 2).min(LAST_PAUSE),
                        });
                    }
                }
            }
            Output::Missing(_) => {}
        }
    }

    /// Releases the lock, or keeps it released: never beyond the longest pulse since it was first released.
    fn open(&mut self, time: Duration) -> Result<(), DoorError> {
        let Output::There { door, open } = &mut self.output else {
            return Err(DoorError::Gone);
        };
        let now = Instant::now();
        let time = time.min(self.longest);
        let (mut until, mut began) = open.unwrap_or((now, now));
        if now + time > began + self.longest {
            // Everybody gets the whole time, and no pulse is longer than the longest: a new one begins.
            let done = door.off();
            if let Err(error) = done {
                self.output_after(Err(error.clone()), false);
                return Err(error);
            }
            (until, began) = (now, now);
            *open = None;
        }
        // A second visitor's order is sent too: each admission has its own ON, and the board may have missed the first.
        // Without an answer nobody knows whether half an order moved the relay: the lock is let fall below.
        let done = door.on();
        if let Err(error) = done {
            let _ = door.off();
            self.output_after(Err(error.clone()), false);
            return Err(error);
        }
        *open = Some((until.max(now + time), began));
        Ok(())
    }

    fn is_open(&self) -> bool {
        matches!(&self.output, Output::There { open: Some(_), .. })
    }

    /// Lets the lock fall now.
    fn fall(&mut self) {
        if let Output::There { door, .. } = &mut self.output {
            let done = door.off();
            self.output_after(done, true);
        }
    }

    fn output_after(&mut self, done: Result<(), DoorError>, closes: bool) {
        match (done, &mut self.output) {
            (Ok(()), Output::There { open, .. }) if closes => {
                *open = None;
                let _ = self.events.send(DoorEvent::Closed);
            }
            (Ok(()), _) => {}
            (Err(error), _) => {
                self.tell_lost(&error);
                self.output = Output::Missing(Missing::first());
            }
        }
    }

    fn tell_lost(&mut self, error: &DoorError) {
        let problem = error.to_string();
        if self.told.as_ref() != Some(&problem) {
            self.told = Some(problem.clone());
            let _ = self.events.send(DoorEvent::Lost(problem));
        }
    }
}

#[cfg(test)]
mod tests;
