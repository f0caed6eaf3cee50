//! What the grades of the studio range over: more than [`super::super::lens`] does, and what people really hold up.

use super::super::{lens::Dice, script::Grade};

/// Ranges of one grade.
struct Ranges {
    width: (f32, f32),
    blur: (f32, f32),
    motion: (f32, f32),
    noise: (f32, f32),
    grid: (f32, f32),
    contrast: (f32, f32),
    gamma: (f32, f32),
    quality: (f32, f32),
    turn: f32,
    perspective: f32,
    glare: f32,
    inverted: f32,
}

impl Ranges {
    const fn of(grade: Grade) -> Self {
        match grade {
            Grade::Easy => Self {
                width: (320.0, 500.0),
                blur: (0.0, 0.8),
                motion: (0.0, 1.5),
                noise: (1.0, 4.0),
                grid: (0.0, 0.03),
                contrast: (0.75, 1.0),
                gamma: (0.85, 1.2),
                quality: (80.0, 96.0),
                turn: 8.0,
                perspective: 0.03,
                glare: 0.0,
                inverted: 0.05,
            },
            Grade::Medium => Self {
                width: (240.0, 420.0),
                blur: (0.4, 1.2),
                motion: (0.0, 3.5),
                noise: (3.0, 8.0),
                grid: (0.0, 0.10),
                contrast: (0.40, 0.80),
                gamma: (0.6, 1.6),
                quality: (50.0, 85.0),
                turn: 20.0,
                perspective: 0.08,
                glare: 0.3,
                inverted: 0.15,
            },
            Grade::Hard => Self {
                width: (180.0, 400.0),
                blur: (0.7, 1.8),
                motion: (0.0, 6.0),
                noise: (5.0, 14.0),
                grid: (0.04, 0.20),
                contrast: (0.20, 0.55),
                gamma: (0.45, 2.2),
                quality: (25.0, 65.0),
                turn: 20.0,
                perspective: 0.14,
                glare: 0.6,
                inverted: 0.3,
            },
        }
    }
}

/// What happens to one picture.
#[derive(Debug, Clone)]
pub(super) struct Take {
    /// Width of the code in pixels.
    pub(super) width: f32,
    /// Standard deviation of the defocus, in pixels.
    pub(super) blur: f32,
    /// How far the code moves while the shutter is open, in pixels.
    pub(super) motion: [f32; 2],
    /// Standard deviation of the noise on white.
    pub(super) noise: f32,
    /// Strength of the screen's grid as the sensor's grid sees it, in parts of the brightness.
    pub(super) grid: f32,
    /// Brightness of the screen's black and white.
    pub(super) black: f32,
    /// See `black`.
    pub(super) white: f32,
    /// Exponent of the camera's curve.
    pub(super) gamma: f32,
    /// Of the webcam's own JPEG.
    pub(super) quality: u8,
    /// Turn, in radians.
    pub(super) turn: f32,
    /// How far a corner may be moved, in parts of the width.
    pub(super) perspective: f32,
    /// Whether there is glare.
    pub(super) glare: bool,
    /// Whether the code is light on dark.
    pub(super) inverted: bool,
}

impl Take {
    pub(super) fn new(grade: Grade, dice: &mut Dice) -> Self {
        let ranges = Ranges::of(grade);
        let mut any = |(low, high): (f32, f32)| dice.between(low, high);
        let contrast = 255.0 * any(ranges.contrast);
        let white = any((contrast.max(60.0), 252.0));
        let (length, way) = (any(ranges.motion), any((0.0, std::f32::consts::TAU)));
        Self {
            width: any(ranges.width),
            blur: any(ranges.blur),
            motion: [length * way.cos(), length * way.sin()],
            noise: any(ranges.noise),
            grid: any(ranges.grid),
            black: (white - contrast).max(0.0),
            white,
            gamma: any(ranges.gamma),
            quality: quality(any(ranges.quality)),
            turn: any((-ranges.turn, ranges.turn)).to_radians(),
            perspective: ranges.perspective,
            glare: any((0.0, 1.0)) < ranges.glare,
            inverted: any((0.0, 1.0)) < ranges.inverted,
        }
    }

    /// Mild and always the same: only size and version of the code differ.
    pub(super) fn controlled(width: f32, dice: &mut Dice) -> Self {
        Self {
            width,
            blur: 0.6,
            motion: [0.0; 2],
            noise: 4.0,
            grid: 0.0,
            black: 60.0,
            white: 238.5,
            gamma: 1.0,
            quality: 80,
            turn: dice.between(-15.0, 15.0).to_radians(),
            perspective: 0.03,
            glare: false,
            inverted: false,
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "25 to 96"
)]
const fn quality(value: f32) -> u8 {
    value as u8
}
