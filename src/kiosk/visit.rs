//! A visit: the texts of one frame become a committed decision and, when granted, an order to the relay.

use std::{
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use tokio::sync::{broadcast, watch};

use super::{
    challenge::Challenges,
    command::Command,
    event::{Event, Millis, at},
    room::Room,
};
use crate::{
    clock::Clock,
    door::Pulse,
    gate::{
        Admission, Judgement, Policy,
        access::Pace,
        judge_among,
        presence::{Presence, Sight},
    },
    pass::{Formats, Reason, Verdict},
    scan::{Found, Hint},
    store::{EntryKind, NewEntry, Notice, Outcome, Store, Way},
    trust::Trust,
};

/// How long a visitor waits for the row to be on disk; then it is `log_failed`.
pub const COMMIT_PATIENCE: Duration = Duration::from_millis(300);
/// How long the relay may take to accept an order; then it is `door_failed`.
pub const DOOR_PATIENCE: Duration = Duration::from_millis(500);

/// What decisions are made with. Store and trust come and go while the kiosk runs.
pub struct Visits {
    /// The rules of the door.
    pub policy: Policy,
    /// How long the lock stays released.
    pub unlock: Duration,
    /// The data folder, when it is there.
    pub store: watch::Receiver<Option<Store>>,
    /// Whom to trust.
    pub trust: watch::Receiver<Arc<Trust>>,
    /// Which passes are taken.
    pub formats: watch::Receiver<Arc<Formats>>,
    /// The relay.
    pub door: Arc<Pulse>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where events go.
    pub events: broadcast::Sender<Event>,
    /// How the till is told of a store's entries.
    pub ways: Vec<Way>,
    /// What is asked of phones with a wrong clock.
    pub challenges: Challenges,
    /// The room behind the door.
    pub room: Room,
    /// What is asked of the kiosk beside passes.
    pub commands: mpsc::Receiver<Command>,
    /// How often somebody without a pass is listened to.
    pub pace: Pace,
    /// Who is in view.
    pub presence: Presence,
    /// When this run began: the zero of `presence`.
    pub started: Instant,
}

impl Visits {
    /// Handles what was read from one frame that was handed to the scanner at `handed`. Gives a hint when nothing of it
    /// is a pass, or all was decided before: the decision is told once, and the code may stay in view for long.
    pub fn see(&mut self, found: &[Found], handed: Instant) -> Option<Hint> {
        if found.is_empty() {
            return None;
        }
        let scanned = Instant::now();
        let trust = self.trust.borrow().clone();
        let formats = self.formats.borrow().clone();
        let now = self.clock.now();
        let nonce = self.challenges.nonce(scanned);
        let mut judged: Vec<(Judgement, &Found)> = found
            .iter()
            .map(|code| {
                let text = &code.text;
                let judgement = judge_among(&formats, text, &trust, &self.policy, now, nonce);
                (judgement, code)
            })
            .collect();
        judged.sort_by_key(|(judgement, _)| rank(judgement.reason));
        let verified = Instant::now();

        let mut welcome = false;
        let mut decided = false;
        for (judgement, code) in &judged {
            // Beside a pass that opens, whatever else is in view is not worth a word.
            if welcome && judgement.reason != Reason::Granted {
                break;
            }
            match self
                .presence
                .sight(judgement, &code.text, self.since_start())
            {
                Sight::Known => {}
                Sight::Admitted => {
                    welcome = true;
                    if let (Some(admission), Some(store)) = (
                        Admission::of(judgement, now.unix),
                        self.store.borrow().as_ref(),
                    ) {
                        store.remember(admission);
                    }
                }
                Sight::New => {
                    decided = true;
                    let steps = Steps {
                        handed,
                        scanned,
                        verified,
                    };
                    let kind = judgement.kind.map(EntryKind::from);
                    let reason = self.decide(judgement, kind, now.unix, &steps);
                    self.answer(judgement, reason);
                    // The time is taken anew: a slow disk must not look like a phone that was gone.
                    let decided_at = self.since_start();
                    self.presence
                        .decided(judgement, &code.text, reason, decided_at);
                    break;
                }
            }
        }
        match judged.first() {
            Some((best, _)) if best.reason == Reason::NotAPass => Some(Hint::NotAPass),
            // Who is asked for an answer is not sent away.
            Some((best, _))
                if best.pass.is_some()
                    && !decided
                    && !best.wants_challenge(self.policy.service) =>
            {
                Some(Hint::Done)
            }
            _ => None,
        }
    }

    /// Time goes by, with or without anything to see.
    pub fn tick(&mut self, now: Instant) {
        let _ = self.challenges.nonce(now);
        let store = self.store.borrow().clone();
        self.room.tick(store.as_ref(), now);
        self.obey();
    }

    /// What a decision means for the challenge.
    fn answer(&mut self, judgement: &Judgement, reason: Reason) {
        if reason == Reason::Granted {
            self.challenges.end();
        } else if reason == judgement.reason && judgement.wants_challenge(self.policy.service) {
            self.challenges.ask(Instant::now());
        }
    }

    /// Milliseconds since this run began.
    pub(super) fn since_start(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// What the till is to be told; nothing where there is none.
    fn notice(&self, judgement: &Judgement) -> Option<Notice> {
        let reference = judgement.reference.filter(|_| !self.ways.is_empty())?;
        Some(Notice {
            reference,
            ways: self.ways.clone(),
        })
    }

    /// Records the decision, moves the door when it is granted, and tells.
    pub(super) fn decide(
        &mut self,
        judgement: &Judgement,
        kind: Option<EntryKind>,
        now: u64,
        steps: &Steps,
    ) -> Reason {
        let store = self.store.borrow().clone();
        self.room.tick(store.as_ref(), Instant::now());
        let at_ms = self.clock.unix_ms();
        let entry = NewEntry {
            reason: judgement.reason,
            admission: Admission::of(judgement, now),
            pass: judgement.pass.as_ref().map(|pass| pass.number.clone()),
            issuer: judgement.issuer.clone(),
            service: self.policy.service,
            kind,
            room: self.room.vacancy(),
            notice: self.notice(judgement),
            at_ms,
        };
        let recorded = match &store {
            Some(store) => store
                .record(entry, &self.policy, COMMIT_PATIENCE)
                .inspect_err(|error| {
                    tracing::error!(%error, "a decision could not be recorded");
                })
                .ok(),
            None => None,
        };
        let committed = Instant::now();
        let seq = recorded.map(|row| row.seq);
        let reason = recorded.map_or(Reason::LogFailed, |row| row.reason);
        let granted = reason.verdict() == Verdict::Granted;

        if granted {
            self.room.granted(store.as_ref(), seq);
        }
        let opened = granted.then(|| self.door.open(self.unlock, DOOR_PATIENCE));
        let done = Instant::now();
        let ms = |from: Instant, to: Instant| to.duration_since(from).as_secs_f64() * 1000.0;
        let _ = self.events.send(Event::Entry {
            seq,
            verdict: reason.verdict(),
            reason,
            pass: judgement.pass.as_ref().map(|pass| pass.number.clone()),
            issuer: judgement.issuer.clone(),
            service: self.policy.service,
            kind,
            at: at(at_ms),
            ms: Millis {
                scan: ms(steps.handed, steps.scanned),
                verify: ms(steps.scanned, steps.verified),
                commit: ms(steps.verified, committed),
                door: ms(committed, done),
                total: ms(steps.handed, done),
            },
            // A door that did not open is never announced as open.
            open_seconds: if matches!(opened, Some(Ok(()))) {
                self.unlock.as_secs()
            } else {
                0
            },
        });
        if let (Some(opened), Some(store), Some(seq)) = (opened, store, seq) {
            if opened.is_err() {
                self.room.failed(Some(&store));
            }
            let now_ms = self.clock.unix_ms();
            let (state, detail, outcome) = match opened {
                Ok(()) => ("opened", String::new(), Outcome::Opened),
                Err(error) => (
                    "failed",
                    error.to_string(),
                    Outcome::Failed(error.to_string()),
                ),
            };
            store.outcome(seq, outcome, now_ms);
            let _ = self.events.send(Event::Door {
                state,
                seq: Some(seq),
                detail,
                at: at(now_ms),
            });
        }
        reason
    }
}

/// When each step of a visit was done.
pub(super) struct Steps {
    pub(super) handed: Instant,
    pub(super) scanned: Instant,
    pub(super) verified: Instant,
}

/// With several codes in view the one that opens wins, then whatever is a pass, then somebody's other QR.
fn rank(reason: Reason) -> u8 {
    match reason {
        Reason::Granted => 0,
        Reason::NotAPass => 3,
        Reason::Malformed => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::SystemClock, config, door, pass::Service};

    #[test]
    fn only_where_nothing_is_a_pass_that_is_said() {
        let (told, _) = std::sync::mpsc::channel();
        let relay = door::opener(&config::Door::default());
        let events = broadcast::channel(16).0;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let mut visits = Visits {
            room: Room::new(None, mpsc::channel().1, events.clone(), clock.clone()),
            commands: mpsc::channel().1,
            pace: Pace::new(1_000),
            policy: Policy::new(Service::Entry),
            unlock: Duration::from_secs(1),
            store: watch::channel(None).1,
            trust: watch::channel(Arc::default()).1,
            formats: watch::channel(Arc::default()).1,
            door: Arc::new(Pulse::start(relay, Duration::from_secs(1), told)),
            clock,
            ways: Vec::new(),
            challenges: Challenges::new("E".parse().unwrap(), events.clone()),
            events,
            presence: Presence::new(),
            started: Instant::now(),
        };
        let (menu, broken) = ("https://example.org/menu", "MJ1:BROKEN");
        for (texts, expected) in [
            (vec![], None),
            (vec![menu], Some(Hint::NotAPass)),
            // In view for longer: it was decided, and the screen has to say something.
            (vec![menu], Some(Hint::NotAPass)),
            (vec![broken], None),
            (vec![menu, broken], None),
        ] {
            let found: Vec<Found> = texts
                .iter()
                .map(|text| Found {
                    text: text.as_bytes().to_vec(),
                    corners: [[0.0; 2]; 4],
                })
                .collect();
            assert_eq!(visits.see(&found, Instant::now()), expected, "{texts:?}");
        }
    }
}
