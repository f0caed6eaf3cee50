//! What every page behind the pad has: ways to the other pages, a place for what is told, ways on.

use iced::{
    Center, Color, Element, Fill,
    widget::{column, container, row, rule, space},
};

use super::{Message, State};
use crate::{
    gate::age::{date_of, seoul_day},
    screen::widget::{area, centred, chip, plain},
    theme::{self, Key, Scale},
};

/// Height of a row that is touched: a finger, not a pen.
pub(super) const TOUCH: f32 = 64.0;

/// A page that has a way to it on every other page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// The entries of a day.
    Entries,
    /// Passes that are blocked here.
    Blocked,
    /// Whom this door trusts.
    Issuers,
}

/// What stands where there are no rows.
pub(super) fn instead<'a>(said: &'a str, colour: Color, scale: &Scale) -> Element<'a, Message> {
    container(plain(said, scale.table, colour))
        .center_x(Fill)
        .padding(scale.far)
        .into()
}

impl State {
    /// A page: the ways to the others above, `inside`, and the last line at the bottom.
    pub(super) fn frame<'a>(
        &'a self,
        tab: Tab,
        inside: impl Into<Element<'a, Message>>,
        last: impl Into<Element<'a, Message>>,
    ) -> Element<'a, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let way = |to: Tab, label: &'static str| {
            let look = if to == tab {
                Key::Filled
            } else {
                Key::Outlined
            };
            chip(label, look, scale).on_press(Message::Tab(to))
        };
        let ways = row![
            way(Tab::Entries, words.entries),
            way(Tab::Blocked, words.blocked),
            way(Tab::Issuers, words.issuers),
            space().width(Fill),
            chip(words.close, Key::Outlined, scale).on_press(Message::Close)
        ]
        .spacing(scale.near * 0.5)
        .align_y(Center);
        let page = column![ways, inside.into(), space().height(Fill), last.into()]
            .spacing(scale.near)
            .padding(iced::Padding::from([scale.near, scale.margin]).bottom(scale.margin * 0.6));
        area(page, theme::GROUND).width(Fill).height(Fill).into()
    }

    /// Ways through a list that is longer than the screen: from which to which of how many are shown.
    pub(super) fn turns<'a>(
        &'a self,
        (before, after): (&'static str, &'static str),
        said: String,
        (is_before, is_after): (bool, bool),
    ) -> Element<'a, Message> {
        let scale = &self.scale;
        row![
            chip(before, Key::Outlined, scale)
                .on_press_maybe(is_before.then_some(Message::Turn(-1))),
            centred(plain(said, scale.table, theme::INK), Fill),
            chip(after, Key::Filled, scale).on_press_maybe(is_after.then_some(Message::Turn(1))),
        ]
        .align_y(Center)
        .into()
    }
}

/// The height that a page has between its first and its last line.
pub(super) fn room(scale: &Scale) -> f32 {
    scale.window.height - 2.0 * scale.chip - 4.0 * scale.near - scale.margin * 0.6
}

/// A thin line between rows.
pub(super) fn between<'a>() -> Element<'a, Message> {
    rule::horizontal(1)
        .style(|_| rule::Style {
            color: theme::LINE,
            radius: 0.0.into(),
            fill_mode: rule::FillMode::Full,
            snap: true,
        })
        .into()
}

/// A moment as staff read it, in Seoul: 2026-11-24 20:14.
pub(super) fn moment(unix: u64) -> String {
    let day = date_of(seoul_day(unix)).map_or_else(String::new, |date| date.to_string());
    let seconds = (unix + 9 * 3600) % 86_400;
    format!("{day} {:02}:{:02}", seconds / 3600, seconds / 60 % 60)
}

/// First and one past the last of `count` things on page `page`, `fit` on each.
pub(super) fn window(count: usize, page: usize, fit: usize) -> (usize, usize) {
    let first = (page * fit).min(count);
    (first, (first + fit).min(count))
}
