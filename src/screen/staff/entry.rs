//! One entry, and its pass: blocked here with two touches.

use iced::{
    Element, Fill, FillPortion,
    widget::{column, row, space},
};

use super::{
    Action, Message, Page, State, Tab,
    ask::Request,
    entries::{result, time_of_day},
    frame::{between, moment},
    table::Table,
};
use crate::{
    screen::widget::{chip, plain, strong},
    store::{Blocked, Entry, WHY},
    theme::{self, Key},
};

/// An entry and what is known of its pass.
pub(super) struct Story {
    pub(super) entry: Entry,
    pub(super) block: Known,
    /// The reasons are offered.
    pub(super) asked: bool,
    /// Where the way back leads.
    pub(super) table: Table,
}

/// What is known of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// The question is on its way.
    Asked,
    /// The data folder does not answer.
    Failed,
    /// It is blocked, or not.
    Is(Option<Blocked>),
}

impl Story {
    /// An entry of the table, and what to ask about it.
    pub(super) fn open(table: Table, entry: Entry) -> (Self, Option<Request>) {
        let request = entry.pass.clone().map(Request::BlockOf);
        let story = Self {
            block: request.as_ref().map_or(Known::Is(None), |_| Known::Asked),
            entry,
            asked: false,
            table,
        };
        (story, request)
    }
}

impl State {
    pub(super) fn on_entry(&mut self, message: Message) -> Action {
        let Page::Entry(story) = &mut self.page else {
            return Action::None;
        };
        match message {
            Message::Ask(asked) => story.asked = asked,
            Message::Block(why) => {
                if let (Some(who), Some(number)) = (&self.who, &story.entry.pass) {
                    return Action::Ask(Request::Block {
                        who: who.name.clone(),
                        number: number.clone(),
                        why,
                    });
                }
            }
            Message::Back => {
                let blank = Table::new(story.table.wanted.clone());
                self.page = Page::Entries(std::mem::replace(&mut story.table, blank));
            }
            _ => {}
        }
        Action::None
    }

    pub(super) fn entry<'a>(&'a self, story: &'a Story) -> Element<'a, Message> {
        let (scale, words) = (&self.scale, self.words());
        let staff = &words.staff;
        let entry = &story.entry;
        let (said, colour) = result(entry, words);
        let title = format!("{}  {said}", moment(entry.at_ms / 1000));
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        let facts = [
            time_of_day(entry.at_ms),
            String::new(),
            (words.reason_short)(entry.reason).into(),
            (words.service)(entry.service).into(),
            or_dash(&entry.issuer),
            or_dash(&entry.pass),
            entry.kind.map_or("-", staff.kind).into(),
        ];
        let mut inside =
            column![strong(title, scale.body * 0.7, colour), between(),].spacing(scale.near);
        for (head, fact) in staff
            .columns
            .iter()
            .zip(facts)
            .filter(|(_, fact)| !fact.is_empty())
        {
            inside = inside.push(row![
                plain(*head, scale.table, theme::QUIET).width(FillPortion(1)),
                strong(fact, scale.table, theme::INK).width(FillPortion(3)),
            ]);
        }
        inside = inside.push(between()).push(self.block(story));
        let back = row![
            chip(staff.back, Key::Outlined, scale).on_press(Message::Back),
            space().width(Fill)
        ];
        self.frame(Tab::Entries, inside, back)
    }

    fn block<'a>(&'a self, story: &'a Story) -> Element<'a, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let say = |text: &'a str, colour| plain(text, scale.table, colour);
        if story.entry.pass.is_none() {
            return say(words.no_pass, theme::QUIET).into();
        }
        match &story.block {
            Known::Asked => say(words.wait, theme::QUIET).into(),
            Known::Failed => say(words.failed, theme::REFUSED).into(),
            Known::Is(Some(block)) => column![
                strong(
                    format!("{}: {}", words.is_blocked, self.why(&block.why)),
                    scale.table,
                    theme::REFUSED
                ),
                plain(self.blocked_how(block), scale.table, theme::INK),
                self.unblock(block),
            ]
            .spacing(scale.near)
            .into(),
            Known::Is(None) if story.asked => {
                let why = |at: usize, look| {
                    chip(words.whys[at], look, scale).on_press(Message::Block(WHY[at]))
                };
                column![
                    strong(words.why_block, scale.table, theme::INK),
                    row![
                        why(0, Key::Filled),
                        why(1, Key::Filled),
                        why(2, Key::Filled),
                        space().width(Fill),
                        chip(words.do_not, Key::Outlined, scale).on_press(Message::Ask(false)),
                    ]
                    .spacing(scale.near * 0.5),
                ]
                .spacing(scale.near)
                .into()
            }
            Known::Is(None) => column![
                chip(words.block, Key::Filled, scale).on_press(Message::Ask(true)),
                say(words.block_hint, theme::QUIET),
            ]
            .spacing(scale.near)
            .into(),
        }
    }
}
