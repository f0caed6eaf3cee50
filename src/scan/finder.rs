//! Finder patterns: dark, light, dark, light, dark in the widths 1:1:3:1:1 along a row and a column (ISO/IEC 18004, 6.3.3).

use super::{
    level::{CELL, Levels},
    view::View,
};
use crate::camera::Luma;

/// The middle of a finder pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finder {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Pixels a module, along the row and the column.
    pub(super) module: f32,
    /// How many rows showed it.
    pub(super) hits: u32,
}

/// Finders of both polarities: dark on light, light on dark.
pub(super) type Both = [Vec<Finder>; 2];

/// Finders of one polarity at most: a poster has hundreds, a code three.
pub(super) const MOST: usize = 96;
/// Candidates of a picture that are looked at in the other direction.
const CHECKS: u32 = 14_000;

/// Looks along every `step`th row.
pub(super) fn search(picture: &Luma, levels: &Levels, step: usize) -> Both {
    let mut found = [Vec::new(), Vec::new()];
    let mut edges = Vec::with_capacity(picture.width);
    let mut checks = CHECKS;
    for y in (step / 2..picture.height).step_by(step) {
        let first_dark = transitions(picture, levels, y, &mut edges);
        for at in 0..edges.len().saturating_sub(5) {
            let dark = first_dark == (at % 2 == 0);
            let e = &edges[at..at + 6];
            let Some(module) = widths(e) else { continue };
            let x = (e[2] + e[3]) as f32 / 2.0;
            let list = &mut found[usize::from(!dark)];
            if known(list, x, y as f32 + 0.5, module) {
                continue;
            }
            if checks == 0 || list.len() >= MOST {
                continue;
            }
            checks -= 1;
            let view = View {
                picture,
                levels,
                dark,
            };
            if let Some(finder) = confirm(view, [x, y as f32 + 0.5], module) {
                merge(list, finder);
            }
        }
    }
    found
}

/// Pixels whose darkness fits one word.
const WORD: usize = 64;

/// Where the row changes between dark and light, its ends included; whether it begins dark.
fn transitions(picture: &Luma, levels: &Levels, y: usize, edges: &mut Vec<u32>) -> bool {
    edges.clear();
    let row = &picture.data[y * picture.width..][..picture.width];
    let cells = &levels.cells[y / CELL * levels.across..][..levels.across];
    edges.push(0);
    let first = row.first().is_some_and(|pixel| *pixel < cells[0]);
    let mut last = u64::from(first);
    let words = row.chunks(WORD).zip(cells.chunks(WORD / CELL));
    for (x, (pixels, levels)) in (0_u32..).step_by(WORD).zip(words) {
        let eights = pixels.chunks(CELL).zip(levels).enumerate();
        let bits = eights.fold(0, |bits, (at, (pixels, level))| {
            bits | below(pixels, *level) << (CELL * at)
        });
        // A bit is set where a pixel differs from the one before it.
        let mut change = bits ^ (bits << 1 | last);
        if pixels.len() < WORD {
            change &= (1 << pixels.len()) - 1;
        }
        last = bits >> (WORD - 1);
        while change != 0 {
            edges.push(x + change.trailing_zeros());
            change &= change - 1;
        }
    }
    edges.push(picture.width as u32);
    first
}

/// A bit for each pixel that is darker than the level.
#[inline]
fn below(pixels: &[u8], level: u8) -> u64 {
    if let Ok(eight) = <[u8; 8]>::try_from(pixels) {
        // Eight bytes at once: the high bit of each byte of `less` says x < level.
        const HIGH: u64 = 0x8080_8080_8080_8080;
        let x = u64::from_le_bytes(eight);
        let t = u64::from(level) * 0x0101_0101_0101_0101;
        let low = (x | HIGH) - (t & !HIGH);
        let less = ((!x & t) | (!(x ^ t) & !low)) & HIGH;
        return ((less >> 7).wrapping_mul(0x0102_0408_1020_4080)) >> 56;
    }
    let bits = pixels.iter().enumerate();
    bits.fold(0, |bits, (at, pixel)| {
        bits | u64::from(*pixel < level) << at
    })
}

/// Twelve modules of 1.3 pixels, the smallest that are looked for: two widths of a finder without its ends.
const LEAST_WIDTHS: u32 = 16;

/// The module if six edges have the widths of a finder. Distances between edges of the same kind are judged, since blur
/// and a wrong threshold move both alike.
#[inline]
fn widths(e: &[u32]) -> Option<f32> {
    if e[5] - e[0] + e[4] - e[1] < LEAST_WIDTHS {
        return None;
    }
    let [a, b, c, d, f] = [
        e[1] - e[0],
        e[2] - e[1],
        e[3] - e[2],
        e[4] - e[3],
        e[5] - e[4],
    ];
    if c < b || c < d || c + 1 < a.min(f) {
        return None;
    }
    let [ab, bc, cd, df] = [a + b, b + c, c + d, d + f].map(|width| width as f32);
    let module = (ab + bc + cd + df) / 12.0;
    fits([ab, bc, cd, df], module, 0.75).then_some(module)
}

fn fits([ab, bc, cd, df]: [f32; 4], module: f32, slack: f32) -> bool {
    let most = 0.42 * module + slack;
    (ab - 2.0 * module).abs() <= most
        && (df - 2.0 * module).abs() <= most
        && (bc - 4.0 * module).abs() <= 1.2 * most
        && (cd - 4.0 * module).abs() <= 1.2 * most
}

/// Counts a row of a finder that is known already.
#[inline]
fn known(list: &mut [Finder], x: f32, y: f32, module: f32) -> bool {
    for finder in list.iter_mut().rev() {
        if (finder.x - x).abs() < finder.module
            && (finder.y - y).abs() < 2.2 * finder.module
            && module < 1.6 * finder.module
            && finder.module < 1.9 * module
        {
            finder.hits += 1;
            return true;
        }
    }
    false
}

fn merge(list: &mut Vec<Finder>, new: Finder) {
    for finder in list.iter_mut() {
        let near = 1.5 * finder.module.max(new.module);
        if (finder.x - new.x).abs() < near && (finder.y - new.y).abs() < near {
            finder.hits += 1;
            if new.module > finder.module * 1.3 {
                (finder.x, finder.y, finder.module) = (new.x, new.y, new.module);
            }
            return;
        }
    }
    list.push(new);
}

/// Adds what another search of the same picture found.
pub(super) fn join(list: &mut Vec<Finder>, more: Vec<Finder>) {
    for finder in more {
        if list.len() < MOST {
            merge(list, finder);
        }
    }
}

/// Looks along the column, then again along the row through the middle that the column gave.
fn confirm(view: View<'_>, [x, y]: [f32; 2], module: f32) -> Option<Finder> {
    let down = cross(view, [x, y], Way::Down, module * 2.2)?;
    let y = y + down.middle;
    let along = cross(view, [x, y], Way::Along, module * 1.6)?;
    let x = x + along.middle;
    let down = cross(view, [x, y], Way::Down, module * 2.2)?;
    let y = y + down.middle;
    let (small, large) = (down.module.min(along.module), down.module.max(along.module));
    (large < 2.5 * small).then_some(Finder {
        x,
        y,
        module: (small * large).sqrt(),
        hits: 1,
    })
}

#[derive(Clone, Copy)]
enum Way {
    Along,
    Down,
}

struct Cross {
    /// Middle of the inner run, relative to where the walk began.
    middle: f32,
    module: f32,
}

/// Walks both ways from a point and judges the runs with edges between the pixels.
fn cross(view: View<'_>, [x, y]: [f32; 2], way: Way, most: f32) -> Option<Cross> {
    let line = Line::new(view, [x, y], way)?;
    if line.depth(0) <= 0.0 {
        return None;
    }
    let (before, after) = (line.walk(-1, most)?, line.walk(1, most)?);
    let runs = [
        before[2] - before[1],
        before[1] - before[0],
        before[0] + after[0],
        after[1] - after[0],
        after[2] - after[1],
    ];
    let pairs = [
        runs[0] + runs[1],
        runs[1] + runs[2],
        runs[2] + runs[3],
        runs[3] + runs[4],
    ];
    let module = pairs.iter().sum::<f32>() / 12.0;
    if module < 0.9 || module > most || !fits(pairs, module, 0.3) {
        return None;
    }
    // The walk began in the middle of the pixel, not at the point.
    let start = match way {
        Way::Along => x - x.floor() - 0.5,
        Way::Down => y - y.floor() - 0.5,
    };
    Some(Cross {
        middle: (after[0] - before[0]) / 2.0 - start,
        module,
    })
}

/// The pixels of a row or a column, counted from one of them.
struct Line<'a> {
    pixels: &'a [u8],
    levels: &'a [u8],
    /// Between neighbours in `pixels`, and between neighbouring cells in `levels`.
    stride: usize,
    across: usize,
    /// Where the walk begins, and how many pixels there are.
    begin: isize,
    length: isize,
    dark: bool,
}

impl<'a> Line<'a> {
    fn new(view: View<'a>, [x, y]: [f32; 2], way: Way) -> Option<Self> {
        let View {
            picture,
            levels,
            dark,
        } = view;
        let (px, py) = (x as usize, y as usize);
        if x < 0.0 || y < 0.0 || px >= picture.width || py >= picture.height {
            return None;
        }
        let row = py / CELL * levels.across;
        Some(match way {
            Way::Along => Self {
                pixels: &picture.data[py * picture.width..],
                levels: &levels.cells[row..],
                stride: 1,
                across: 1,
                begin: px as isize,
                length: picture.width as isize,
                dark,
            },
            Way::Down => Self {
                pixels: &picture.data[px..],
                levels: &levels.cells[px / CELL..],
                stride: picture.width,
                across: levels.across,
                begin: py as isize,
                length: picture.height as isize,
                dark,
            },
        })
    }

    /// How far below the threshold the `k`th pixel is, seen from the finder's own polarity.
    #[inline]
    fn depth(&self, k: isize) -> f32 {
        let at = (self.begin + k) as usize;
        let below = i16::from(self.levels[at / CELL * self.across])
            - i16::from(self.pixels[at * self.stride]);
        if self.dark {
            f32::from(below)
        } else {
            -f32::from(below) + 0.5
        }
    }

    /// The ends of the inner, the light and the outer run on one side; nothing where one of them is too long.
    #[inline]
    fn walk(&self, sign: isize, most: f32) -> Option<[f32; 3]> {
        let wide = (most * 1.9) as isize + 2;
        let limits = [(most * 2.6) as isize + 2, wide, wide];
        // The last pixel of the picture on this side.
        let end = if sign < 0 {
            self.begin
        } else {
            self.length - 1 - self.begin
        };
        let mut edges = [0.0_f32; 3];
        let (mut k, mut last) = (0, self.depth(0));
        for (edge, limit) in edges.iter_mut().zip(limits) {
            let begin = k;
            loop {
                k += 1;
                if k - begin > limit {
                    return None;
                }
                if k > end {
                    // The picture's own edge ends the outer run only.
                    *edge = k as f32 - 0.5;
                    last = 0.0;
                    break;
                }
                let now = self.depth(sign * k);
                if (now > 0.0) != (last > 0.0) {
                    let share = (last / (last - now)).clamp(0.0, 1.0);
                    *edge = (k - 1) as f32 + share;
                    last = now;
                    break;
                }
                last = now;
            }
        }
        (edges[1] > edges[0] && edges[2] > edges[1]).then_some(edges)
    }
}
