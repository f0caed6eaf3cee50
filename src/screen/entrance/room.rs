//! What stands in place of the camera's picture where a room is in use, a door is free to everybody, or nobody comes in;
//! and how the room is, above the picture, while visitors may come.

use std::time::Instant;

use iced::{
    Center, Color, Element, Fill, Size,
    widget::{button, column, container, row},
};

use super::{Message, Phase, State};
use crate::{
    gate::Access,
    pass::Reason,
    screen::{
        Cue,
        room::{Figure, Seen, figure},
        widget::{LEADING, centred, fitting, plain, strong},
    },
    text::Words,
    theme::{self, Key},
};

/// Below this height a panel has room for words beside a figure only, in logical pixels.
const LOW: f32 = 300.0;

/// What the middle of the idle page is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Middle<'a> {
    /// The camera's picture: a pass is asked for.
    Picture,
    /// A room in which somebody is.
    Taken(&'a Seen),
    /// The button that opens.
    Button,
    /// Nobody comes in now.
    Closed,
}

impl State {
    /// The room is like this now; an end of the stay is heard.
    pub(super) fn seen(&mut self, seen: Seen) -> Option<Cue> {
        use crate::gate::room::State::Overstayed;
        let before = self.room.as_ref().map(|room| room.state);
        let over = seen.state == Overstayed && before != Some(Overstayed);
        self.room = Some(seen);
        over.then_some(Cue::Overstayed)
    }

    /// The room, where there is one.
    #[must_use]
    pub fn room(&self) -> Option<&Seen> {
        self.room.as_ref()
    }

    pub(super) fn middle(&self) -> Middle<'_> {
        // A code in view is shown whatever else there is.
        if matches!(self.phase, Phase::Reading { .. }) || self.hint.is_some() {
            return Middle::Picture;
        }
        match (&self.room, self.access) {
            (_, Access::Closed) => Middle::Closed,
            (Some(room), _) if !room.state.admits() => Middle::Taken(room),
            (_, Access::Free) => Middle::Button,
            (_, Access::Pass) => Middle::Picture,
        }
    }

    /// The sentence of the idle page.
    pub(super) fn to_do(&self, words: &Words) -> &'static str {
        match self.middle() {
            Middle::Picture => words.hold_code,
            Middle::Taken(room) => (words.room_wait)(room.state),
            Middle::Button => words.open_hint,
            Middle::Closed => (words.reason)(Reason::Closed).1,
        }
    }

    /// The middle of the idle page, of this size.
    pub(super) fn in_the_middle(&self, size: Size) -> Element<'_, Message> {
        let words = self.words();
        match self.middle() {
            Middle::Picture => self.preview(size),
            Middle::Button => self.open_button(size),
            Middle::Taken(room) => {
                let lines = ((words.room)(room.state), room.line(words, self.now));
                self.panel(size, room.colour(), room.figure(), lines)
            }
            Middle::Closed => {
                let lines = ((words.reason)(Reason::Closed).0, None);
                self.panel(size, theme::SHUTTER, Figure::Locked, lines)
            }
        }
    }

    /// A flat area with a figure, a title and a line.
    fn panel(
        &self,
        size: Size,
        ground: Color,
        which: Figure,
        lines: (&'static str, Option<String>),
    ) -> Element<'_, Message> {
        let radius = self.scale.radius;
        let inside = self.figured(size, ground, which, lines);
        container(inside)
            .center_x(size.width)
            .center_y(size.height)
            .style(move |_| container::Style {
                background: Some(ground.into()),
                border: iced::border::rounded(radius),
                ..container::Style::default()
            })
            .into()
    }

    /// Figure above the words; beside them on a low panel.
    #[allow(clippy::cast_precision_loss, reason = "some lines")]
    fn figured(
        &self,
        size: Size,
        ground: Color,
        which: Figure,
        (title, line): (&'static str, Option<String>),
    ) -> Element<'_, Message> {
        let scale = &self.scale;
        let room = size.width - 2.0 * scale.near;
        let least = 0.8 * scale.body;
        let lines = line.as_ref().map_or(0, |line| line.lines().count());
        let most = if lines > 1 { scale.body } else { scale.title };
        let second = line
            .as_ref()
            .map_or(0.0, |line| fitting(line, room, most, least));
        let below = |line: String| centred(plain(line, second, theme::PAPER), room);
        if size.height < LOW {
            let side = scale.title;
            let letter = fitting(title, room - side - scale.near, scale.title, least);
            let first = row![
                figure(which, ground, side),
                strong(title, letter, theme::PAPER)
            ]
            .spacing(scale.near)
            .align_y(Center);
            return column![first]
                .push(line.map(below))
                .spacing(scale.near)
                .align_x(Center)
                .into();
        }
        let letter = fitting(title, room, scale.display, least);
        let texts = LEADING * (letter * title.lines().count() as f32 + second * lines as f32);
        let left = size.height - texts - 4.0 * scale.near;
        column![
            figure(which, ground, left.min(size.height * 0.38)),
            centred(strong(title, letter, theme::PAPER), room)
        ]
        .push(line.map(below))
        .spacing(scale.near)
        .align_x(Center)
        .into()
    }

    /// As large as the picture would be: it is what the page is for.
    fn open_button(&self, size: Size) -> Element<'_, Message> {
        let inside = self.figured(
            size,
            theme::GRANTED,
            Figure::Door,
            (self.words().open, None),
        );
        button(container(inside).center(Fill))
            .width(size.width)
            .height(size.height)
            .style(theme::key(Key::Open, self.scale.radius))
            .on_press(Message::Open)
            .into()
    }

    /// How the room is, while visitors may come: a line above the picture or the sentence.
    pub(super) fn card(&self, width: f32) -> Option<Element<'_, Message>> {
        let idle = matches!(self.phase, Phase::Idle) && self.hint.is_none();
        let open = self.access != Access::Closed;
        let room = self
            .room
            .as_ref()
            .filter(|room| idle && open && room.state.admits())?;
        let scale = &self.scale;
        let (letter, ground) = (
            if self.is_low() {
                scale.body
            } else {
                scale.title
            },
            room.colour(),
        );
        let title = (self.words().room)(room.state);
        let room_for = width - letter - 3.0 * scale.near;
        let said = row![
            figure(room.figure(), ground, letter),
            strong(
                title,
                fitting(title, room_for, letter, 0.8 * scale.body),
                theme::PAPER
            )
        ]
        .spacing(scale.near)
        .align_y(Center);
        let radius = scale.radius;
        let card = container(said)
            .center_x(width)
            .center_y((letter * LEADING + 0.5 * scale.near).ceil())
            .style(move |_| container::Style {
                background: Some(ground.into()),
                border: iced::border::rounded(radius),
                ..container::Style::default()
            });
        Some(card.into())
    }

    /// Whether a lying panel has no room for large letters beside the picture.
    pub(super) fn is_low(&self) -> bool {
        !self.scale.upright() && self.preview_size().height < LOW
    }
}

/// What an event says of the room.
pub(super) fn seen_of(event: &crate::kiosk::event::Event, now: Instant) -> Option<Seen> {
    match event {
        crate::kiosk::event::Event::Room {
            state,
            since,
            left_seconds,
            ..
        } => Some(Seen::of(*state, since.as_deref(), *left_seconds, now)),
        _ => None,
    }
}
