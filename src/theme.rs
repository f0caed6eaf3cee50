//! How everything looks: the one place of colours, type sizes, spacing and radii. Flat areas only: a gradient, shadow or
//! opacity costs the CPU renderer 10 to 40 ms a frame.

use iced::{Background, Border, Color, Font, Size, Theme, font, widget::button};

/// The bundled font.
pub const FONTS: [&[u8]; 2] = crate::fonts::PRETENDARD;
/// For reading.
pub const REGULAR: Font = Font::with_name("Pretendard");
/// For titles and buttons.
pub const SEMIBOLD: Font = Font {
    weight: font::Weight::Semibold,
    ..REGULAR
};

/// Ground of every page.
pub const GROUND: Color = rgb(0xF7_F6_F2);
/// The ground where the screen is the only lamp: as much light as it gives.
pub const LAMP: Color = rgb(0xFF_FF_FF);
/// Text on the ground.
pub const INK: Color = rgb(0x14_21_3D);
/// Second text on the ground.
pub const QUIET: Color = rgb(0x55_60_6E);
/// Lines between things.
pub const LINE: Color = rgb(0xE2_DE_D2);
/// Text on a dark area.
pub const PAPER: Color = rgb(0xFF_FF_FF);
/// The modules of a code that a phone reads, on [`PAPER`].
pub const CODE: Color = rgb(0x00_00_00);
/// The door opens.
pub const GRANTED: Color = rgb(0x0B_6B_43);
/// It does not.
pub const REFUSED: Color = rgb(0x9E_2A_2B);
/// It could not be decided.
pub const UNDECIDED: Color = rgb(0x3D_3A_6B);
/// Something does not work.
pub const WARNING: Color = rgb(0x8A_5A_00);
/// Where the camera's picture will be.
pub const SHUTTER: Color = rgb(0x2B_38_55);
/// A key that is held down.
const PRESSED: Color = rgb(0x2F_3D_5E);

/// Text height that eyes at arm's length read, in millimetres: up to 11 inches, and above.
const LETTER_MM: (f32, f32) = (7.25, 12.0);
/// The largest panel that counts as held in the hand, in inches.
const SMALL_PANEL: f32 = 11.0;
const MM_PER_INCH: f32 = 25.4;

const fn rgb(hex: u32) -> Color {
    Color::from_rgb8((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// `share` of one colour over another, mixed beforehand: the renderer gets an opaque one.
#[must_use]
pub fn mix(over: Color, under: Color, share: f32) -> Color {
    let one = |over: f32, under: f32| over * share + under * (1.0 - share);
    Color::from_rgb(
        one(over.r, under.r),
        one(over.g, under.g),
        one(over.b, under.b),
    )
}

/// The iced theme.
#[must_use]
pub fn theme() -> Theme {
    let palette = iced::theme::Palette {
        background: GROUND,
        text: INK,
        primary: INK,
        success: GRANTED,
        warning: WARNING,
        danger: REFUSED,
    };
    Theme::custom("Munjigi", palette)
}

/// Sizes in logical pixels for one panel. Spacing goes in steps of 4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The window.
    pub window: Size,
    /// The panel, in inches from corner to corner.
    pub diagonal: f32,
    /// Instructions and buttons of the entrance: the smallest text there.
    pub body: f32,
    /// Sentences that are read first.
    pub title: f32,
    /// The one word of a result.
    pub display: f32,
    /// Rows of a table, for staff who stand close.
    pub table: f32,
    /// Between things that belong together.
    pub near: f32,
    /// Between things that do not.
    pub far: f32,
    /// From the edge of the screen.
    pub margin: f32,
    /// Height of the large buttons.
    pub button: f32,
    /// Height of the small ones: never below 64.
    pub chip: f32,
    /// Side of the square of a sign.
    pub sign: f32,
    /// Side of the square of a pictogram beside a sentence.
    pub pictogram: f32,
    /// Corners of cards and buttons.
    pub radius: f32,
}

impl Scale {
    /// Computes the sizes from the window and the panel's diagonal in inches.
    #[must_use]
    pub fn new(window: Size, diagonal: f32) -> Self {
        let pixels = window.width.hypot(window.height);
        let millimetres = if diagonal <= SMALL_PANEL {
            LETTER_MM.0
        } else {
            LETTER_MM.1
        };
        let letter = millimetres * pixels / (diagonal * MM_PER_INCH);
        let body = step(letter.max(16.0));
        let short = window.width.min(window.height);
        Self {
            window,
            diagonal,
            body,
            title: step(body * 1.4),
            display: step(body * 2.3),
            table: step(body * 0.5).max(20.0),
            near: 16.0,
            far: 32.0,
            margin: step(short * 0.05),
            button: step(body * 2.4),
            chip: step(body * 1.5).max(64.0),
            sign: step(short * 0.45),
            pictogram: step(body * 2.6),
            radius: 24.0,
        }
    }

    /// The same panel with a window of another size.
    #[must_use]
    pub fn resized(&self, window: Size) -> Self {
        Self::new(window, self.diagonal)
    }

    /// Whether the window is taller than wide.
    #[must_use]
    pub fn upright(&self) -> bool {
        self.window.height >= self.window.width
    }
}

/// Up to the next multiple of 4.
fn step(length: f32) -> f32 {
    (length / 4.0).ceil() * 4.0
}

/// The look of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The one that is meant to be pressed.
    Filled,
    /// Any other, on the ground.
    Outlined,
    /// The one that opens the door, as large as a picture.
    Open,
    /// On a result's colour.
    Paper,
    /// Nothing but its text.
    Bare,
}

/// The style of a button, flat.
pub fn key(look: Key, radius: f32) -> impl Fn(&Theme, button::Status) -> button::Style {
    move |_, status| {
        let pressed = matches!(status, button::Status::Pressed);
        let disabled = matches!(status, button::Status::Disabled);
        let (fill, text, line) = match look {
            // What cannot be pressed looks alike everywhere.
            Key::Filled | Key::Outlined if disabled => (GROUND, mix(QUIET, GROUND, 0.5), LINE),
            Key::Filled if pressed => (PRESSED, PAPER, PRESSED),
            Key::Filled => (INK, PAPER, INK),
            Key::Outlined if pressed => (LINE, INK, INK),
            Key::Outlined => (GROUND, INK, mix(INK, GROUND, 0.45)),
            Key::Open if pressed => (GRANTED, PAPER, INK),
            Key::Open => (GRANTED, PAPER, GRANTED),
            Key::Paper if pressed => (LINE, INK, LINE),
            Key::Paper => (PAPER, INK, PAPER),
            Key::Bare => (Color::TRANSPARENT, INK, Color::TRANSPARENT),
        };
        button::Style {
            background: Some(Background::Color(fill)),
            text_color: text,
            border: Border {
                color: line,
                width: match look {
                    Key::Bare => 0.0,
                    Key::Open => 12.0,
                    _ => 2.0,
                },
                radius: radius.into(),
            },
            ..button::Style::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_keep_their_millimetres_on_every_panel() {
        for (width, height, inches, millimetres) in [
            (800.0, 1280.0, 10.1, 7.25),
            (1280.0, 800.0, 10.1, 7.25),
            (800.0, 480.0, 7.0, 7.25),
            (1080.0, 1920.0, 21.5, 12.0),
        ] {
            let scale = Scale::new(Size::new(width, height), inches);
            let pixel = inches * MM_PER_INCH / f32::hypot(width, height);
            assert!(
                scale.body * pixel >= millimetres,
                "{width}x{height}: {scale:?}"
            );
            assert!(
                scale.body * pixel < millimetres + 4.0 * pixel,
                "{width}x{height}: {scale:?}"
            );
        }
        assert_eq!(Scale::new(Size::new(800.0, 1280.0), 10.1).body, 44.0);
    }

    /// Relative luminance and contrast of WCAG 2.2, 1.4.3.
    fn contrast(one: Color, other: Color) -> f32 {
        let light = |colour: Color| {
            let linear = |c: f32| {
                if c <= 0.040_45 {
                    c / 12.92
                } else {
                    ((c + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)
        };
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_can_be_read() {
        for (text, ground) in [
            (INK, GROUND),
            (QUIET, GROUND),
            (GRANTED, GROUND),
            (REFUSED, GROUND),
            (UNDECIDED, GROUND),
            (WARNING, GROUND),
            (INK, LAMP),
            (QUIET, LAMP),
            (PAPER, GRANTED),
            (PAPER, REFUSED),
            (PAPER, UNDECIDED),
            (PAPER, WARNING),
            (PAPER, SHUTTER),
            (PAPER, PRESSED),
            (QUIET, LINE),
        ] {
            assert!(
                contrast(text, ground) >= 4.5,
                "{text:?} on {ground:?}: {}",
                contrast(text, ground)
            );
        }
    }
}
