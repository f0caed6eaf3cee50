//! The page that asks: a code for the visitor's wallet, and the picture of the camera that waits for the answer.

use std::time::{Duration, Instant};

use iced::{
    Center, Element, Fill, Size,
    widget::{column, image, row, space},
};

use super::{Message, State};
use crate::{
    pass::symbol::{Medium, Symbol},
    screen::{
        sign::countdown,
        widget::{centred, fitting, plain, strong},
    },
    theme::{self, Key},
};

/// Less of the camera's picture than this tells nobody anything.
const LEAST_PICTURE: f32 = 120.0;

/// The code that is shown, and for how long.
pub(super) struct Asked {
    /// A pixel a module, quiet zone included, black on white whatever the theme.
    code: image::Handle,
    side: f32,
    since: Instant,
    pub(super) until: Instant,
}

impl Asked {
    /// `None` where the text fits no code.
    #[allow(clippy::cast_precision_loss, reason = "some dozens of modules")]
    pub(super) fn new(text: &str, seconds: u64, now: Instant) -> Option<Self> {
        let code = Symbol::of(text, Medium::Screen).ok()?;
        let side = code.framed_side();
        let mut pixels = Vec::with_capacity(side * side * 4);
        for at in 0..side * side {
            let grey = if code.is_dark(at % side, at / side) {
                0
            } else {
                255
            };
            pixels.extend([grey, grey, grey, 255]);
        }
        let pixels_a_side = u32::try_from(side).ok()?;
        Some(Self {
            code: image::Handle::from_rgba(pixels_a_side, pixels_a_side, pixels),
            side: side as f32,
            since: now,
            until: now + Duration::from_secs(seconds),
        })
    }

    /// The share of its time that is left, and the seconds, rounded up.
    pub(super) fn left(&self, now: Instant) -> (f32, u64) {
        let left = self.until.saturating_duration_since(now);
        let whole = self.until.saturating_duration_since(self.since);
        (
            left.as_secs_f32() / whole.as_secs_f32().max(f32::EPSILON),
            u64::try_from(left.as_millis().div_ceil(1000)).unwrap_or(u64::MAX),
        )
    }

    /// The code in a square of at most this side: each module has the same number of pixels.
    fn view(&self, room: f32) -> Element<'_, Message> {
        let side = (room / self.side).floor().max(1.0) * self.side;
        image(self.code.clone())
            .filter_method(image::FilterMethod::Nearest)
            .width(side)
            .height(side)
            .into()
    }
}

impl State {
    pub(super) fn challenge<'a>(
        &'a self,
        asked: &'a Asked,
        left: f32,
        seconds: u64,
    ) -> Element<'a, Message> {
        let scale = &self.scale;
        let Size { width, height } = scale.window;
        let (across, high) = (width - 2.0 * scale.margin, height - self.around());
        let ring = || countdown(left, seconds, self.ground(), scale.pictogram * 1.2);
        let page: Element<'_, Message> = if scale.upright() {
            let texts = self.asking(across);
            let code = (high * 0.46).min(across);
            let room = high - code - self.asking_height(across) - 3.0 * scale.near;
            let below = row![].push(self.small_preview(across, room)).push(ring());
            column![
                asked.view(code),
                texts,
                space().height(Fill),
                below.spacing(scale.far).align_y(Center),
                space().height(Fill),
            ]
            .spacing(scale.near)
            .align_x(Center)
            .width(Fill)
            .into()
        } else {
            let code = high.min(across * 0.46);
            let beside = across - code - scale.far;
            let room = high - self.asking_height(beside) - scale.near;
            let below = row![].push(self.small_preview(beside, room)).push(ring());
            row![
                asked.view(code),
                column![
                    self.asking(beside),
                    below.spacing(scale.far).align_y(Center)
                ]
                .spacing(scale.near)
                .align_x(Center)
                .width(Fill)
            ]
            .spacing(scale.far)
            .align_y(Center)
            .height(Fill)
            .into()
        };
        self.framed(page, Some(self.buttons(Key::Filled)))
    }

    /// What the wallet shall do, then where its answer goes or what would help to read it.
    fn asking(&self, width: f32) -> Element<'_, Message> {
        let (scale, words) = (&self.scale, self.words());
        let size = |text| fitting(text, width, scale.body, 0.8 * scale.body);
        let then = self.then();
        column![
            centred(
                strong(words.challenge, size(words.challenge), theme::INK),
                width
            ),
            centred(plain(then, size(then), theme::QUIET), width),
        ]
        .spacing(scale.near / 2.0)
        .into()
    }

    fn then(&self) -> &'static str {
        let words = self.words();
        self.hint.map_or(words.challenge_then, words.hint)
    }

    #[allow(clippy::cast_precision_loss, reason = "some lines")]
    fn asking_height(&self, _width: f32) -> f32 {
        let lines = self.words().challenge.lines().count() + self.then().lines().count();
        lines as f32 * self.scale.body * 1.28 + self.scale.near
    }

    /// The camera's picture beside the ring, where there is room for it.
    fn small_preview(&self, across: f32, room: f32) -> Option<Element<'_, Message>> {
        let scale = &self.scale;
        let width = across - scale.pictogram * 1.2 - scale.far;
        let height = room.min(width * 0.75).min(super::PREVIEW.height);
        let size = Size::new((height / 0.75).round(), height.round());
        (height >= LEAST_PICTURE).then(|| self.preview(size))
    }

    /// What a page in the frame has no room in: shop and clock, buttons, spaces, perhaps the strip.
    fn around(&self) -> f32 {
        let scale = &self.scale;
        let strip = if self.faults.is_empty() {
            0.0
        } else {
            scale.body * 1.28 + 8.0
        };
        scale.chip + scale.button + 3.0 * scale.near + 0.6 * scale.margin + strip
    }
}
