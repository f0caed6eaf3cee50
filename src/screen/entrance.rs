//! The entrance: what a visitor sees. The state machine knows no clock: every change is told when it happens.

mod challenge;
mod idle;
mod notice;
mod result;
mod room;
mod sentence;
mod shown;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use challenge::Asked;
use iced::{Element, Size, Subscription, widget::image};
pub use idle::PREVIEW;
use shown::Phase;
pub use shown::{Outcome, Shown};

use super::{
    Cue,
    code::Code,
    outline::{Corners, in_preview},
    room::Seen,
};
use crate::{
    camera::preview::Preview,
    config::{DoorKind, Language, Screen, Shop},
    gate::Access,
    kiosk::event::{Event, Part, StickState},
    pass::Verdict,
    scan::Hint,
    store::EntryKind,
    text::{self, Words},
    theme::Scale,
};

/// How long a result stays.
const RESULT: Duration = Duration::from_secs(3);
/// How long the longest one stays, however long the door is open.
const LONGEST: Duration = Duration::from_secs(10);
/// How long a code counts as in view after it was last seen.
const READING: Duration = Duration::from_millis(700);
/// How long the page with the telephone number stays.
const CALL: Duration = Duration::from_secs(30);
/// How long the clock is held to reach the staff pages.
const HOLD: Duration = Duration::from_secs(2);
/// When nobody has touched the screen for so long, it speaks the shop's language again.
const FORGET: Duration = Duration::from_secs(60);
/// How long what is said of a stick stays, while it is read (longer than that may take) and afterwards.
const STICK: (Duration, Duration) = (Duration::from_secs(200), Duration::from_secs(20));

/// What a visitor or the kiosk does.
#[derive(Debug, Clone)]
pub enum Message {
    /// The kiosk says something.
    Event(Event),
    /// A picture for the idle page.
    Preview(Arc<Preview>),
    /// Time goes on: seconds since 1970.
    Time(i64),
    /// The window has this size.
    Resized(Size),
    /// The other language.
    Language,
    /// The door, where it is free to everybody.
    Open,
    /// Help.
    Call,
    /// Back to the idle page.
    Back,
    /// A finger on the clock.
    Hold,
    /// It is gone.
    Release,
}

/// What the parent shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    None,
    /// Let this be heard.
    Play(Cue),
    /// Somebody without a pass wants to come in.
    Open,
    /// Somebody asked for help.
    Called,
    /// Show the staff pages.
    Staff,
}

/// A picture that is ready to be drawn.
struct Picture {
    handle: image::Handle,
    crop: (u32, u32, u32, u32),
    mirrored: bool,
}

/// The entrance screen.
pub struct State {
    shop: Shop,
    screen: Screen,
    kind: DoorKind,
    access: Access,
    room: Option<Seen>,
    language: Language,
    scale: Scale,
    phase: Phase,
    hint: Option<Hint>,
    /// A visitor's wallet is asked to sign a code.
    asked: Option<Asked>,
    faults: BTreeSet<Part>,
    /// What whoever plugged in a stick is told, and until when.
    stick: Option<(StickState, Instant)>,
    trust_missing: bool,
    /// The ground lights the scene.
    lamp: bool,
    picture: Option<Picture>,
    /// Where a phone gets a pass.
    enrol: Option<Code>,
    now: Instant,
    clock: String,
    touched: Option<Instant>,
    held: Option<Instant>,
}

impl State {
    /// The idle page of a shop.
    #[must_use]
    pub fn new(shop: Shop, screen: Screen, kind: DoorKind, window: Size, now: Instant) -> Self {
        Self {
            language: screen.language,
            scale: Scale::new(window, screen.diagonal_inches),
            enrol: Some(screen.enrol.as_str())
                .filter(|to| !to.is_empty())
                .and_then(Code::of),
            shop,
            screen,
            kind,
            access: Access::default(),
            room: None,
            phase: Phase::Idle,
            hint: None,
            asked: None,
            faults: BTreeSet::new(),
            stick: None,
            trust_missing: false,
            lamp: false,
            picture: None,
            now,
            clock: String::new(),
            touched: None,
            held: None,
        }
    }

    /// One thing happened, now.
    pub fn update(&mut self, message: Message, now: Instant) -> Action {
        self.now = now;
        let action = match message {
            Message::Event(event) => {
                return self.on(&event, now).map_or(Action::None, Action::Play);
            }
            Message::Preview(preview) => {
                self.show(&preview);
                return Action::None;
            }
            Message::Time(unix) => return self.time(unix, now),
            Message::Resized(window) => {
                self.scale = self.scale.resized(window);
                return Action::None;
            }
            Message::Language => {
                self.language = text::other(self.language);
                Action::None
            }
            Message::Open => Action::Open,
            Message::Call => {
                self.phase = Phase::Call { until: now + CALL };
                Action::Called
            }
            Message::Back => {
                self.phase = Phase::Idle;
                Action::None
            }
            Message::Hold => {
                self.held = Some(now);
                Action::None
            }
            Message::Release => {
                self.held = None;
                Action::None
            }
        };
        self.touched = Some(now);
        action
    }

    /// The kiosk says something; gives what is to be heard.
    pub fn on(&mut self, event: &Event, now: Instant) -> Option<Cue> {
        self.now = now;
        match event {
            Event::Entry {
                verdict,
                reason,
                service,
                kind,
                open_seconds,
                ..
            } => {
                let (outcome, stays) = match verdict {
                    // The entry is recorded, and the relay did not answer.
                    Verdict::Granted if *open_seconds == 0 => (Outcome::DoorFailed, RESULT),
                    Verdict::Granted => (
                        // Whom an open door let in showed nothing.
                        Outcome::Granted((*kind != Some(EntryKind::Free)).then_some(*service)),
                        Duration::from_secs(*open_seconds).clamp(RESULT, LONGEST),
                    ),
                    Verdict::Refused => (Outcome::Refused(*reason, *service), RESULT),
                    Verdict::Undecided => (Outcome::Undecided(*reason), RESULT),
                };
                self.phase = Phase::Result {
                    outcome,
                    since: now,
                    until: now + stays,
                };
                Some(match outcome {
                    Outcome::Granted(_) => Cue::Granted,
                    _ => Cue::Refused,
                })
            }
            Event::Reading { corners, frame } => self.reading(*corners, *frame, now),
            Event::Hint { hint } => {
                self.hint = *hint;
                None
            }
            Event::Challenge { text, seconds } => {
                self.asked = text
                    .as_ref()
                    .and_then(|text| Asked::new(text, *seconds, now));
                None
            }
            Event::Door { state, .. } => self.door(state, now),
            Event::Trust { state, .. } => {
                self.trust_missing = match *state {
                    "missing" => true,
                    "loaded" => false,
                    _ => self.trust_missing,
                };
                None
            }
            Event::Stick { state } => {
                let stays = match state {
                    StickState::Reading => STICK.0,
                    _ => STICK.1,
                };
                self.stick = Some((*state, now + stays));
                None
            }
            Event::Fault { part, detail } => {
                if detail.is_empty() {
                    self.faults.remove(part);
                } else {
                    self.faults.insert(*part);
                    if *part == Part::Camera {
                        self.picture = None;
                    }
                }
                None
            }
            Event::Light { lamp, .. } => {
                self.lamp = *lamp;
                None
            }
            Event::Access { access } => {
                self.access = *access;
                None
            }
            Event::Room { .. } => room::seen_of(event, now).and_then(|seen| self.seen(seen)),
            Event::Camera { .. }
            | Event::Contact { .. }
            | Event::Outbox { .. }
            | Event::Ready
            | Event::Stopped => None,
        }
    }

    fn reading(&mut self, corners: Corners, frame: (u32, u32), now: Instant) -> Option<Cue> {
        let news = match self.phase {
            Phase::Idle => true,
            Phase::Reading { .. } => false,
            // A result is read in peace, and a telephone number too.
            Phase::Result { .. } | Phase::Call { .. } => return None,
        };
        let (crop, mirrored) = self.picture.as_ref().map_or(
            ((0, 0, frame.0, frame.1), self.picture.is_none()),
            |picture| (picture.crop, picture.mirrored),
        );
        self.phase = Phase::Reading {
            corners: in_preview(&corners, crop, mirrored),
            seen: now,
        };
        news.then_some(Cue::Tick)
    }

    fn door(&mut self, state: &str, now: Instant) -> Option<Cue> {
        let Phase::Result {
            outcome: Outcome::Granted(_),
            since,
            until,
        } = &mut self.phase
        else {
            return None;
        };
        match state {
            "closed" => {
                *until = (*until).min(now.max(*since + RESULT));
                None
            }
            "failed" | "lost" => {
                self.phase = Phase::Result {
                    outcome: Outcome::DoorFailed,
                    since: now,
                    until: now + RESULT,
                };
                Some(Cue::Refused)
            }
            _ => None,
        }
    }

    fn time(&mut self, unix: i64, now: Instant) -> Action {
        self.clock = seoul_clock(unix);
        let over = match self.phase {
            Phase::Idle => false,
            Phase::Reading { seen, .. } => now >= seen + READING,
            Phase::Result { until, .. } | Phase::Call { until } => now >= until,
        };
        if over {
            self.phase = Phase::Idle;
        }
        if self.stick.is_some_and(|(_, until)| now >= until) {
            self.stick = None;
        }
        if self.asked.as_ref().is_some_and(|asked| now >= asked.until) {
            self.asked = None;
        }
        if self.touched.is_some_and(|touched| now >= touched + FORGET) {
            self.touched = None;
            self.language = self.screen.language;
        }
        if self.held.is_some_and(|held| now >= held + HOLD) {
            self.held = None;
            return Action::Staff;
        }
        Action::None
    }

    fn show(&mut self, preview: &Preview) {
        if !self.faults.contains(&Part::Camera) {
            self.picture = Some(Picture {
                handle: image::Handle::from_rgba(
                    preview.width,
                    preview.height,
                    preview.rgba.clone(),
                ),
                crop: preview.crop,
                mirrored: preview.mirrored,
            });
        }
    }

    /// The language that is spoken.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sizes of the panel.
    #[must_use]
    pub fn scale(&self) -> &Scale {
        &self.scale
    }

    fn words(&self) -> &'static Words {
        text::words(self.language)
    }

    /// How often [`Message::Time`] is wanted: the ring moves, everything else can wait.
    pub fn subscription(&self) -> Subscription<Duration> {
        let every = match (&self.phase, self.held) {
            (Phase::Idle | Phase::Call { .. }, None) if self.asked.is_none() => {
                Duration::from_millis(500)
            }
            _ => Duration::from_millis(100),
        };
        iced::time::every(every).with(every).map(|(every, _)| every)
    }

    /// The whole page.
    pub fn view(&self) -> Element<'_, Message> {
        match self.shown() {
            Shown::Idle | Shown::Reading => self.idle(),
            Shown::Result {
                outcome,
                left,
                seconds,
            } => self.result(outcome, left, seconds),
            Shown::Challenge { left, seconds } => match &self.asked {
                Some(asked) => self.challenge(asked, left, seconds),
                None => self.idle(),
            },
            Shown::Call => self.call(),
            Shown::Fault(part) => self.fault(part),
        }
    }
}

/// Hours and minutes in Seoul, which knows no summer time.
pub(super) fn seoul_clock(unix: i64) -> String {
    let minutes = (unix + 9 * 3600).rem_euclid(86_400) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
