//! The page that asks: a code for the visitor's wallet, and the picture of the camera that waits for the answer.

use std::time::{Duration, Instant};

use iced::{
    Center, Element, Fill, Size,
    widget::{column, row},
};

use super::{Message, State};
use crate::{
    screen::{
        code::Code,
        sign::countdown,
        widget::{LEADING, centred, fitting, plain, strong},
    },
    theme::{self, Key},
};

/// The shares of the camera's picture that are drawn: the CPU renderer puts a picture on whole pixels of its source only,
/// and with any other share it would peep out of its frame.
const PICTURES: [f32; 2] = [0.5, 0.25];

/// The code that is shown, and for how long.
pub(super) struct Asked {
    code: Code,
    since: Instant,
    pub(super) until: Instant,
}

impl Asked {
    /// `None` where the text fits no code.
    pub(super) fn new(text: &str, seconds: u64, now: Instant) -> Option<Self> {
        Some(Self {
            code: Code::of(text)?,
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
        let upright = scale.upright();
        let room = if upright {
            (high * 0.46).min(across)
        } else {
            high.min(across * 0.46)
        };
        let (code, side) = asked.code.view(room);
        let width = if upright {
            across
        } else {
            across - side - scale.far
        };
        let texts = self.asking(width);
        let left_over = if upright {
            high - side - scale.near
        } else {
            high
        };
        let picture = self.small_preview(width, left_over - self.asking_height() - scale.near);
        let below = row![]
            .push(picture)
            .push(countdown(left, seconds, self.ground(), self.ring()))
            .spacing(scale.far)
            .align_y(Center);
        // Everything has whole numbers of pixels: a picture between them gets a seam.
        let said = column![texts, below]
            .spacing(scale.near)
            .align_x(Center)
            .width(Fill);
        let page: Element<'_, Message> = if upright {
            let page = column![code, said].spacing(scale.near).align_x(Center);
            page.width(Fill).height(Fill).into()
        } else {
            row![code, said].spacing(scale.far).height(Fill).into()
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
        .height(self.asking_height())
        .into()
    }

    fn then(&self) -> &'static str {
        let words = self.words();
        self.hint.map_or(words.challenge_then, words.hint)
    }

    #[allow(clippy::cast_precision_loss, reason = "some lines")]
    fn asking_height(&self) -> f32 {
        let lines = self.words().challenge.lines().count() + self.then().lines().count();
        (lines as f32 * self.scale.body * LEADING + self.scale.near / 2.0).ceil()
    }

    fn ring(&self) -> f32 {
        (self.scale.pictogram * 0.6).round() * 2.0
    }

    /// The camera's picture beside the ring, where there is room for it.
    fn small_preview(&self, across: f32, room: f32) -> Option<Element<'_, Message>> {
        let scale = &self.scale;
        let width = across - self.ring() - scale.far;
        let share = PICTURES.into_iter().find(|share| {
            super::PREVIEW.width * share <= width && super::PREVIEW.height * share <= room
        })?;
        Some(self.preview(super::PREVIEW * share))
    }

    /// What a page in the frame has no room in: shop and clock, buttons, spaces, perhaps the strip.
    fn around(&self) -> f32 {
        let scale = &self.scale;
        let strip = if self.faults.is_empty() {
            0.0
        } else {
            scale.body * LEADING + 8.0
        };
        scale.chip + scale.button + 3.0 * scale.near + 0.6 * scale.margin + strip
    }
}
