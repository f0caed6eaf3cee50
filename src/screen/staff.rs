//! The staff pages: a code on a pad, then the entries of a day, the passes that are blocked here, the issuers. The state
//! machine knows no clock and no database: it is told the time, and what it wants to know goes to its parent as a
//! [`Request`].

mod ask;
mod backend;
mod blocked;
mod entries;
mod entry;
mod frame;
mod issuers;
mod overview;
mod pad;
mod table;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use iced::{Element, Size};
use zeroize::Zeroizing;

pub use ask::{Answer, Issuer, KeyLine, ListLine, Repository, Request, Rows, Stand, Who};
pub use backend::StoreBackend;
pub use frame::Tab;

use crate::{
    config::Language,
    gate::age::seoul_day,
    pass::{Service, Verdict},
    screen::room::Seen,
    store::{StaffCheck, weakness},
    text::{self, Words},
    theme::Scale,
};
use blocked::Blocks;
use entry::{Known, Story};
use issuers::Issuers;
use table::Table;

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
    /// Another page.
    Tab(Tab),
    /// The entry with this number.
    Open(u64),
    /// The page before.
    Back,
    /// Offer the reasons for a block, or not.
    Ask(bool),
    /// Block the pass of the entry that is open, for this reason.
    Block(&'static str),
    /// Take a block back; asked once more first.
    Unblock(String),
    /// The issuer with this id.
    Issuer(String),
    /// Let the issuer that is open open this door for a service, or not.
    Choose(Service, bool),
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

enum Page {
    Pad(Pad),
    Entries(Table),
    Entry(Box<Story>),
    Blocked(Blocks),
    Issuers(Issuers),
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
    /// Whose code it was.
    who: Option<Who>,
    /// The pass whose block was touched once to take it back.
    sure: Option<String>,
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
            who: None,
            sure: None,
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
        // A second touch counts only as the very next one.
        let sure = self.sure.take();
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
            (_, Page::Pad(_)) => Action::None,
            (Message::Tab(tab), _) => self.tab(tab),
            (Message::Unblock(number), _) => {
                let Some(who) = &self.who else {
                    return Action::None;
                };
                if sure.as_ref() != Some(&number) {
                    self.sure = Some(number);
                    return Action::None;
                }
                let who = who.name.clone();
                Action::Ask(Request::Unblock { who, number })
            }
            (message, Page::Entries(_)) => self.on_entries(message),
            (message, Page::Entry(_)) => self.on_entry(message),
            (Message::Turn(turn), Page::Blocked(blocks)) => {
                let count = blocks.all.as_ref().map_or(0, Vec::len);
                let pages = count.div_ceil(blocked::fit(&self.scale)).max(1);
                turned(&mut blocks.page, turn, pages);
                Action::None
            }
            (message, Page::Issuers(_)) => self.on_issuers(message),
            _ => Action::None,
        }
    }

    /// Another page, from its beginning.
    fn tab(&mut self, tab: Tab) -> Action {
        let Some(who) = &self.who else {
            return Action::None;
        };
        let (page, request) = match tab {
            Tab::Entries => {
                let wanted = Rows {
                    who: who.name.clone(),
                    day: today(self.unix),
                    verdict: None,
                    page: 0,
                };
                (
                    Page::Entries(Table::new(wanted.clone())),
                    Request::Rows(wanted),
                )
            }
            Tab::Blocked => (
                Page::Blocked(Blocks::default()),
                Request::Blocked(who.name.clone()),
            ),
            Tab::Issuers => (Page::Issuers(Issuers::default()), Request::Issuers),
        };
        self.page = page;
        Action::Ask(request)
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
            (Answer::Checked(StaffCheck::Ok { name, role }), Page::Pad(_)) => {
                self.who = Some(Who { name, role });
                return self.tab(Tab::Entries);
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
            // Asked for before a row was touched.
            (Answer::Rows(wanted, rows, count), Page::Entry(story))
                if wanted == story.table.wanted =>
            {
                story
                    .table
                    .show(rows, count, entries::fit(&self.scale, self.room.is_some()));
            }
            (Answer::BlockOf(number, block), Page::Entry(story))
                if story.entry.pass.as_ref() == Some(&number) =>
            {
                story.block = Known::Is(block);
                story.asked = false;
            }
            (Answer::BlockOf(number, None), Page::Blocked(blocks)) => {
                let all = blocks.all.iter_mut().flatten();
                if let Some(at) = all
                    .map(|block| &block.number)
                    .position(|one| *one == number)
                {
                    let _ = blocks.all.as_mut().map(|all| all.remove(at));
                }
            }
            (Answer::Blocked(all), Page::Blocked(blocks)) => blocks.all = Some(all),
            (Answer::Issuers(all), Page::Issuers(issuers)) => {
                issuers.all = Some(all);
                issuers.failed = false;
            }
            (Answer::Failed, Page::Entries(table)) => table.failed = true,
            (Answer::Failed, Page::Entry(story)) => story.block = Known::Failed,
            (Answer::Failed, Page::Blocked(blocks)) => {
                *blocks = Blocks {
                    failed: true,
                    ..Blocks::default()
                }
            }
            (Answer::Failed, Page::Issuers(issuers)) => {
                *issuers = Issuers {
                    failed: true,
                    ..Issuers::default()
                };
            }
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
            Page::Entry(story) => self.entry(story),
            Page::Blocked(blocks) => self.blocked(blocks),
            Page::Issuers(issuers) => self.issuers(issuers),
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

/// A page on, or back, within so many.
fn turned(page: &mut usize, turn: i8, pages: usize) {
    *page = if turn > 0 {
        (*page + 1).min(pages - 1)
    } else {
        page.saturating_sub(1)
    };
}

fn today(unix: i64) -> i64 {
    seoul_day(u64::try_from(unix).unwrap_or(0))
}
