//! The contacts of the door: a thread for each, events for everybody, a fault while one is lost.

use std::{
    collections::BTreeMap,
    sync::{Arc, mpsc},
    time::Instant,
};

use tokio::sync::broadcast;

use super::{
    event::{Event, Part, at},
    keep::Keep,
};
use crate::{
    clock::Clock,
    config,
    door::{InputEvent, Watch, input},
    gate::room::Watched,
};

/// What one contact told, and when.
#[derive(Debug, Clone)]
pub struct Told {
    /// Which contact.
    pub which: Watched,
    /// What.
    pub event: InputEvent,
    /// When it was seen.
    pub at: Instant,
}

/// The running threads.
pub struct Contacts {
    threads: Vec<Watch>,
    told: mpsc::Receiver<Told>,
    /// What is wrong with each that is lost.
    lost: BTreeMap<Watched, String>,
}

impl Contacts {
    /// Starts a thread for each contact that is set. The receiver gets the same: decisions do not wait for anything else.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        door: &config::Door,
        events: &broadcast::Sender<Event>,
        clock: &Arc<dyn Clock>,
    ) -> std::io::Result<(Self, mpsc::Receiver<Told>)> {
        let (sender, told) = mpsc::channel();
        let (to_decisions, decisions) = mpsc::channel();
        let mut threads = Vec::new();
        for (which, config) in door.contacts() {
            let (sender, to_decisions) = (sender.clone(), to_decisions.clone());
            let (events, clock) = (events.clone(), clock.clone());
            let tell: input::Tell = Box::new(move |event, seen| {
                let _ = events.send(event_of(which, &event, &*clock));
                let told = Told {
                    which,
                    event,
                    at: seen,
                };
                let _ = to_decisions.send(told.clone());
                let _ = sender.send(told);
            });
            threads.push(Watch::start(input::opener(config), tell)?);
        }
        let contacts = Self {
            threads,
            told,
            lost: BTreeMap::new(),
        };
        Ok((contacts, decisions))
    }

    /// Tells of contacts that were lost or came back.
    pub fn look(&mut self, keep: &mut Keep) {
        while let Ok(told) = self.told.try_recv() {
            let changed = match told.event {
                InputEvent::Lost(problem) => {
                    self.lost.insert(told.which, problem);
                    true
                }
                InputEvent::Ready(..) => self.lost.remove(&told.which).is_some(),
                InputEvent::Changed(_) => false,
            };
            if changed {
                match self.lost.iter().next() {
                    Some((which, problem)) => keep.fails(
                        Part::Contact,
                        &format!(
                            "the contact of the {}: {problem}; check its wires, then run munjigi doctor",
                            which.name()
                        ),
                    ),
                    None => keep.works(Part::Contact),
                }
            }
        }
    }

    /// Ends the threads.
    pub fn stop(self) {
        drop(self.threads);
    }
}

fn event_of(which: Watched, event: &InputEvent, clock: &dyn Clock) -> Event {
    let (state, detail) = match event {
        InputEvent::Ready(name, circuit) => (circuit.name(), name.clone()),
        InputEvent::Changed(circuit) => (circuit.name(), String::new()),
        InputEvent::Lost(problem) => ("lost", problem.clone()),
    };
    Event::Contact {
        contact: which,
        state,
        detail,
        at: at(clock.unix_ms()),
    }
}
