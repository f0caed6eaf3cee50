//! How dark a picture is at a point, seen from one polarity.

use super::level::Levels;
use crate::camera::Luma;

/// A picture with its thresholds and the polarity that is looked at.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) picture: &'a Luma,
    pub(super) levels: &'a Levels,
    /// Dark on light.
    pub(super) dark: bool,
}

impl View<'_> {
    /// How dark a point is against its threshold, between the pixels around it; beyond the picture it is light.
    #[inline]
    pub(super) fn depth(&self, [x, y]: [f32; 2]) -> f32 {
        let (fx, fy) = (x - 0.5, y - 0.5);
        let (width, height) = (self.picture.width, self.picture.height);
        if !(fx >= 0.0 && fy >= 0.0 && fx < (width - 1) as f32 && fy < (height - 1) as f32) {
            return -20.0;
        }
        let (px, py) = (fx as usize, fy as usize);
        let (sx, sy) = (fx - px as f32, fy - py as f32);
        let at = py * width + px;
        let [a, b, c, d] =
            [at, at + 1, at + width, at + width + 1].map(|at| f32::from(self.picture.data[at]));
        let (upper, lower) = (a + (b - a) * sx, c + (d - c) * sx);
        let grey = upper + (lower - upper) * sy;
        let below = f32::from(self.levels.at(px, py)) - grey;
        if self.dark { below } else { -below }
    }

    /// Whether a pixel is as bright as it can be.
    pub(super) fn saturated(&self, [x, y]: [f32; 2]) -> bool {
        let (px, py) = (x.max(0.0) as usize, y.max(0.0) as usize);
        px < self.picture.width
            && py < self.picture.height
            && self.picture.data[py * self.picture.width + px] >= 250
    }

    /// The same by the one pixel that the point lies in: coarse and quick.
    #[inline]
    pub(super) fn near(&self, [x, y]: [f32; 2]) -> f32 {
        if !(x >= 0.0 && y >= 0.0) {
            return -20.0;
        }
        let (px, py) = (x as usize, y as usize);
        if px >= self.picture.width || py >= self.picture.height {
            return -20.0;
        }
        let below = f32::from(self.levels.at(px, py))
            - f32::from(self.picture.data[py * self.picture.width + px]);
        if self.dark { below } else { -below }
    }
}
