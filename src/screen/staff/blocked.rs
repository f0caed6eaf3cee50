//! The passes that are blocked at this kiosk: who did it, when and why, and the way back.

use iced::{
    Center, Element, Fill,
    widget::{column, row, space},
};

use super::{
    Message, State, Tab,
    frame::{TOUCH, between, instead, moment, room, window},
};
use crate::{
    screen::widget::{chip, plain, strong},
    store::{Blocked, Role, WHY},
    theme::{self, Key, Scale},
};

/// The list.
#[derive(Default)]
pub(super) struct Blocks {
    /// `None` until the store has answered.
    pub(super) all: Option<Vec<Blocked>>,
    pub(super) failed: bool,
    pub(super) page: usize,
}

/// How many blocks the screen has room for.
pub(super) fn fit(scale: &Scale) -> usize {
    let row = height(scale) + 1.0 + 2.0 * scale.near * 0.5;
    ((room(scale) - scale.near) / row).floor().max(1.0) as usize
}

fn height(scale: &Scale) -> f32 {
    (2.0 * 1.4 * scale.table).max(TOUCH)
}

impl State {
    pub(super) fn blocked<'a>(&'a self, blocks: &'a Blocks) -> Element<'a, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let all = blocks.all.as_deref().unwrap_or_default();
        let (first, last) = window(all.len(), blocks.page, fit(scale));
        let mut inside = column![].spacing(scale.near * 0.5);
        if all.is_empty() {
            let (said, colour) = match (&blocks.all, blocks.failed) {
                (_, true) => (words.failed, theme::REFUSED),
                (None, false) => (words.wait, theme::QUIET),
                (Some(_), false) => (words.nothing_blocked, theme::QUIET),
            };
            inside = inside.push(instead(said, colour, scale));
        }
        for block in &all[first..last] {
            let said = column![
                strong(
                    format!("{}  {}", block.number, self.why(&block.why)),
                    scale.table,
                    theme::INK
                ),
                plain(self.blocked_how(block), scale.table, theme::QUIET),
            ];
            inside = inside.push(between()).push(
                row![said.width(Fill), self.unblock(block)]
                    .height(height(scale))
                    .align_y(Center),
            );
        }
        let first_shown = first as u64 + u64::from(last > first);
        let said = (words.rows)(first_shown, last as u64, all.len() as u64);
        self.frame(
            Tab::Blocked,
            inside,
            self.turns(words.pages, said, (first > 0, last < all.len())),
        )
    }

    /// A reason of the staff pages in the language of the screen; another one as it was given.
    pub(super) fn why<'a>(&self, why: &'a str) -> &'a str {
        let at = WHY.iter().position(|one| *one == why);
        at.map_or(why, |at| self.words().staff.whys[at])
    }

    /// Who blocked it, and when.
    pub(super) fn blocked_how(&self, block: &Blocked) -> String {
        (self.words().staff.blocked_by)(&block.who, &moment(block.at))
    }

    /// The way back, for whoever may go it: a second touch, for a slip of the finger would open the door.
    pub(super) fn unblock<'a>(&'a self, block: &'a Blocked) -> Element<'a, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        if !self.may_unblock(block) {
            return space().into();
        }
        let sure = self.sure.as_deref() == Some(block.number.as_str());
        let (label, look) = if sure {
            (words.unblock.1, Key::Filled)
        } else {
            (words.unblock.0, Key::Outlined)
        };
        chip(label, look, scale)
            .on_press(Message::Unblock(block.number.clone()))
            .into()
    }

    /// The owner, and whoever blocked it.
    pub(super) fn may_unblock(&self, block: &Blocked) -> bool {
        self.who
            .as_ref()
            .is_some_and(|who| who.role == Role::Owner || who.name == block.who)
    }
}
