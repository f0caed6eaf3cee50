//! How bright a picture is, where it matters. Pure.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and coordinates of one picture are small and clamped"
)]

use crate::camera::Luma;

/// A pixel from here on has lost how bright it was.
const SATURATED: usize = 250;
/// A pixel down to here is as good as nothing.
const BLACK: usize = 8;
/// Bands of rows that flicker is looked for in.
pub const ROWS: usize = 96;
/// How much of its surroundings belongs to a code: its quiet zone, on which it is read.
const AROUND: f32 = 1.15;
/// Pixels on a side below which an area says nothing.
const LEAST: f32 = 12.0;

/// Brightness of an area. Levels are 0 to 255, shares 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tone {
    /// Mean level.
    pub mean: f32,
    /// Share of pixels at 250 and above.
    pub saturated: f32,
    /// Share of pixels at 8 and below.
    pub black: f32,
    /// The level that 10 % are below: the dark modules of a code.
    pub low: f32,
    /// The level that 90 % are below: its light modules.
    pub high: f32,
}

/// Where a code, or what looks like one, is in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sight {
    /// Corners in pixels, in order around it.
    pub corners: [[f32; 2]; 4],
    /// Whether its text was read.
    pub read: bool,
}

/// What was measured in one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Meter {
    /// The whole picture.
    pub whole: Tone,
    /// The code and its quiet zone, where one is known.
    pub code: Option<Tone>,
    /// Whether that code was read.
    pub read: bool,
    /// Steepness of edges along the rows of the code, in parts of its contrast for each pixel; 0 without a code.
    pub sharp: f32,
    /// Mean level of [`ROWS`] bands from top to bottom.
    pub rows: Vec<f32>,
}

impl Meter {
    /// Measures a picture. About 60,000 pixels of 1280x720 are looked at.
    #[must_use]
    pub fn of(picture: &Luma, sight: Option<&Sight>) -> Self {
        let step = (picture.width.max(picture.height) / 320).max(1);
        let mut whole = Histogram::default();
        let mut bands = vec![(0_u64, 0_u64); ROWS];
        for y in (0..picture.height).step_by(step) {
            let row = &picture.data[y * picture.width..][..picture.width];
            let band = &mut bands[y * ROWS / picture.height];
            for level in row.iter().step_by(step) {
                whole.add(*level);
                band.0 += u64::from(*level);
                band.1 += 1;
            }
        }
        let area = sight.and_then(|sight| Area::new(sight.corners, picture));
        let (code, sharp) = area.map_or((None, 0.0), |area| area.measure(picture));
        Self {
            whole: whole.tone(),
            code,
            read: sight.is_some_and(|sight| sight.read) && code.is_some(),
            sharp,
            rows: bands
                .iter()
                .map(|(sum, count)| *sum as f32 / (*count).max(1) as f32)
                .collect(),
        }
    }
}

/// A quadrilateral of a picture.
struct Area {
    corners: [[f32; 2]; 4],
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Area {
    /// `None` for corners that lie outside or enclose nearly nothing.
    fn new(corners: [[f32; 2]; 4], picture: &Luma) -> Option<Self> {
        if !corners.iter().flatten().all(|side| side.is_finite()) {
            return None;
        }
        let centre =
            [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).sum::<f32>() / 4.0);
        let corners = corners
            .map(|corner| [0, 1].map(|axis| centre[axis] + (corner[axis] - centre[axis]) * AROUND));
        let range = |axis: usize, most: usize| {
            let sides = corners.map(|corner| corner[axis].clamp(0.0, most as f32));
            let low = sides.into_iter().fold(f32::MAX, f32::min);
            let high = sides.into_iter().fold(0.0, f32::max);
            (high - low >= LEAST).then_some((low as usize, high as usize))
        };
        let (left, right) = range(0, picture.width)?;
        let (top, bottom) = range(1, picture.height)?;
        Some(Self {
            corners,
            left,
            top,
            right,
            bottom,
        })
    }

    fn measure(&self, picture: &Luma) -> (Option<Tone>, f32) {
        let step = ((self.right - self.left).max(self.bottom - self.top) / 160).max(1);
        let mut histogram = Histogram::default();
        let (mut edges, mut count) = (0.0, 0.0);
        for y in (self.top..self.bottom).step_by(step) {
            let row = &picture.data[y * picture.width..][..picture.width];
            let Some((from, to)) = self.cut(y as f32 + 0.5) else {
                continue;
            };
            let (from, to) = (from.max(self.left), to.min(self.right));
            for x in (from..to).step_by(step) {
                histogram.add(row[x]);
                // Squared: a soft edge has the same sum of differences as a hard one.
                if let Some(next) = row.get(x + 1) {
                    edges += (f32::from(row[x]) - f32::from(*next)).powi(2);
                    count += 1.0;
                }
            }
        }
        let tone = histogram.tone();
        let contrast = (tone.high - tone.low).max(1.0);
        let sharp = (edges / f32::max(count, 1.0)).sqrt() / contrast;
        ((histogram.count > 0).then_some(tone), sharp)
    }

    /// The columns of a row that lie inside.
    fn cut(&self, y: f32) -> Option<(usize, usize)> {
        let (mut from, mut to) = (f32::MAX, f32::MIN);
        for (at, one) in self.corners.iter().enumerate() {
            let other = self.corners[(at + 1) % 4];
            if (one[1] <= y) != (other[1] <= y) {
                let x = one[0] + (other[0] - one[0]) * (y - one[1]) / (other[1] - one[1]);
                (from, to) = (from.min(x), to.max(x));
            }
        }
        (from < to).then(|| (from.max(0.0) as usize, to.max(0.0) as usize))
    }
}

/// How often each level occurs.
struct Histogram {
    levels: [u32; 256],
    count: u32,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            levels: [0; 256],
            count: 0,
        }
    }
}

impl Histogram {
    fn add(&mut self, level: u8) {
        self.levels[usize::from(level)] += 1;
        self.count += 1;
    }

    fn tone(&self) -> Tone {
        let count = self.count.max(1) as f32;
        let share = |levels: &[u32]| levels.iter().sum::<u32>() as f32 / count;
        let sum = self
            .levels
            .iter()
            .enumerate()
            .map(|(level, number)| level as f32 * *number as f32);
        let below = |part: f32| {
            let mut seen = 0.0;
            let level = self.levels.iter().position(|number| {
                seen += *number as f32;
                seen >= part * count
            });
            level.unwrap_or(0) as f32
        };
        Tone {
            mean: sum.sum::<f32>() / count,
            saturated: share(&self.levels[SATURATED..]),
            black: share(&self.levels[..=BLACK]),
            low: below(0.1),
            high: below(0.9),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_and_the_code_in_it_are_measured_apart() {
        let mut picture = Luma::new(640, 480, vec![20; 640 * 480]).unwrap();
        for y in 100..300 {
            for x in 200..400 {
                picture.data[y * 640 + x] = if x / 10 % 2 == 0 { 255 } else { 60 };
            }
        }
        let sight = Sight {
            corners: [
                [215.0, 115.0],
                [385.0, 115.0],
                [385.0, 285.0],
                [215.0, 285.0],
            ],
            read: true,
        };
        let meter = Meter::of(&picture, Some(&sight));
        let code = meter.code.unwrap();
        assert!((code.saturated - 0.5).abs() < 0.06, "{code:?}");
        assert_eq!((code.low, code.high), (60.0, 255.0));
        assert_eq!((meter.whole.low, meter.whole.black), (20.0, 0.0));
        assert!(meter.read && meter.sharp > 0.2);
        assert!(meter.rows[0] == 20.0 && meter.rows[ROWS / 2] > 50.0);
    }

    #[test]
    fn corners_of_any_kind_do_no_harm() {
        let picture = Luma::new(64, 48, vec![9; 64 * 48]).unwrap();
        for corners in [
            [[f32::NAN; 2]; 4],
            [[1e30, 5.0], [-1e30, 5.0], [0.0, 1e30], [3.0, -1e30]],
            [[10.0, 10.0]; 4],
            [
                [900.0, 900.0],
                [990.0, 900.0],
                [990.0, 990.0],
                [900.0, 990.0],
            ],
        ] {
            let sight = Sight {
                corners,
                read: false,
            };
            assert_eq!(Meter::of(&picture, Some(&sight)).whole.mean, 9.0);
        }
        let _ = Meter::of(&Luma::default(), None);
    }
}
