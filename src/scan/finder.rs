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
            let x = f32::from(e[2] + e[3]) / 2.0;
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

/// Where the row changes between dark and light, its ends included; whether it begins dark.
fn transitions(picture: &Luma, levels: &Levels, y: usize, edges: &mut Vec<u16>) -> bool {
    edges.clear();
    let row = &picture.data[y * picture.width..][..picture.width];
    let cells = &levels.cells[y / CELL * levels.across..][..levels.across];
    edges.push(0);
    let mut last = row.first().is_some_and(|pixel| *pixel < cells[0]);
    let first = last;
    let mut x = 0_u16;
    for (pixels, level) in row.chunks(CELL).zip(cells) {
        let mut bits = below(pixels, *level);
        let n = pixels.len() as u32;
        // A bit is set where a pixel differs from the one before it.
        let mut change = (bits ^ (bits << 1 | u32::from(last))) & ((1 << n) - 1);
        while change != 0 {
            edges.push(x + change.trailing_zeros() as u16);
            change &= change - 1;
        }
        bits >>= n - 1;
        last = bits & 1 == 1;
        x += n as u16;
    }
    edges.push(x);
    first
}

/// A bit for each pixel that is darker than the level.
#[inline]
fn below(pixels: &[u8], level: u8) -> u32 {
    if let Ok(eight) = <[u8; 8]>::try_from(pixels) {
        // Eight bytes at once: the high bit of each byte of `less` says x < level.
        const HIGH: u64 = 0x8080_8080_8080_8080;
        let x = u64::from_le_bytes(eight);
        let t = u64::from(level) * 0x0101_0101_0101_0101;
        let low = (x | HIGH) - (t & !HIGH);
        let less = ((!x & t) | (!(x ^ t) & !low)) & HIGH;
        return (((less >> 7).wrapping_mul(0x0102_0408_1020_4080)) >> 56) as u32;
    }
    let bits = pixels.iter().enumerate();
    bits.fold(0, |bits, (at, pixel)| {
        bits | u32::from(*pixel < level) << at
    })
}

/// The module if six edges have the widths of a finder. Distances between edges of the same kind are judged, since blur
/// and a wrong threshold move both alike.
#[inline]
fn widths(e: &[u16]) -> Option<f32> {
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
    let [ab, bc, cd, df] = [a + b, b + c, c + d, d + f].map(f32::from);
    let module = (ab + bc + cd + df) / 12.0;
    (module >= 1.3 && fits([ab, bc, cd, df], module, 0.75)).then_some(module)
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
    let down = cross(view, [x, y], [0, 1], module * 2.2)?;
    let y = y + down.middle;
    let along = cross(view, [x, y], [1, 0], module * 1.6)?;
    let x = x + along.middle;
    let down = cross(view, [x, y], [0, 1], module * 2.2)?;
    let y = y + down.middle;
    let (small, large) = (down.module.min(along.module), down.module.max(along.module));
    (large < 2.5 * small).then_some(Finder {
        x,
        y,
        module: (small * large).sqrt(),
        hits: 1,
    })
}

struct Cross {
    /// Middle of the inner run, relative to where the walk began.
    middle: f32,
    module: f32,
}

/// Walks both ways from a point and judges the runs with edges between the pixels.
fn cross(view: View<'_>, [x, y]: [f32; 2], way: [isize; 2], most: f32) -> Option<Cross> {
    let View {
        picture,
        levels,
        dark,
    } = view;
    let (px, py) = (x as isize, y as isize);
    let (width, height) = (picture.width as isize, picture.height as isize);
    // How far below the threshold, seen from the finder's own polarity.
    let depth = |k: isize| {
        let (x, y) = (px + k * way[0], py + k * way[1]);
        if x < 0 || y < 0 || x >= width || y >= height {
            return None;
        }
        let (x, y) = (x as usize, y as usize);
        let below = i16::from(levels.at(x, y)) - i16::from(picture.data[y * picture.width + x]);
        Some(if dark {
            f32::from(below)
        } else {
            -f32::from(below) + 0.5
        })
    };
    if depth(0)? <= 0.0 {
        return None;
    }
    let limits = [
        (most * 2.6) as isize + 2,
        (most * 1.9) as isize + 2,
        (most * 1.9) as isize + 2,
    ];
    let walk = |sign: isize| {
        let mut edges = [0.0_f32; 3];
        let (mut k, mut last) = (0_isize, depth(0)?);
        for (edge, limit) in edges.iter_mut().zip(limits) {
            let begin = k;
            loop {
                k += 1;
                if k - begin > limit {
                    return None;
                }
                let Some(now) = depth(sign * k) else {
                    // The picture's own edge ends the outer run only.
                    *edge = k as f32 - 0.5;
                    last = 0.0;
                    break;
                };
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
    };
    let (before, after) = (walk(-1)?, walk(1)?);
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
    let start = if way[0] == 1 {
        x - px as f32 - 0.5
    } else {
        y - py as f32 - 0.5
    };
    Some(Cross {
        middle: (after[0] - before[0]) / 2.0 - start,
        module,
    })
}
