//! The idle page: preview, one sentence, two buttons; while a code is in view, its outline.

use iced::{
    Center, Element, Fill, Size,
    widget::{Canvas, Stack, column, container, image, mouse_area, row, space, text::Wrapping},
};

use super::{Message, Phase, State, room::Middle};
use crate::{
    kiosk::event::StickState,
    screen::{
        outline::Outline,
        widget::{area, centred, fitting, large, plain, strong},
    },
    text::{other, words},
    theme::{self, Key},
};

/// The preview as it comes from the camera thread: it is drawn 1:1 wherever there is room.
pub const PREVIEW: Size = Size::new(640.0, 480.0);

impl State {
    pub(super) fn idle(&self) -> Element<'_, Message> {
        let scale = &self.scale;
        let page = if scale.upright() {
            let across = scale.window.width - 2.0 * scale.margin;
            let card = || {
                self.card(across)
                    .map(|card| column![card, space().height(scale.near)])
            };
            let (first, then) = (
                self.in_the_middle(self.preview_size()),
                self.sentence(across),
            );
            let page = column![].push(card());
            // What is touched is low, where everybody reaches.
            let page = if self.middle() == Middle::Button {
                page.push(then)
                    .push(space().height(Fill))
                    .push(first)
                    .push(space().height(scale.far))
            } else {
                page.push(first)
                    .push(space().height(scale.far))
                    .push(then)
                    .push(space().height(Fill))
            };
            page.push(self.enrolment(across))
                .align_x(Center)
                .width(Fill)
        } else {
            let beside =
                scale.window.width - 2.0 * scale.margin - self.preview_size().width - scale.far;
            column![
                row![
                    self.in_the_middle(self.preview_size()),
                    column![]
                        .push(self.card(beside))
                        .push(space().height(Fill))
                        .push(self.sentence(beside))
                        .push(space().height(Fill))
                        .push(self.enrolment(beside))
                ]
                .spacing(scale.far)
                .align_y(Center)
            ]
            .width(Fill)
        };
        self.framed(page.height(Fill).into(), Some(self.buttons(Key::Filled)))
    }

    /// How somebody without a pass gets one, where the owner allows it. Who holds up a code needs the room for other words.
    fn enrolment(&self, width: f32) -> Option<Element<'_, Message>> {
        let scale = &self.scale;
        let idle = matches!(self.phase, Phase::Idle) && self.hint.is_none();
        let code = self.enrol.as_ref().filter(|_| idle)?;
        let (code, side) = code.view(scale.button * 2.2);
        let beside = width - side - scale.near;
        let words = self.words().no_pass;
        let size = fitting(words, beside, scale.body, 0.7 * scale.body);
        let said = container(strong(words, size, theme::INK)).center_y(side);
        Some(row![code, said].spacing(scale.near).into())
    }

    /// A page on the ground: shop and clock above, buttons and, when something is wrong, the strip below.
    pub(super) fn framed<'a>(
        &'a self,
        page: Element<'a, Message>,
        buttons: Option<Element<'a, Message>>,
    ) -> Element<'a, Message> {
        let scale = &self.scale;
        let inside = column![self.top(theme::INK), page]
            .push(buttons)
            .spacing(scale.near)
            .padding(iced::Padding::from([scale.near, scale.margin]).bottom(scale.margin * 0.6));
        area(
            column![inside.height(Fill)].push(self.strip()),
            self.ground(),
        )
        .width(Fill)
        .height(Fill)
        .into()
    }

    /// The ground of the page; in the dark it is the lamp.
    pub(super) const fn ground(&self) -> iced::Color {
        if self.lamp {
            theme::LAMP
        } else {
            theme::GROUND
        }
    }

    /// Shop and clock. The clock is the hidden way to the staff pages.
    pub(super) fn top(&self, colour: iced::Color) -> Element<'_, Message> {
        let scale = &self.scale;
        let clock =
            mouse_area(container(strong(&self.clock, scale.body, colour)).center_y(scale.chip))
                .on_press(Message::Hold)
                .on_release(Message::Release)
                .on_exit(Message::Release);
        row![
            container(strong(&self.shop.name, scale.body, colour).wrapping(Wrapping::None))
                .width(Fill)
                .clip(true),
            clock
        ]
        .spacing(scale.near)
        .align_y(Center)
        .into()
    }

    /// Never larger than the window has room for.
    pub(super) fn preview_size(&self) -> Size {
        let Size { width, height } = self.scale.window;
        let room = if self.scale.upright() {
            ((width - 2.0 * self.scale.margin) / PREVIEW.width).min(height * 0.5 / PREVIEW.height)
        } else {
            (width * 0.5 / PREVIEW.width).min((height - 2.6 * self.scale.button) / PREVIEW.height)
        };
        let fits = room.clamp(0.1, 1.0);
        Size::new(
            (PREVIEW.width * fits).round(),
            (PREVIEW.height * fits).round(),
        )
    }

    pub(super) fn preview(&self, Size { width, height }: Size) -> Element<'_, Message> {
        let scale = &self.scale;
        let Some(picture) = &self.picture else {
            let radius = scale.radius;
            return container(centred(
                plain(self.words().camera_starts, scale.body, theme::PAPER),
                Fill,
            ))
            .center_x(width)
            .center_y(height)
            .style(move |_| container::Style {
                background: Some(theme::SHUTTER.into()),
                border: iced::border::rounded(radius),
                ..container::Style::default()
            })
            .into();
        };
        let code = match self.phase {
            Phase::Reading { corners, .. } => Some(corners),
            _ => None,
        };
        let outline = Outline {
            code,
            radius: scale.radius,
            ground: self.ground(),
        };
        Stack::with_children([
            image(picture.handle.clone())
                .width(width)
                .height(height)
                .into(),
            Canvas::new(outline).width(width).height(height).into(),
        ])
        .width(width)
        .height(height)
        .clip(true)
        .into()
    }

    /// Help, and the other language: low, where everybody reaches.
    pub(super) fn buttons(&self, look: Key) -> Element<'_, Message> {
        let (scale, here, there) = (&self.scale, self.words(), words(other(self.language)));
        let second = if look == Key::Filled {
            Key::Outlined
        } else {
            look
        };
        let label = |text| {
            iced::widget::text(text)
                .font(theme::SEMIBOLD)
                .size(scale.body)
                .wrapping(Wrapping::None)
        };
        row![
            large(label(here.call), look, scale)
                .width(Fill)
                .on_press(Message::Call),
            large(label(there.language), second, scale)
                .width(scale.body * 5.2)
                .on_press(Message::Language),
        ]
        .spacing(scale.near)
        .into()
    }

    /// Nothing, when all is well.
    fn strip(&self) -> Option<Element<'_, Message>> {
        let scale = &self.scale;
        if let Some((state, _)) = self.stick {
            let colour = match state {
                StickState::Reading | StickState::Updated | StickState::Unchanged => theme::INK,
                _ => theme::WARNING,
            };
            let text = strong((self.words().stick)(state), scale.body, theme::PAPER);
            let note = area(centred(text, Fill), colour);
            return Some(note.padding([4.0, scale.near]).into());
        }
        let part = self.faults.iter().next()?;
        let text = strong(
            (self.words().strip)(*part, self.kind),
            scale.body,
            theme::PAPER,
        );
        Some(
            area(text, theme::WARNING)
                .center_x(Fill)
                .padding([4.0, scale.near])
                .into(),
        )
    }
}
