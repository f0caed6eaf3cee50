//! The one sentence of the idle page: what to do, that a code is looked at, or what would help to read it.

use iced::{
    Center, Element,
    widget::{column, row},
};

use super::{Message, Phase, State, room::Middle};
use crate::{
    screen::{
        pictogram::pictogram,
        widget::{LEADING, area, centred, fitting, plain, strong},
    },
    text::{Words, other, words},
    theme,
};

impl State {
    /// Title and second texts, at most this wide.
    pub(super) fn sentence(&self, width: f32) -> Element<'_, Message> {
        let (scale, here, there) = (&self.scale, self.words(), words(other(self.language)));
        // On a ground of its own: the renderer draws anew what lies in an area that changed, and of a text less than all.
        let mut lines = column![area(self.headline(width), self.ground())]
            .align_x(Center)
            .spacing(scale.near);
        // A word about the room needs the place of the second language.
        if scale.upright() && self.card(width).is_none() {
            let other = match (self.hint, &self.phase) {
                (None, Phase::Idle) if self.middle() == Middle::Picture => {
                    there.hold_code_line.to_string()
                }
                _ => self.title(there).replace('\n', " "),
            };
            lines = lines.push(centred(plain(other, scale.body, theme::QUIET), width));
        }
        lines
            .push(centred(
                plain(here.no_picture, scale.body, theme::QUIET),
                width,
            ))
            .into()
    }

    /// The title, and the pictogram of a hint: beside it on an upright panel, else above it.
    fn headline(&self, width: f32) -> Element<'_, Message> {
        let (scale, title) = (&self.scale, self.title(self.words()));
        let beside = width - scale.pictogram - scale.near;
        let drawn = self.hint.filter(|_| self.has_room(title, width, beside));
        let size = |width| fitting(title, width, scale.title, scale.body);
        match drawn {
            None => centred(strong(title, size(width), theme::INK), width).into(),
            Some(hint) if scale.upright() => row![
                pictogram(hint, scale.pictogram),
                strong(title, size(beside), theme::INK).align_x(Center)
            ]
            .spacing(scale.near)
            .align_y(Center)
            .into(),
            Some(hint) => column![
                pictogram(hint, scale.pictogram),
                centred(strong(title, size(width), theme::INK), width)
            ]
            .spacing(scale.near)
            .align_x(Center)
            .into(),
        }
    }

    /// Whether a pictogram leaves the texts their size: they say more.
    #[allow(clippy::cast_precision_loss)]
    fn has_room(&self, title: &str, width: f32, beside: f32) -> bool {
        let scale = &self.scale;
        if scale.upright() {
            return fitting(title, beside, scale.title, 0.0) >= scale.body;
        }
        let size = fitting(title, width, scale.title, scale.body);
        let texts = LEADING * (size * title.lines().count() as f32 + scale.body);
        let around = scale.chip + scale.button + 4.0 * scale.near + scale.margin;
        scale.pictogram + texts + 2.0 * scale.near <= scale.window.height - around
    }

    fn title(&self, words: &Words) -> &'static str {
        match (self.hint, &self.phase) {
            (Some(hint), _) => (words.hint)(hint),
            (None, Phase::Reading { .. }) => words.reading,
            (None, _) if self.is_low() && self.card(self.scale.window.width).is_some() => {
                match self.to_do(words) {
                    three if three.lines().count() > 2 => words.hold_code_line,
                    other => other,
                }
            }
            (None, _) => self.to_do(words),
        }
    }
}
