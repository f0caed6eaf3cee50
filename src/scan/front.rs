//! Our own reader: finders, grid, samples. [`decode`] makes bytes of the sampled grid.

use super::{
    Found, Sight, decode,
    finder::{self, Both},
    group::{self, Corner},
    level::Levels,
    micro, pattern,
    place::{self, Placed},
    resize,
    restore::{ROUNDS, Restore},
    sample::{self, Bend, Modules},
    view::View,
};
use crate::camera::Luma;

/// How much may still be done for one picture: counted, so that no picture takes long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    /// Triples of finders that are looked at.
    pub(super) triples: u32,
    /// Sides that a triple may have.
    pub(super) sides: usize,
    /// Codes whose blur is undone.
    pub(super) restores: u32,
    /// What decoding may cost: for each grid its side, and a two hundredth of its modules.
    pub(super) decodes: usize,
    /// Whether finders are looked for in a smoothed picture too where nothing was read.
    pub(super) smooth: bool,
}

impl Work {
    /// For a frame of a video.
    pub(super) const FRAME: Self = Self {
        triples: 8,
        sides: 2,
        restores: 2,
        decodes: 520,
        smooth: false,
    };
    /// For the same frame in another size.
    pub(super) const AGAIN: Self = Self {
        triples: 4,
        sides: 2,
        restores: 1,
        decodes: 280,
        smooth: false,
    };
    /// For a still picture.
    pub(super) const STILL: Self = Self {
        triples: 40,
        sides: 3,
        restores: 8,
        decodes: 4000,
        smooth: true,
    };
}

/// What a picture showed.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) found: Vec<Found>,
    /// Codes that were placed, read or not.
    pub(super) sights: Vec<Sight>,
    /// The levelled grid of the first code that was placed and not read.
    pub(super) unread: Option<Unread>,
}

/// A code that one picture alone did not give.
#[derive(Debug, Clone)]
pub(super) struct Unread {
    pub(super) n: usize,
    /// Depths between about -1 and 1.
    pub(super) level: Vec<f32>,
    pub(super) corners: [[f32; 2]; 4],
}

/// Agreement with what is known that a placed code has at least; those that were read had 0.8 and more.
const LEAST_FIT: f32 = 0.6;
/// The same before the corners are moved, below which moving them is given up.
const LEAST_BEGIN: f32 = 0.1;
/// Above this the corners stay where they are.
const GOOD_FIT: f32 = 0.75;

/// Finders of a picture up to which a lone one is looked at as a Micro QR symbol's.
const FEW: usize = 12;
/// Pixels a module below which that is not judged.
const LEAST_MICRO: f32 = 2.5;

/// Reads every code of both polarities.
pub(super) fn read(picture: &Luma, left: &mut Work) -> Seen {
    let levels = Levels::of(picture);
    let step = if picture.height > 640 { 3 } else { 2 };
    let mut finders = finder::search(picture, &levels, step);
    let mut seen = Seen::default();
    codes(picture, &levels, &finders, step, left, &mut seen);
    if seen.found.is_empty() && left.smooth {
        let smooth = resize::smooth(picture);
        let more = finder::search(&smooth, &levels, step);
        for (list, more) in finders.iter_mut().zip(more) {
            finder::join(list, more);
        }
        codes(picture, &levels, &finders, step, left, &mut seen);
    }
    if seen.sights.is_empty() {
        seen.sights.extend(foreign(picture, &levels, &finders));
    }
    seen
}

/// A Micro QR symbol, where a picture has so few finders that one of them may be its own.
fn foreign(picture: &Luma, levels: &Levels, finders: &Both) -> Option<Sight> {
    let views = finders
        .iter()
        .zip([true, false])
        .filter(|(finders, _)| finders.len() <= FEW);
    views
        .flat_map(|(finders, dark)| finders.iter().map(move |finder| (finder, dark)))
        .filter(|(finder, _)| finder.module > LEAST_MICRO)
        .find_map(|(finder, dark)| {
            let view = View {
                picture,
                levels,
                dark,
            };
            let (corners, module) = micro::symbol(view, finder)?;
            Some(Sight {
                corners,
                module,
                contrast: 0.0,
                glare: 0.0,
                read: false,
                foreign: true,
            })
        })
}

fn codes(
    picture: &Luma,
    levels: &Levels,
    finders: &Both,
    step: usize,
    left: &mut Work,
    seen: &mut Seen,
) {
    for (finders, dark) in finders.iter().zip([true, false]) {
        let view = View {
            picture,
            levels,
            dark,
        };
        let mut used: Vec<[f32; 2]> = Vec::new();
        for corner in group::triples(finders, step, (picture.width, picture.height)) {
            if left.triples == 0 || left.decodes == 0 {
                break;
            }
            if corner
                .at
                .iter()
                .any(|finder| used.contains(&[finder.x, finder.y]))
            {
                continue;
            }
            left.triples -= 1;
            if symbol(view, &corner, left, seen) {
                used.extend(corner.at.map(|finder| [finder.x, finder.y]));
            }
        }
    }
}

/// Reads the code of three finders; whether it was read.
fn symbol(view: View<'_>, corner: &Corner, left: &mut Work, seen: &mut Seen) -> bool {
    for placed in &mut place::sides(view, corner, left.sides) {
        let aligned = place::align(view, placed, corner, 3.5);
        let known = place::fixed(placed.n);
        let mut fit = place::fitness(view, &placed.plane, placed.contrast, &known);
        if fit < LEAST_BEGIN {
            continue;
        }
        let text = if fit > GOOD_FIT {
            let modules = sample::modules(view, placed, None, 1);
            decode(placed.n, left, |at| modules.depth[at] > 0.0)
        } else {
            None
        };
        let text = text.or_else(|| {
            fit = place::refine(view, placed, &known, if aligned { 3 } else { 5 });
            if fit < LEAST_FIT {
                return None;
            }
            patient(view, placed, left, seen)
        });
        if fit >= LEAST_FIT {
            seen.sights.push(sight(view, placed, text.is_some()));
        }
        if let Some(text) = text {
            let corners = placed.corners();
            seen.found.push(Found { text, corners });
            return true;
        }
    }
    false
}

/// Reads a code along its bends, then without its blur.
fn patient(view: View<'_>, placed: &Placed, left: &mut Work, seen: &mut Seen) -> Option<Vec<u8>> {
    let bend = Bend::of(view, placed);
    let modules = sample::modules(view, placed, bend.as_ref(), 5);
    let text = decode(placed.n, left, |at| modules.depth[at] > 0.0);
    if text.is_some() || left.restores == 0 {
        return text;
    }
    left.restores -= 1;
    let mut restore = Restore::new(modules, pattern::known(placed.n));
    let text = restored(&mut restore, left);
    if text.is_none() && seen.unread.is_none() {
        seen.unread = Some(Unread {
            n: placed.n,
            level: restore.levelled(),
            corners: placed.corners(),
        });
    }
    text
}

/// Decodes what was restored, round by round.
fn restored(restore: &mut Restore, left: &mut Work) -> Option<Vec<u8>> {
    for round in 0..=ROUNDS {
        if round > 0 && !restore.round()? {
            // Nothing changed: neither would the answer.
            return None;
        }
        let text = decode(restore.n, left, |at| restore.decided[at] > 0.0);
        if text.is_some() {
            return text;
        }
    }
    None
}

/// Decodes a grid that was put together from several pictures.
pub(super) fn together(n: usize, level: Vec<f32>, left: &mut Work) -> Option<Vec<u8>> {
    let text = decode(n, left, |at| level[at] > 0.0);
    text.or_else(|| {
        let modules = Modules { n, depth: level };
        restored(&mut Restore::new(modules, pattern::known(n)), left)
    })
}

/// What there is to say about a code that was placed.
fn sight(view: View<'_>, placed: &Placed, read: bool) -> Sight {
    let n = placed.n as f32;
    let corners = placed.corners();
    let side = |at: usize| {
        let ([x, y], [u, v]) = (corners[at], corners[(at + 1) % 4]);
        (x - u).hypot(y - v)
    };
    let shortest = (0..4).map(side).fold(f32::MAX, f32::min);
    Sight {
        corners,
        module: shortest / n,
        contrast: 2.0 * placed.contrast,
        glare: glare(view, placed),
        read,
        foreign: false,
    }
}

/// Points along a side of a code where glare is looked for.
const POINTS: usize = 16;

/// Part of a code that is as bright as it can be. Light modules of a good picture are too, but light and dark ones take turns:
/// glare is where all points of a square of three by three are.
fn glare(view: View<'_>, placed: &Placed) -> f32 {
    let step = placed.n as f32 / POINTS as f32;
    let bright = |at: usize| {
        let [x, y] = [at % POINTS, at / POINTS].map(|at| (at as f32 + 0.5) * step);
        view.saturated(placed.plane.at(x, y))
    };
    let bright: Vec<bool> = (0..POINTS * POINTS).map(bright).collect();
    let square = |at: usize| (0..9).map(move |k| at + k / 3 * POINTS + k % 3);
    let mut glaring = [false; POINTS * POINTS];
    for y in 0..POINTS - 2 {
        for at in y * POINTS..y * POINTS + POINTS - 2 {
            if square(at).all(|at| bright[at]) {
                square(at).for_each(|at| glaring[at] = true);
            }
        }
    }
    glaring.iter().filter(|glaring| **glaring).count() as f32 / glaring.len() as f32
}

fn decode(n: usize, left: &mut Work, dark: impl Fn(usize) -> bool) -> Option<Vec<u8>> {
    if left.decodes == 0 {
        return None;
    }
    left.decodes = left.decodes.saturating_sub(n + n * n / 200);
    decode::grid(n, dark)
}
