//! What the scanner saw of a code that it did not read, and the one thing that would help.

use serde::Serialize;

/// Fewer pixels a module than this, and no reader tells the modules apart.
const LEAST_MODULE: f32 = 2.0;
/// A code wider or taller than this share of the frame's height has no room to be held still.
const MOST_OF_FRAME: f32 = 0.85;
/// Pixels from the edge of the frame that count as touching it.
const EDGE: f32 = 2.0;
/// Longest side by shortest side of a code that is tilted too much.
const MOST_TILT: f32 = 1.5;
/// Cosine of the sharpest corner, about 55 degrees, of a code that is not skewed too much.
const MOST_SKEW: f32 = 0.57;
/// Error correction level M mends 15 % of a symbol: a little less than that may be blinded.
const MOST_GLARE: f32 = 0.12;
/// A picture darker than this on average is dark, on the scale from 0 to 255.
const DARK: f32 = 60.0;
/// Dark and light modules that differ by less than this are lost in the noise of a dark picture.
const LEAST_CONTRAST: f32 = 60.0;

/// What the scanner saw of one code-like thing in a frame, read or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// Corners in pixels of the picture, clockwise from the code's own upper left.
    pub corners: [[f32; 2]; 4],
    /// Pixels a module, the smallest side.
    pub module: f32,
    /// Difference between dark and light modules, 0 to 255.
    pub contrast: f32,
    /// Part of the code's area that is saturated beyond use (glare), 0 to 1.
    pub glare: f32,
    /// Whether a text was read.
    pub read: bool,
    /// A Micro QR symbol or another kind of code that no pass uses.
    pub foreign: bool,
}

/// The one thing that a visitor is told about a code that does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// Too far away: the modules are too small.
    Closer,
    /// Too close: the code is cut, or about to be.
    Away,
    /// Tilted.
    Straight,
    /// Light is reflected.
    Glare,
    /// Too dark.
    Dark,
    /// It was decided already, and is still held up. Who judges the text knows it.
    Done,
    /// A text was read, and it is no pass. Who judges the text knows it: [`hint`] never gives it.
    NotAPass,
    /// A Micro QR symbol or another kind of code that no pass uses.
    Micro,
}

impl Hint {
    /// Every hint.
    pub const ALL: [Self; 8] = [
        Self::Closer,
        Self::Away,
        Self::Straight,
        Self::Glare,
        Self::Dark,
        Self::Done,
        Self::NotAPass,
        Self::Micro,
    ];

    /// The name in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closer => "closer",
            Self::Away => "away",
            Self::Straight => "straight",
            Self::Glare => "glare",
            Self::Dark => "dark",
            Self::Done => "done",
            Self::NotAPass => "not_a_pass",
            Self::Micro => "micro",
        }
    }
}

/// The one thing to say about an unread code in a frame of this size (width and height in pixels) and mean brightness
/// (0 to 255); `None` when nothing helps or it was read.
///
/// What helps most comes first: another code where this one never opens; the whole code in view; its modules large
/// enough, unless holding it straight is all they need; then glare, tilt and light.
#[must_use]
pub fn hint(sight: &Sight, frame: (usize, usize), mean_luma: f32) -> Option<Hint> {
    if sight.read {
        return None;
    }
    if sight.foreign {
        return Some(Hint::Micro);
    }
    let shape = Shape::of(&sight.corners)?;
    let module_straight = sight.module * shape.tilt;
    let rules = [
        (shape.fills(frame), Hint::Away),
        (module_straight < LEAST_MODULE, Hint::Closer),
        (sight.glare > MOST_GLARE, Hint::Glare),
        (
            shape.tilt > MOST_TILT || shape.skew > MOST_SKEW,
            Hint::Straight,
        ),
        (sight.module < LEAST_MODULE, Hint::Closer),
        (
            mean_luma < DARK && sight.contrast < LEAST_CONTRAST,
            Hint::Dark,
        ),
    ];
    rules
        .into_iter()
        .find_map(|(applies, hint)| applies.then_some(hint))
}

/// What four corners say.
struct Shape {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    /// Longest side by shortest side.
    tilt: f32,
    /// Largest cosine of a corner, by its size: 0 where all are right angles.
    skew: f32,
}

impl Shape {
    /// `None` for corners that enclose nothing.
    fn of(corners: &[[f32; 2]; 4]) -> Option<Self> {
        let side = |at: usize| {
            let [[x0, y0], [x1, y1]] = [corners[at % 4], corners[(at + 1) % 4]];
            (x1 - x0, y1 - y0)
        };
        let lengths = [0, 1, 2, 3].map(|at| {
            let (dx, dy) = side(at);
            dx.hypot(dy)
        });
        let shortest = lengths.into_iter().fold(f32::INFINITY, f32::min);
        let longest = lengths.into_iter().fold(0.0, f32::max);
        if corners.iter().flatten().any(|at| !at.is_finite()) || shortest < 1.0 {
            return None;
        }
        let skew = (0..4).fold(0.0, |most: f32, at| {
            let ((ax, ay), (bx, by)) = (side(at), side(at + 1));
            let cosine = (ax * bx + ay * by) / (lengths[at] * lengths[(at + 1) % 4]);
            most.max(cosine.abs())
        });
        let bound = |axis: usize, of: fn(f32, f32) -> f32| {
            corners
                .iter()
                .map(|corner| corner[axis])
                .reduce(of)
                .unwrap_or(0.0)
        };
        Some(Self {
            left: bound(0, f32::min),
            top: bound(1, f32::min),
            right: bound(0, f32::max),
            bottom: bound(1, f32::max),
            tilt: longest / shortest,
            skew,
        })
    }

    /// Whether the code is cut by the frame, touches its edge, or leaves no room in it.
    #[allow(clippy::cast_precision_loss)]
    fn fills(&self, (width, height): (usize, usize)) -> bool {
        let (width, height) = (width as f32, height as f32);
        let most = height * MOST_OF_FRAME;
        self.left < EDGE
            || self.top < EDGE
            || self.right > width - EDGE
            || self.bottom > height - EDGE
            || self.right - self.left > most
            || self.bottom - self.top > most
    }
}

#[cfg(test)]
mod tests;
