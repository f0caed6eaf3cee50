//! The page of a result: one flat colour, one sign, one title, what to do next.

use iced::{
    Center, Color, Element, Fill,
    widget::{column, container, row, space},
};

use super::{Message, Outcome, State};
use crate::{
    config::DoorKind,
    pass::Reason,
    screen::{
        sign::{Sign, sign},
        widget::{area, centred, plain, strong},
    },
    text::{Words, other, words},
    theme::{self, Key},
};

/// What a result page says, largest first.
struct Said {
    sign: Sign,
    ground: Color,
    title: String,
    title_size: f32,
    lines: Vec<String>,
    call: bool,
}

impl State {
    pub(super) fn result(&self, outcome: Outcome, left: f32, seconds: u64) -> Element<'_, Message> {
        let said = self.said(outcome, seconds);
        self.notice_page(
            said.sign,
            left,
            said.ground,
            (said.title, said.title_size),
            said.lines,
            said.call,
        )
    }

    fn said(&self, outcome: Outcome, seconds: u64) -> Said {
        let (scale, here, there): (_, &Words, &Words) =
            (&self.scale, self.words(), words(other(self.language)));
        let advice = |sign, ground, (title, next): (&str, &str), call| Said {
            sign,
            ground,
            title: title.into(),
            title_size: scale.title,
            lines: vec![next.into()],
            call,
        };
        match outcome {
            Outcome::Granted(service) if self.kind == DoorKind::Vend => Said {
                sign: Sign::Machine,
                ground: theme::GRANTED,
                title: here.use_machine.into(),
                title_size: scale.title,
                lines: [there.use_machine.replace('\n', " ")]
                    .into_iter()
                    .chain(service.map(|service| (here.checked)(service).into()))
                    .collect(),
                call: false,
            },
            Outcome::Granted(service) => Said {
                sign: Sign::Tick,
                ground: theme::GRANTED,
                title: here.come_in.into(),
                title_size: scale.display,
                lines: [there.come_in.into(), (here.door_open)(seconds)]
                    .into_iter()
                    .chain(service.map(|service| (here.checked)(service).into()))
                    .collect(),
                call: false,
            },
            // Nothing is wrong with the pass.
            Outcome::Refused(reason @ Reason::Occupied, _) => {
                advice(Sign::Lock, theme::UNDECIDED, (here.reason)(reason), true)
            }
            Outcome::Refused(Reason::TooYoung, service) => {
                advice(Sign::Cross, theme::REFUSED, (here.too_young)(service), true)
            }
            Outcome::Refused(reason, _) => {
                advice(Sign::Cross, theme::REFUSED, (here.reason)(reason), true)
            }
            Outcome::Undecided(reason) => advice(
                Sign::Question,
                theme::UNDECIDED,
                (here.reason)(reason),
                true,
            ),
            Outcome::DoorFailed => advice(
                Sign::Exclamation,
                theme::WARNING,
                (here.door_failed)(self.kind),
                true,
            ),
        }
    }

    /// Sign and texts on one colour: below each other on an upright panel, else beside each other.
    pub(super) fn notice_page(
        &self,
        which: Sign,
        left: f32,
        ground: Color,
        (title, title_size): (String, f32),
        lines: Vec<String>,
        call: bool,
    ) -> Element<'_, Message> {
        let scale = &self.scale;
        let sign = sign(which, left, ground, scale.sign);
        let across = scale.window.width - 2.0 * scale.margin;
        let width = if scale.upright() {
            across
        } else {
            across - scale.sign - 2.0 * scale.far
        };
        let mut texts =
            column![centred(strong(title, title_size, theme::PAPER), width)].spacing(scale.near);
        for line in lines {
            texts = texts.push(centred(plain(line, scale.body, theme::PAPER), width));
        }
        let middle: Element<'_, Message> = if scale.upright() {
            column![
                space().height(iced::FillPortion(2)),
                sign,
                space().height(scale.far * 1.5),
                texts,
                space().height(iced::FillPortion(3))
            ]
            .align_x(Center)
            .width(Fill)
            .height(Fill)
            .into()
        } else {
            container(row![sign, texts].spacing(2.0 * scale.far).align_y(Center))
                .center(Fill)
                .into()
        };
        let page = column![self.top(theme::PAPER), middle]
            .push(call.then(|| self.buttons(Key::Paper)))
            .padding(iced::Padding::from([scale.near, scale.margin]).bottom(scale.margin * 0.6))
            .spacing(scale.near);
        area(page, ground).width(Fill).height(Fill).into()
    }
}
