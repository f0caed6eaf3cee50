//! The table of entries.

use iced::{
    Center, Color, Element, Fill, FillPortion,
    widget::{column, container, lazy, row, rule, space, text::Wrapping},
};

use super::{Message, PAGE, State, Table};
use crate::{
    config::Language,
    gate::age::date_of,
    pass::Verdict,
    screen::{
        room::figure,
        widget::{area, centred, chip, plain, strong},
    },
    store::Entry,
    text::words,
    theme::{self, Key, Scale},
};

/// Shares of the width: time, result, reason, service, issuer, pass, kind.
const WIDE: [u16; 7] = [17, 14, 20, 14, 16, 17, 10];
/// An upright panel leaves out the service, which is the door's own in nearly every row, and the seconds: a pass number
/// must never be cut.
const UPRIGHT: [u16; 7] = [10, 20, 25, 0, 13, 20, 12];
/// A row, in heights of its letters.
const ROW: f32 = 1.7;

/// How many rows the screen has room for.
pub(super) fn fit(scale: &Scale, room: bool) -> usize {
    let above = if room { scale.chip + scale.near } else { 0.0 };
    let others =
        above + 3.0 * scale.chip + 5.0 * scale.near + scale.margin + 2.0 * ROW * scale.table;
    let rows = ((scale.window.height - others) / (ROW * scale.table + 1.0)).floor();
    // At least something on a window of any size.
    (rows.max(3.0) as usize).min(PAGE as usize)
}

impl State {
    pub(super) fn entries(&self, table: &Table) -> Element<'_, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let top = row![
            strong(words.entries, scale.body * 0.8, theme::INK).width(Fill),
            chip(words.close, Key::Outlined, scale).on_press(Message::Close)
        ]
        .align_y(Center);

        let inside = column![top]
            .push(self.room_row())
            .push(self.filters(table))
            .push(self.table(table))
            .push(space().height(Fill))
            .push(self.turns(table))
            .spacing(scale.near)
            .padding(iced::Padding::from([scale.near, scale.margin]).bottom(scale.margin * 0.6));
        area(inside, theme::GROUND).width(Fill).height(Fill).into()
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
            return container(plain(said, scale.table, theme::QUIET))
                .center_x(Fill)
                .padding(scale.far)
                .into();
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
    fn turns(&self, table: &Table) -> Element<'_, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let fit = fit(scale, self.room.is_some());
        let before = table.wanted.page * PAGE + table.first as u64;
        let last = before + fit.min(table.rows.len().saturating_sub(table.first)) as u64;
        let said = (words.rows)(before + u64::from(last > before), last, table.count);
        row![
            chip(words.pages.0, Key::Outlined, scale)
                .on_press_maybe(table.has_newer().then_some(Message::Turn(-1))),
            centred(plain(said, scale.table, theme::INK), Fill),
            chip(words.pages.1, Key::Filled, scale)
                .on_press_maybe(table.has_older(fit).then_some(Message::Turn(1))),
        ]
        .align_y(Center)
        .into()
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
    let mut page = column![line(
        heads.map(|head| (head.to_string(), theme::QUIET, false)),
        scale
    )];
    for entry in rows.iter().skip(first).take(fit(scale, room)) {
        page = page.push(rule::horizontal(1).style(|_| rule::Style {
            color: theme::LINE,
            radius: 0.0.into(),
            fill_mode: rule::FillMode::Full,
            snap: true,
        }));
        page = page.push(line(cells(entry, language, scale.upright()), scale));
    }
    page.into()
}

type Cell = (String, Color, bool);

fn cells(entry: &Entry, language: Language, short: bool) -> [Cell; 7] {
    let (words, staff) = (words(language), &words(language).staff);
    let verdict = entry.reason.verdict();
    let (mark, colour) = match verdict {
        Verdict::Granted => ("○", theme::GRANTED),
        Verdict::Refused => ("×", theme::REFUSED),
        Verdict::Undecided => ("?", theme::UNDECIDED),
    };
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
        (format!("{mark} {}", (staff.verdict)(verdict)), colour, true),
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

fn line(cells: [Cell; 7], scale: &Scale) -> Element<'static, Message> {
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
    row(cells)
        .spacing(4)
        .height(ROW * scale.table)
        .align_y(Center)
        .into()
}

/// Seoul's, to the second.
fn time_of_day(at_ms: u64) -> String {
    let seconds = (at_ms / 1000 + 9 * 3600) % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
