//! Pages that stay: a part that failed, and the telephone number.

use iced::{
    Center, Element, Fill,
    widget::{column, container, row, space},
};

use super::{Message, State};
use crate::{
    kiosk::event::Part,
    screen::{
        sign::Sign,
        widget::{centred, fitting, large, plain, strong},
    },
    theme::{self, Key},
};

impl State {
    pub(super) fn fault(&self, part: Part) -> Element<'_, Message> {
        let (title, next) = (self.words().fault)(part, self.kind);
        let title = (title.to_string(), self.scale.title);
        // Nobody waits for this page to end: its ring is whole.
        self.notice_page(
            Sign::Exclamation,
            1.0,
            theme::WARNING,
            title,
            vec![next.into()],
            true,
        )
    }

    pub(super) fn call(&self) -> Element<'_, Message> {
        let (scale, words) = (&self.scale, self.words());
        let sentence = if self.shop.phone.is_empty() {
            words.call_nobody
        } else {
            words.call_number
        };
        let room = scale.window.width - 2.0 * scale.margin;
        let size = fitting(&self.shop.phone, room, scale.display, scale.body);
        let mut texts = column![
            centred(strong(words.call_title, scale.title, theme::INK), Fill),
            centred(plain(sentence, scale.body, theme::INK), Fill),
        ]
        .spacing(scale.near);
        if !self.shop.phone.is_empty() {
            texts = texts.push(space().height(scale.near));
            texts = texts.push(centred(strong(&self.shop.phone, size, theme::INK), Fill));
        }
        let back = iced::widget::text(words.back)
            .font(theme::SEMIBOLD)
            .size(scale.body);
        let back = row![
            large(back, Key::Filled, scale)
                .width(Fill)
                .on_press(Message::Back)
        ];
        let page = container(texts.align_x(Center)).center(Fill);
        self.framed(page.into(), Some(back.into()))
    }
}
