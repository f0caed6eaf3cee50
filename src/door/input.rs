//! What a door tells: a contact is a circuit that is open or closed. Each input has a thread of its own, which opens it
//! again when it is lost and never spins.

pub mod gpio;
pub mod simulated;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use super::DoorError;
use crate::config::{self, InputDriver};

/// How often an input is asked whether it is still there while nothing changes.
const ALIVE: Duration = Duration::from_millis(250);
/// The first pause before a lost input is opened again; it doubles up to [`LAST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LAST_PAUSE: Duration = Duration::from_secs(2);
/// An input that was there for less is not back yet: the pause goes on growing.
const STEADY: Duration = Duration::from_secs(10);
/// How long the end waits for the thread.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// What flows through a contact. Loops are closed at rest, so that a cut wire is told as open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// No current.
    Open,
    /// The contact is made.
    Closed,
}

impl Circuit {
    /// The name in events and in the file of a simulated contact.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// One input. Lives on a thread of its own.
pub trait Input: Send {
    /// What staff read: the chip and its line.
    fn name(&self) -> String;

    /// How it is now.
    ///
    /// # Errors
    /// When it is gone.
    fn circuit(&mut self) -> Result<Circuit, DoorError>;

    /// Waits for the next change, at most for `patience`; `None` when there was none.
    ///
    /// # Errors
    /// When it is gone.
    fn change(&mut self, patience: Duration) -> Result<Option<Circuit>, DoorError>;
}

/// What an input told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputEvent {
    /// It is there: at the start, or again after it was lost. Its name, and how it is.
    Ready(String, Circuit),
    /// It has changed.
    Changed(Circuit),
    /// It is gone; it is tried again with back-off. Why.
    Lost(String),
}

/// Opens the input anew: at the start and after it was lost.
pub type Opener = Box<dyn FnMut() -> Result<Box<dyn Input>, DoorError> + Send>;

/// Is told of everything, and when it happened.
pub type Tell = Box<dyn Fn(InputEvent, Instant) + Send>;

/// How a configured input is opened, at the start and after it was lost.
#[must_use]
pub fn opener(config: &config::Input) -> Opener {
    let config = config.clone();
    Box::new(move || {
        Ok(match config.driver {
            InputDriver::Gpio => Box::new(gpio::Line::open(&config)?),
            InputDriver::Simulated => Box::new(simulated::File::open(&config.path)?),
        })
    })
}

/// A handle to the thread of an input. Dropping it ends the thread.
#[derive(Debug)]
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Starts the thread: opens the input, and goes on trying while it is missing.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(opener: Opener, tell: Tell) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut thread = Thread {
            opener,
            tell,
            stop: stop.clone(),
            told: None,
        };
        let thread = std::thread::Builder::new()
            .name("input".into())
            .spawn(move || thread.run())?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else {
            return;
        };
        // A driver can block: the process must end all the same.
        let end = Instant::now() + LAST_WAIT;
        while !thread.is_finished() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

struct Thread {
    opener: Opener,
    tell: Tell,
    stop: Arc<AtomicBool>,
    /// The last trouble that was told: an input that stays away is told once.
    told: Option<String>,
}

impl Thread {
    fn run(&mut self) {
        let mut pause = FIRST_PAUSE;
        while !self.stopped() {
            let begin = Instant::now();
            let problem = match (self.opener)() {
                Ok(mut input) => self.follow(&mut *input),
                Err(error) => Some(error),
            };
            let Some(problem) = problem.map(|error| error.to_string()) else {
                return;
            };
            if self.told.as_ref() != Some(&problem) {
                self.told = Some(problem.clone());
                (self.tell)(InputEvent::Lost(problem), Instant::now());
            }
            if begin.elapsed() >= STEADY {
                pause = FIRST_PAUSE;
            }
            self.wait(pause);
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Tells every change until the input is lost: why, or `None` when the thread shall end.
    fn follow(&mut self, input: &mut dyn Input) -> Option<DoorError> {
        let mut last = match input.circuit() {
            Ok(circuit) => circuit,
            Err(error) => return Some(error),
        };
        self.told = None;
        (self.tell)(InputEvent::Ready(input.name(), last), Instant::now());
        while !self.stopped() {
            // Where nothing is told, it is asked: what was missed is made good, and what is gone is found out.
            let now = match input.change(ALIVE) {
                Ok(Some(circuit)) => Ok(circuit),
                Ok(None) => input.circuit(),
                Err(error) => Err(error),
            };
            match now {
                Ok(circuit) if circuit == last => {}
                Ok(circuit) => {
                    last = circuit;
                    (self.tell)(InputEvent::Changed(circuit), Instant::now());
                }
                Err(error) => return Some(error),
            }
        }
        None
    }

    fn wait(&self, pause: Duration) {
        let end = Instant::now() + pause;
        while !self.stopped() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(50).min(pause));
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
