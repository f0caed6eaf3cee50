//! The table of entries.

use iced::{
    Center, Color, Element, Fill, FillPortion,
    widget::{button, column, container, lazy, row, text::Wrapping},
};

use super::{
    Action, Message, PAGE, Page, State, Tab, Table,
    ask::Rows,
    entry::Story,
    frame::{TOUCH, between, instead, room},
};
use crate::{
    config::Language,
    gate::age::date_of,
    pass::Verdict,
    screen::{
        room::figure,
        widget::{area, centred, chip, plain, strong},
    },
    store::Entry,
    text::{Words, words},
    theme::{self, Key, Scale},
};

/// Shares of the width: time, result, reason, service, issuer, pass, kind.
const WIDE: [u16; 7] = [17, 14, 20, 14, 16, 17, 10];
/// An upright panel leaves out the service, which is the door's own in nearly every row, and the seconds: a pass number
/// must never be cut.
const UPRIGHT: [u16; 7] = [10, 20, 25, 0, 13, 20, 12];
/// The line of heads, in heights of its letters.
const ROW: f32 = 1.7;

/// How many rows the screen has room for.
pub(super) fn fit(scale: &Scale, with_room: bool) -> usize {
    let above = if with_room {
        scale.chip + scale.near
    } else {
        0.0
    };
    let filters = if scale.upright() { 2.0 } else { 1.0 } * scale.chip + 2.0 * scale.near;
    let others = above + filters + ROW * scale.table;
    let rows = ((room(scale) - others) / (TOUCH + 1.0)).floor();
    // At least something on a window of any size.
    (rows.max(3.0) as usize).min(PAGE as usize)
}

impl State {
    pub(super) fn on_entries(&mut self, message: Message) -> Action {
        let Page::Entries(table) = &mut self.page else {
            return Action::None;
        };
        match message {
            Message::Day(days) => {
                let today = super::today(self.unix);
                let day = table.wanted.day.saturating_add(days).min(today);
                table.ask(Rows {
                    day,
                    page: 0,
                    ..table.wanted.clone()
                })
            }
            Message::Result(verdict) => table.ask(Rows {
                verdict,
                page: 0,
                ..table.wanted.clone()
            }),
            Message::Vacate => Action::Vacate(table.wanted.who.clone()),
            Message::Turn(turn) => table.turn(turn, fit(&self.scale, self.room.is_some())),
            Message::Open(seq) => {
                let Some(entry) = table.rows.iter().find(|row| row.seq == seq).cloned() else {
                    return Action::None;
                };
                let blank = Table::new(table.wanted.clone());
                let (story, request) = Story::open(std::mem::replace(table, blank), entry);
                self.page = Page::Entry(Box::new(story));
                request.map_or(Action::None, Action::Ask)
            }
            _ => Action::None,
        }
    }

    pub(super) fn entries<'a>(&'a self, table: &'a Table) -> Element<'a, Message> {
        let inside = column![]
            .push(self.room_row())
            .push(self.filters(table))
            .push(self.table(table))
            .spacing(self.scale.near);
        self.frame(Tab::Entries, inside, self.rows(table))
    }

    /// How the room is, and the button that says that nobody is in it.
    fn room_row(&self) -> Option<Element<'_, Message>> {
        let (scale, words) = (&self.scale, self.words());
        let room = self.room.as_ref()?;
        let (state, colour) = ((words.room)(room.state), room.colour());
        let since = room.line(words, self.now).unwrap_or_default();
        let since = since.replace('\n', ", ");
        let side = scale.chip * 0.7;
        let vacant = room.state == crate::gate::room::State::Free;
        let said = row![
            area(figure(room.figure(), colour, side), colour),
            strong(state, scale.table * 1.2, colour),
            plain(since, scale.table, theme::INK).width(Fill),
            chip(words.staff.vacate, Key::Filled, scale)
                .on_press_maybe((!vacant).then_some(Message::Vacate))
        ]
        .spacing(scale.near)
        .align_y(Center);
        Some(said.into())
    }

    /// Day and result.
    fn filters(&self, table: &Table) -> Element<'_, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let day = date_of(table.wanted.day).map_or_else(String::new, |date| {
            let weekday = date.weekday().to_monday_zero_offset();
            (words.day)(date.year(), date.month(), date.day(), weekday)
        });
        let is_today = table.wanted.day >= super::today(self.unix);
        let days = row![
            chip(words.days.0, Key::Outlined, scale).on_press(Message::Day(-1)),
            centred(strong(day, scale.table, theme::INK), Fill),
            chip(words.days.1, Key::Outlined, scale)
                .on_press_maybe((!is_today).then_some(Message::Day(1))),
        ]
        .align_y(Center);
        let result = |verdict: Option<Verdict>| {
            let look = if table.wanted.verdict == verdict {
                Key::Filled
            } else {
                Key::Outlined
            };
            let label = verdict.map_or(words.all, words.verdict);
            chip(label, look, scale)
                .on_press(Message::Result(verdict))
                .into()
        };
        let results = row([
            result(None),
            result(Some(Verdict::Granted)),
            result(Some(Verdict::Refused)),
            result(Some(Verdict::Undecided)),
        ])
        .spacing(scale.near * 0.5);
        if scale.upright() {
            column![days, results].spacing(scale.near * 0.5).into()
        } else {
            row![days, results]
                .spacing(scale.far)
                .align_y(Center)
                .into()
        }
    }

    fn table(&self, table: &Table) -> Element<'_, Message> {
        let (scale, words) = (self.scale, &self.words().staff);
        if table.failed || (table.rows.is_empty() && table.revision > 0) {
            let said = if table.failed {
                words.failed
            } else {
                words.nothing
            };
            return instead(said, theme::QUIET, &scale);
        }
        // Drawn anew only when something else is to be seen: a table of texts is dear on a small machine.
        let rows = table.rows.clone();
        let key = (
            table.revision,
            table.first,
            self.language,
            scale.window.width as u32,
            self.room.is_some(),
        );
        lazy(key, move |(_, first, language, _, room)| {
            shown(&rows, *first, *language, &scale, *room)
        })
        .into()
    }

    /// Newer and older rows.
    fn rows(&self, table: &Table) -> Element<'_, Message> {
        let fit = fit(&self.scale, self.room.is_some());
        let before = table.wanted.page * PAGE + table.first as u64;
        let last = before + fit.min(table.rows.len().saturating_sub(table.first)) as u64;
        let first = before + u64::from(last > before);
        let words = &self.words().staff;
        let said = (words.rows)(first, last, table.count);
        self.turns(words.pages, said, (table.has_newer(), table.has_older(fit)))
    }
}

/// The head and a screenful of rows.
fn shown(
    rows: &[Entry],
    first: usize,
    language: Language,
    scale: &Scale,
    room: bool,
) -> Element<'static, Message> {
    let heads = words(language).staff.columns;
    let head = heads.map(|head| (head.to_string(), theme::QUIET, false));
    let mut page = column![line(head, ROW * scale.table, scale)];
    for entry in rows.iter().skip(first).take(fit(scale, room)) {
        let cells = line(cells(entry, language, scale.upright()), TOUCH, scale);
        page = page.push(between()).push(
            button(cells)
                .padding(0.0)
                .style(theme::key(Key::Bare, 0.0))
                .on_press(Message::Open(entry.seq)),
        );
    }
    page.into()
}

/// The result of an entry, with its sign and colour.
pub(super) fn result(entry: &Entry, words: &Words) -> (String, Color) {
    let verdict = entry.reason.verdict();
    let (mark, colour) = match verdict {
        Verdict::Granted => ("○", theme::GRANTED),
        Verdict::Refused => ("×", theme::REFUSED),
        Verdict::Undecided => ("?", theme::UNDECIDED),
    };
    (format!("{mark} {}", (words.staff.verdict)(verdict)), colour)
}

type Cell = (String, Color, bool);

fn cells(entry: &Entry, language: Language, short: bool) -> [Cell; 7] {
    let (words, staff) = (words(language), &words(language).staff);
    let (result, colour) = result(entry, words);
    let trouble = match entry.outcome.as_deref() {
        Some("door_failed") => Some(staff.door_failed),
        Some("overstayed") => Some(staff.overstayed),
        _ => None,
    };
    let reason = trouble.unwrap_or((words.reason_short)(entry.reason));
    let mut time = time_of_day(entry.at_ms);
    if short {
        time.truncate("20:14".len());
    }
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    [
        (time, theme::INK, false),
        (result, colour, true),
        (
            reason.into(),
            if trouble.is_some() {
                theme::WARNING
            } else {
                theme::QUIET
            },
            trouble.is_some(),
        ),
        ((words.service)(entry.service).into(), theme::INK, false),
        (or_dash(&entry.issuer), theme::QUIET, false),
        (or_dash(&entry.pass), theme::INK, false),
        (
            entry.kind.map_or("-", staff.kind).into(),
            theme::QUIET,
            false,
        ),
    ]
}

fn line(cells: [Cell; 7], height: f32, scale: &Scale) -> Element<'static, Message> {
    let widths = if scale.upright() { UPRIGHT } else { WIDE };
    let cells = cells
        .into_iter()
        .zip(widths)
        .filter(|(_, width)| *width > 0)
        .map(|((content, colour, heavy), width)| {
            let text = if heavy {
                strong(content, scale.table, colour)
            } else {
                plain(content, scale.table, colour)
            };
            container(text.wrapping(Wrapping::None))
                .width(FillPortion(width))
                .clip(true)
                .into()
        });
    row(cells).spacing(4).height(height).align_y(Center).into()
}

/// Seoul's, to the second.
pub(super) fn time_of_day(at_ms: u64) -> String {
    let seconds = (at_ms / 1000 + 9 * 3600) % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
