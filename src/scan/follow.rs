//! Reading a video: a code is looked for where it was, what failed last settles what is tried next, and frames of which
//! none can be read alone are read together.

use super::{
    Found, LEAST_SIDE, MOST_PIXELS, Sight, area, bounded, contain,
    front::{self, Seen, Unread, Work},
    resize, scaled,
};
use crate::camera::Luma;

/// Every third frame is searched whole, wherever the last code was.
const WHOLE_EVERY: u32 = 3;
/// How much of the last frames' grids remains in the next: about four frames are read together.
const FADE: f32 = 0.75;
/// Frames without the code after which it is forgotten.
const FORGET: u32 = 6;
/// Below this many pixels a module an enlarged picture is tried, above it a reduced one.
const SMALL: f32 = 2.3;

/// What a frame showed.
#[derive(Debug, Default)]
pub struct Look {
    /// Codes that were read.
    pub found: Vec<Found>,
    /// Codes that were seen, read or not.
    pub sights: Vec<Sight>,
}

/// What the last frames showed. Cheap to make; one for each camera.
#[derive(Debug, Default)]
pub struct Follow {
    frame: u32,
    /// Where the last code was, and how many frames ago.
    last: Option<([[f32; 2]; 4], u32)>,
    /// Whether the last code that was not read has few pixels a module.
    small: bool,
    /// Grids of the frames before, summed, of a code that none of them gave.
    together: Option<Unread>,
}

impl Follow {
    /// Has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next frame.
    pub fn read(&mut self, picture: &Luma) -> Look {
        let Some((picture, scale)) = bounded(picture) else {
            return Look::default();
        };
        self.frame = self.frame.wrapping_add(1);
        let mut look = contain(|| self.frame(&picture));
        look.found = scaled(look.found, scale);
        for corner in look.sights.iter_mut().flat_map(|sight| &mut sight.corners) {
            *corner = corner.map(|side| side * scale);
        }
        look
    }

    fn frame(&mut self, picture: &Luma) -> Look {
        let mut work = Work::FRAME;
        if let Some((corners, _)) = self.last
            && !self.frame.is_multiple_of(WHOLE_EVERY)
            && let Some((crop, offset)) = resize::around(picture, corners)
        {
            let seen = moved(front::read(&crop, &mut work), 1.0, offset);
            if !seen.found.is_empty() {
                return self.keep(seen);
            }
        }
        let mut seen = front::read(picture, &mut work);
        if seen.found.is_empty()
            && let Some(found) = self.combine(seen.unread.as_ref(), &mut work)
        {
            seen.found.push(found);
        }
        if seen.found.is_empty() {
            let mut work = Work {
                // A picture that was costly already gets less.
                decodes: Work::AGAIN.decodes.min(120 + work.decodes / 2),
                ..Work::AGAIN
            };
            let more = self.again(picture, &seen, &mut work);
            seen.found = more.found;
            seen.sights.extend(more.sights);
        }
        self.keep(seen)
    }

    /// Another size, chosen by what was seen.
    fn again(&self, picture: &Luma, seen: &Seen, work: &mut Work) -> Seen {
        let small = seen
            .sights
            .first()
            .map_or(self.small, |sight| sight.module < SMALL);
        let corners = seen.sights.first().map(|sight| sight.corners);
        let region = corners.or(self.last.map(|(corners, _)| corners));
        if small
            && let Some(corners) = region
            && let Some((crop, offset)) = resize::around(picture, corners)
            && let Some(double) = resize::double(&crop, MOST_PIXELS / 2)
        {
            return moved(front::read(&double, work), 0.5, offset);
        }
        let half = resize::half(picture);
        if half.width < LEAST_SIDE || half.height < LEAST_SIDE {
            return Seen::default();
        }
        moved(front::read(&half, work), 2.0, [0.0, 0.0])
    }

    /// Adds the grid of a code that was not read to those of the frames before, and reads the sum.
    fn combine(&mut self, unread: Option<&Unread>, work: &mut Work) -> Option<Found> {
        let unread = unread?;
        let same = |old: &Unread| old.n == unread.n && near(&old.corners, &unread.corners);
        let Some(old) = self.together.as_mut().filter(|old| same(old)) else {
            self.together = Some(unread.clone());
            return None;
        };
        for (sum, new) in old.level.iter_mut().zip(&unread.level) {
            *sum = *sum * FADE + new;
        }
        old.corners = unread.corners;
        let text = front::together(old.n, old.level.clone(), work)?;
        Some(Found {
            text,
            corners: unread.corners,
        })
    }

    fn keep(&mut self, mut seen: Seen) -> Look {
        // The nearest first: it is the one that is held up.
        seen.found
            .sort_by(|a, b| area(&b.corners).total_cmp(&area(&a.corners)));
        if let Some(code) = seen.found.first() {
            self.last = Some((code.corners, 0));
            self.together = None;
            self.small = false;
        } else if let Some(sight) = seen.sights.first() {
            self.last = Some((sight.corners, 0));
            self.small = sight.module < SMALL;
        } else if let Some((_, missed)) = &mut self.last {
            *missed += 1;
            if *missed > FORGET {
                *self = Self {
                    frame: self.frame,
                    ..Self::default()
                };
            }
        }
        Look {
            found: seen.found,
            sights: seen.sights,
        }
    }
}

/// Whether a code can be the one of the frame before: it has not gone further than half its own side.
fn near(one: &[[f32; 2]; 4], other: &[[f32; 2]; 4]) -> bool {
    let side = (one[0][0] - one[1][0]).hypot(one[0][1] - one[1][1]);
    one.iter()
        .zip(other)
        .all(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) < side / 2.0)
}

/// What a picture of another size or a part of one showed, in pixels of the whole.
fn moved(mut seen: Seen, scale: f32, [left, top]: [f32; 2]) -> Seen {
    let to = |[x, y]: [f32; 2]| [x * scale + left, y * scale + top];
    for found in &mut seen.found {
        found.corners = found.corners.map(to);
    }
    for sight in &mut seen.sights {
        sight.corners = sight.corners.map(to);
        sight.module *= scale;
    }
    if let Some(unread) = &mut seen.unread {
        unread.corners = unread.corners.map(to);
    }
    seen
}
