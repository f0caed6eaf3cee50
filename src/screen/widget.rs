//! Texts and buttons, as every page has them.

use iced::{
    Center, Color, Element, Fill, Length,
    widget::{Button, Container, Text, button, container, text},
};

use crate::theme::{self, Key, Scale};

/// Lines of one paragraph.
pub(super) const LEADING: f32 = 1.28;

/// Text for reading.
pub(super) fn plain<'a>(
    content: impl text::IntoFragment<'a>,
    size: f32,
    colour: Color,
) -> Text<'a> {
    text(content)
        .font(theme::REGULAR)
        .size(size)
        .line_height(LEADING)
        .color(colour)
}

/// A title.
pub(super) fn strong<'a>(
    content: impl text::IntoFragment<'a>,
    size: f32,
    colour: Color,
) -> Text<'a> {
    text(content)
        .font(theme::SEMIBOLD)
        .size(size)
        .line_height(LEADING)
        .color(colour)
}

/// A large button of the entrance.
pub(super) fn large<'a, M: 'a>(
    label: impl Into<Element<'a, M>>,
    look: Key,
    scale: &Scale,
) -> Button<'a, M> {
    let label = container(label).center(Fill);
    button(label)
        .height(scale.button)
        .padding([0.0, scale.near])
        .style(theme::key(look, scale.radius))
}

/// A small button of the staff pages.
pub(super) fn chip<'a, M: 'a>(label: &'a str, look: Key, scale: &Scale) -> Button<'a, M> {
    let label = container(text(label).font(theme::SEMIBOLD).size(scale.table)).center_y(Fill);
    button(label)
        .height(scale.chip)
        .padding([0.0, scale.near + 4.0])
        .style(theme::key(look, scale.chip / 2.0))
}

/// A flat area.
pub(super) fn area<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    colour: Color,
) -> Container<'a, M> {
    container(content).style(move |_| container::Style {
        background: Some(colour.into()),
        ..container::Style::default()
    })
}

/// A text in the middle of a given width.
pub(super) fn centred<'a>(text: Text<'a>, width: impl Into<Length>) -> Text<'a> {
    text.width(width).align_x(Center)
}

/// A size, `size` at most and `least` at least, at which no line of a text is wider than `width`. Hangul is broken
/// anywhere, also where nobody would break it: better smaller letters than half a word on a line of its own.
pub(super) fn fitting(text: &str, width: f32, size: f32, least: f32) -> f32 {
    // Widths of Pretendard SemiBold in parts of its size, rounded up.
    let of = |letter: char| match letter {
        ' ' => 0.27,
        letter if letter.is_ascii() => 0.66,
        _ => 0.92,
    };
    let longest = text
        .lines()
        .map(|line| line.chars().map(of).sum::<f32>())
        .fold(0.1, f32::max);
    (width / longest).min(size).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_shrink_only_where_a_line_has_no_room() {
        assert_eq!(fitting("들어오세요", 1_000.0, 60.0, 40.0), 60.0);
        let size = fitting("QR 코드를\n화면에 비춰 주세요", 380.0, 60.0, 40.0);
        assert!((40.0..50.0).contains(&size), "{size}");
        assert_eq!(fitting("화면에 비춰 주세요", 100.0, 60.0, 40.0), 40.0);
    }
}
