//! The pad for a code.

use iced::{
    Center, Element, Fill,
    widget::{Canvas, column, container, row, space},
};

use super::{DIGITS, Message, Note, Pad, Purpose, State};
use crate::{
    screen::{
        sign::Dots,
        widget::{area, centred, chip, large, plain, strong},
    },
    theme::{self, Key},
};

impl State {
    pub(super) fn pad(&self, pad: &Pad) -> Element<'_, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let title = match pad.purpose {
            Purpose::Unknown | Purpose::Enter => words.code,
            Purpose::Choose => words.first_code,
            Purpose::Repeat(_) => words.again,
        };
        let note = match pad.note {
            None => String::new(),
            Some(Note::Hint) => words.first_hint.into(),
            Some(Note::Saved) => words.saved.into(),
            Some(Note::Wait) => words.wait.into(),
            Some(Note::Wrong) => words.wrong.into(),
            Some(Note::Weak) => words.weak.into(),
            Some(Note::Different) => words.different.into(),
            Some(Note::Failed) => words.failed.into(),
            Some(Note::LockedUntil(until)) => {
                (words.locked)(until.saturating_sub(u64::try_from(self.unix).unwrap_or(0)))
            }
        };
        // Red is for what went wrong, green for what is done; what to do is told quietly.
        let tone = match pad.note {
            None | Some(Note::Hint | Note::Wait) => theme::QUIET,
            Some(Note::Saved) => theme::GRANTED,
            Some(_) => theme::REFUSED,
        };
        let small = scale.body * 0.7;
        let dots = Dots {
            filled: pad.typed.len(),
            all: DIGITS,
        };
        let said = column![
            centred(strong(title, scale.body, theme::INK), Fill),
            Canvas::new(dots).width(scale.body * 8.0).height(scale.body),
            container(centred(plain(note, small, tone), Fill)).height(small * 2.8),
        ]
        .spacing(scale.near)
        .align_x(Center);

        let page: Element<'_, Message> = if scale.upright() {
            column![said.width(Fill), self.keys(pad)]
                .spacing(scale.near)
                .align_x(Center)
                .into()
        } else {
            row![said.width(Fill), self.keys(pad)]
                .spacing(scale.far)
                .align_y(Center)
                .into()
        };
        let close = row![
            space().width(Fill),
            chip(words.close, Key::Outlined, scale).on_press(Message::Close)
        ];
        let inside = column![close, container(page).center(Fill)]
            .padding(iced::Padding::from([scale.near, scale.margin]).bottom(scale.margin * 0.6));
        area(inside, theme::GROUND).width(Fill).height(Fill).into()
    }

    /// Ten digits, as on a telephone.
    fn keys(&self, pad: &Pad) -> Element<'_, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let height = if scale.upright() {
            scale.button * 1.1
        } else {
            (scale.window.height - scale.chip - 8.0 * scale.near) / 4.0
        };
        // Beside the keys the title has room for nine of its letters.
        let beside = if scale.upright() {
            0.0
        } else {
            9.0 * scale.body + scale.far
        };
        let room = scale.window.width - 2.0 * scale.margin - beside - 2.0 * scale.near;
        let width = (room / 3.0).min(height * 1.5);
        let key = |label: String, message: Message| {
            let label = iced::widget::text(label)
                .font(theme::SEMIBOLD)
                .size(scale.body);
            large(label, Key::Outlined, scale)
                .width(width)
                .height(height)
                .on_press_maybe((!pad.busy).then_some(message))
        };
        let digit = |digit: u8| key(digit.to_string(), Message::Digit(digit)).into();
        let mut keys = column![].spacing(scale.near);
        for first in [1, 4, 7] {
            keys = keys.push(row((first..first + 3).map(digit)).spacing(scale.near));
        }
        let erase = iced::widget::text(words.erase)
            .font(theme::SEMIBOLD)
            .size(scale.body * 0.6);
        let erase = large(erase, Key::Outlined, scale)
            .width(width)
            .height(height)
            .on_press_maybe((!pad.busy).then_some(Message::Erase));
        let last = row![space().width(width), digit(0), erase].spacing(scale.near);
        keys.push(last).into()
    }
}
