//! The room behind the door while the kiosk runs: hands contacts and time to [`gate::Room`], keeps what it says for the
//! next start, and tells everybody.

use std::{
    sync::{Arc, mpsc},
    time::Instant,
};

use tokio::sync::broadcast;

use super::{
    contacts::Told,
    event::{Event, at},
};
use crate::{
    clock::Clock,
    door::{Circuit, InputEvent},
    gate::{
        self,
        room::{Contact, Rules, State, Status},
    },
    store::{KeptRoom, Outcome, Store, Vacancy},
};

/// The room, if the door has one for one visit at a time.
pub struct Room {
    rules: Option<Rules>,
    room: Option<gate::Room>,
    contacts: mpsc::Receiver<Told>,
    events: broadcast::Sender<Event>,
    clock: Arc<dyn Clock>,
    /// Zero of the room's clock, and what it says then: milliseconds since 1970, but it never goes back.
    zero: (Instant, u64),
    /// What was told last.
    told: Option<Status>,
    /// What the database has.
    kept: Option<(State, Option<u64>)>,
}

impl Room {
    /// Knows nothing before the first [`Room::tick`].
    #[must_use]
    pub fn new(
        rules: Option<Rules>,
        contacts: mpsc::Receiver<Told>,
        events: broadcast::Sender<Event>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            rules,
            room: None,
            contacts,
            events,
            zero: (Instant::now(), clock.unix_ms()),
            clock,
            told: None,
            kept: None,
        }
    }

    /// Time goes by, and contacts told something.
    pub fn tick(&mut self, store: Option<&Store>, now: Instant) {
        let Some(rules) = self.rules else {
            while self.contacts.try_recv().is_ok() {}
            return;
        };
        if self.room.is_none() {
            // A room that was in use when the program ended is asked for once; without a database nothing is known.
            self.room = Some(self.restored(rules, store, now));
        }
        while let Ok(told) = self.contacts.try_recv() {
            let seen = match &told.event {
                InputEvent::Ready(_, circuit) | InputEvent::Changed(circuit) => {
                    Some(contact(*circuit))
                }
                InputEvent::Lost(_) => None,
            };
            let at = self.ms(told.at);
            if let (true, Some(room)) = (told.which == rules.watched, &mut self.room) {
                room.contact(seen, at);
                // Each step is told, however fast they follow one another.
                self.tell(store, now);
            }
        }
        let ms = self.ms(now);
        if let Some(room) = &mut self.room {
            room.tick(ms);
        }
        self.tell(store, now);
    }

    /// How the room is when somebody asks to come in; `None` where visits are not counted.
    #[must_use]
    pub fn vacancy(&self) -> Option<Vacancy> {
        let room = self.room.as_ref()?;
        Some(if room.status().state.admits() {
            Vacancy::Vacant
        } else {
            Vacancy::Taken
        })
    }

    /// Somebody was let in by this entry, which kept the room as awaiting them.
    pub fn granted(&mut self, store: Option<&Store>, seq: Option<u64>) {
        let ms = self.ms(Instant::now());
        if let Some(room) = &mut self.room {
            room.granted(seq, ms);
            self.kept = Some((State::Entering, seq));
        }
        self.tell(store, Instant::now());
    }

    /// The lock did not open for them after all.
    pub fn failed(&mut self, store: Option<&Store>) {
        let ms = self.ms(Instant::now());
        if let Some(room) = &mut self.room {
            room.failed(ms);
        }
        self.tell(store, Instant::now());
    }

    /// Staff say that it is free.
    pub fn cleared(&mut self, store: Option<&Store>, who: &str) {
        let ms = self.ms(Instant::now());
        let Some(room) = &mut self.room else {
            return;
        };
        room.cleared(ms);
        if let Some(store) = store {
            store.room_cleared(who, self.clock.unix_ms() / 1000);
        }
        self.tell(store, Instant::now());
    }

    fn restored(&mut self, rules: Rules, store: Option<&Store>, now: Instant) -> gate::Room {
        let ms = self.ms(now);
        let room = gate::Room::new(rules, ms);
        let kept = match store.map(Store::room) {
            Some(Ok(kept)) => kept,
            Some(Err(error)) => {
                tracing::error!(%error, "how the room was could not be read");
                None
            }
            None => None,
        };
        let Some(KeptRoom {
            state,
            since_ms,
            seq,
        }) = kept
        else {
            return room;
        };
        self.kept = Some((state, seq));
        let ago = self.clock.unix_ms().saturating_sub(since_ms);
        room.restored(state, ms.saturating_sub(ago), seq)
    }

    /// Tells and keeps what has changed.
    fn tell(&mut self, store: Option<&Store>, now: Instant) {
        let Some(status) = self.room.as_ref().map(gate::Room::status) else {
            return;
        };
        let Status {
            state, since, seq, ..
        } = status;
        let (ms, unix_ms) = (self.ms(now), self.clock.unix_ms());
        let wall = |time: u64| unix_ms.saturating_sub(ms.saturating_sub(time));
        if self.told != Some(status) {
            self.told = Some(status);
            let left = status.until.map(|until| until.saturating_sub(ms) / 1000);
            let _ = self.events.send(Event::Room {
                state,
                since: since.map(|since| at(wall(since))),
                left_seconds: left,
                seq,
                at: at(unix_ms),
            });
        }
        let Some(store) = store.filter(|_| self.kept != Some((state, seq))) else {
            return;
        };
        self.kept = Some((state, seq));
        store.keep_room(KeptRoom {
            state,
            since_ms: since.map_or(unix_ms, wall),
            seq,
        });
        if let (State::Overstayed, Some(seq)) = (state, seq) {
            store.outcome(seq, Outcome::Overstayed, unix_ms);
        }
    }

    fn ms(&self, at: Instant) -> u64 {
        let (zero, start) = self.zero;
        let passed = at.saturating_duration_since(zero).as_millis();
        start.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX))
    }
}

const fn contact(circuit: Circuit) -> Contact {
    match circuit {
        Circuit::Open => Contact::Open,
        Circuit::Closed => Contact::Closed,
    }
}
