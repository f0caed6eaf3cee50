//! The staff pages: a code on a pad, then the entries of a day. The state machine knows no clock and no database: it is
//! told the time, and what it wants to know goes to its parent as a [`Request`].

mod backend;
mod entries;
mod pad;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use iced::{Element, Size};
use zeroize::Zeroizing;

pub use backend::StoreBackend;

use crate::{
    config::Language,
    gate::age::seoul_day,
    pass::Verdict,
    screen::room::Seen,
    store::{Entry, StaffCheck, weakness},
    text::{self, Words},
    theme::Scale,
};

/// Without a touch for so long, the entrance comes back.
const PATIENCE: Duration = Duration::from_secs(60);
/// Rows that are read from the database at once.
pub const PAGE: u64 = 50;
/// Digits of a code.
const DIGITS: usize = 6;

/// What staff or the kiosk does.
#[derive(Debug, Clone)]
pub enum Message {
    /// A digit on the pad.
    Digit(u8),
    /// The last digit goes.
    Erase,
    /// Back to the entrance.
    Close,
    /// The answer to a request.
    Answer(Answer),
    /// So many days on.
    Day(i64),
    /// Only this result.
    Result(Option<Verdict>),
    /// The room behind the door, where there is one.
    Room(Option<Seen>),
    /// Nobody is in it.
    Vacate,
    /// A screenful of older rows (1) or newer ones (-1).
    Turn(i8),
    /// Time goes on: seconds since 1970.
    Time(i64),
    /// The window has this size.
    Resized(Size),
}

/// What the parent shall do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Nothing.
    None,
    /// Ask the store, and hand the answer back.
    Ask(Request),
    /// Say, in this name, that nobody is in the room.
    Vacate(String),
    /// Show the entrance.
    Close,
}

/// A question to the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Has anybody a code?
    HasStaff,
    /// Whose code is this?
    Check(Zeroizing<String>),
    /// This is the owner's code from now on, unless there is one.
    First(Zeroizing<String>),
    /// Rows of a day.
    Rows(Rows),
}

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// Who looks: it is recorded.
    pub who: String,
    /// Seoul day, days since 1970-01-01.
    pub day: i64,
    /// Only this result.
    pub verdict: Option<Verdict>,
    /// Page of [`PAGE`] rows, from 0.
    pub page: u64,
}

/// What the store says.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Request::HasStaff`].
    HasStaff(bool),
    /// To [`Request::Check`].
    Checked(StaffCheck),
    /// To [`Request::First`]: `false` when somebody has a code already.
    Set(bool),
    /// To [`Request::Rows`]: the rows, newest first, and how many there are on all pages.
    Rows(Rows, Vec<Entry>, u64),
    /// The data folder does not answer.
    Failed,
}

/// What the pad is for.
#[derive(Debug, Clone, PartialEq)]
enum Purpose {
    /// It is not known yet whether there is a code.
    Unknown,
    /// To come in.
    Enter,
    /// To choose the first code.
    Choose,
    /// To repeat it.
    Repeat(Zeroizing<String>),
}

/// A sentence below the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    Hint,
    Saved,
    Wait,
    Wrong,
    Weak,
    Different,
    LockedUntil(u64),
    Failed,
}

#[derive(Debug, Clone, PartialEq)]
struct Pad {
    purpose: Purpose,
    typed: Zeroizing<String>,
    note: Option<Note>,
    /// A question is on its way: nothing is typed meanwhile.
    busy: bool,
}

impl Pad {
    fn new(purpose: Purpose, note: Option<Note>) -> Self {
        Self {
            busy: purpose == Purpose::Unknown,
            purpose,
            typed: Zeroizing::new(String::with_capacity(DIGITS)),
            note,
        }
    }
}

struct Table {
    wanted: Rows,
    rows: std::sync::Arc<[Entry]>,
    /// On all pages.
    count: u64,
    /// First row of the page that is on the screen.
    first: usize,
    /// After a turn to newer rows: show the end of the page that comes.
    from_end: bool,
    /// Another number for other rows: what is drawn is kept until it changes.
    revision: u64,
    failed: bool,
}

enum Page {
    Pad(Pad),
    Entries(Table),
}

/// The staff pages.
pub struct State {
    page: Page,
    language: Language,
    scale: Scale,
    touched: Instant,
    now: Instant,
    unix: i64,
    room: Option<Seen>,
}

impl State {
    /// The pad; ask [`State::begin`] first.
    #[must_use]
    pub fn new(language: Language, scale: Scale, unix: i64, now: Instant) -> Self {
        Self {
            page: Page::Pad(Pad::new(Purpose::Unknown, None)),
            language,
            scale,
            touched: now,
            now,
            unix,
            room: None,
        }
    }

    /// What is to be known before anything is typed.
    #[must_use]
    pub fn begin() -> Request {
        Request::HasStaff
    }

    /// One thing happened, now.
    pub fn update(&mut self, message: Message, now: Instant) -> Action {
        self.now = now;
        match message {
            Message::Room(room) => {
                self.room = room;
                return Action::None;
            }
            Message::Time(unix) => {
                self.unix = unix;
                return self.time(now);
            }
            Message::Resized(window) => {
                self.scale = self.scale.resized(window);
                return Action::None;
            }
            Message::Answer(answer) => return self.answer(answer),
            _ => {}
        }
        self.touched = now;
        match (message, &mut self.page) {
            (Message::Close, _) => Action::Close,
            (Message::Digit(digit), Page::Pad(pad)) if !pad.busy && digit < 10 => {
                pad.typed.push(char::from(b'0' + digit));
                if pad.typed.len() == DIGITS {
                    typed(pad)
                } else {
                    Action::None
                }
            }
            (Message::Erase, Page::Pad(pad)) => {
                pad.typed.pop();
                Action::None
            }
            (Message::Day(days), Page::Entries(table)) => {
                let today = today(self.unix);
                let day = table.wanted.day.saturating_add(days).min(today);
                table.ask(Rows {
                    day,
                    page: 0,
                    ..table.wanted.clone()
                })
            }
            (Message::Result(verdict), Page::Entries(table)) => table.ask(Rows {
                verdict,
                page: 0,
                ..table.wanted.clone()
            }),
            (Message::Vacate, Page::Entries(table)) => Action::Vacate(table.wanted.who.clone()),
            (Message::Turn(turn), Page::Entries(table)) => {
                let fit = entries::fit(&self.scale, self.room.is_some());
                table.turn(turn, fit)
            }
            _ => Action::None,
        }
    }

    fn time(&mut self, now: Instant) -> Action {
        if now >= self.touched + PATIENCE {
            return Action::Close;
        }
        if let Page::Pad(pad) = &mut self.page
            && let Some(Note::LockedUntil(until)) = pad.note
            && until <= u64::try_from(self.unix).unwrap_or(0)
        {
            pad.note = None;
        }
        Action::None
    }

    fn answer(&mut self, answer: Answer) -> Action {
        match (answer, &mut self.page) {
            (Answer::HasStaff(true), Page::Pad(pad)) => *pad = Pad::new(Purpose::Enter, None),
            (Answer::HasStaff(false), Page::Pad(pad)) => {
                *pad = Pad::new(Purpose::Choose, Some(Note::Hint));
            }
            (Answer::Checked(StaffCheck::Ok { name, .. }), Page::Pad(_)) => {
                let wanted = Rows {
                    who: name,
                    day: today(self.unix),
                    verdict: None,
                    page: 0,
                };
                self.page = Page::Entries(Table::new(wanted.clone()));
                return Action::Ask(Request::Rows(wanted));
            }
            (Answer::Checked(StaffCheck::Wrong), Page::Pad(pad)) => {
                *pad = Pad::new(Purpose::Enter, Some(Note::Wrong));
            }
            (Answer::Checked(StaffCheck::LockedUntil(until)), Page::Pad(pad)) => {
                *pad = Pad::new(Purpose::Enter, Some(Note::LockedUntil(until)));
            }
            // Chosen, or somebody was faster: either way there is a code now.
            (Answer::Set(ours), Page::Pad(pad)) => {
                *pad = Pad::new(Purpose::Enter, ours.then_some(Note::Saved));
            }
            (Answer::Rows(wanted, rows, count), Page::Entries(table)) if wanted == table.wanted => {
                table.show(rows, count, entries::fit(&self.scale, self.room.is_some()));
            }
            (Answer::Failed, Page::Pad(pad)) => {
                let purpose = std::mem::replace(&mut pad.purpose, Purpose::Enter);
                *pad = Pad::new(purpose, Some(Note::Failed));
                pad.busy = false;
            }
            (Answer::Failed, Page::Entries(table)) => table.failed = true,
            // An answer that nobody waits for any more.
            _ => {}
        }
        Action::None
    }

    fn words(&self) -> &'static Words {
        text::words(self.language)
    }

    /// The whole page.
    pub fn view(&self) -> Element<'_, Message> {
        match &self.page {
            Page::Pad(pad) => self.pad(pad),
            Page::Entries(table) => self.entries(table),
        }
    }
}

/// Six digits are there.
fn typed(pad: &mut Pad) -> Action {
    let code = std::mem::take(&mut pad.typed);
    let request = match &pad.purpose {
        Purpose::Unknown => return Action::None,
        Purpose::Enter => Request::Check(code),
        Purpose::Choose if weakness(&code).is_some() => {
            pad.note = Some(Note::Weak);
            return Action::None;
        }
        Purpose::Choose => {
            *pad = Pad::new(Purpose::Repeat(code), None);
            return Action::None;
        }
        Purpose::Repeat(first) if *first == code => Request::First(code),
        Purpose::Repeat(_) => {
            *pad = Pad::new(Purpose::Choose, Some(Note::Different));
            return Action::None;
        }
    };
    pad.busy = true;
    pad.note = Some(Note::Wait);
    Action::Ask(request)
}

fn today(unix: i64) -> i64 {
    seoul_day(u64::try_from(unix).unwrap_or(0))
}

impl Table {
    fn new(wanted: Rows) -> Self {
        Self {
            wanted,
            rows: std::sync::Arc::from([]),
            count: 0,
            first: 0,
            from_end: false,
            revision: 0,
            failed: false,
        }
    }

    fn ask(&mut self, wanted: Rows) -> Action {
        self.wanted = wanted.clone();
        Action::Ask(Request::Rows(wanted))
    }

    fn show(&mut self, rows: Vec<Entry>, count: u64, fit: usize) {
        let last = rows.len().saturating_sub(1) / fit * fit;
        self.first = if self.from_end { last } else { 0 };
        self.from_end = false;
        self.rows = rows.into();
        self.count = count;
        self.revision += 1;
        self.failed = false;
    }

    /// A screenful on: within the page, or to the next one.
    fn turn(&mut self, turn: i8, fit: usize) -> Action {
        if turn > 0 && self.has_older(fit) {
            self.first += fit;
            if self.first >= self.rows.len() {
                self.first = 0;
                let page = self.wanted.page + 1;
                return self.ask(Rows {
                    page,
                    ..self.wanted.clone()
                });
            }
        } else if turn < 0 && self.has_newer() {
            if self.first == 0 {
                self.from_end = true;
                let page = self.wanted.page - 1;
                return self.ask(Rows {
                    page,
                    ..self.wanted.clone()
                });
            }
            self.first = self.first.saturating_sub(fit);
        }
        Action::None
    }

    fn has_newer(&self) -> bool {
        self.first > 0 || self.wanted.page > 0
    }

    fn has_older(&self, fit: usize) -> bool {
        self.first + fit < self.rows.len() || (self.wanted.page + 1) * PAGE < self.count
    }
}
