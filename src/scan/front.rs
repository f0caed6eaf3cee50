//! Our own reader: finders, grid, samples. `rqrr` decodes the sampled grid.

use super::{
    Found,
    finder::{self, Both},
    group::{self, Corner},
    level::Levels,
    pattern,
    place::{self, Placed, View},
    resize,
    restore::{ROUNDS, Restore},
    sample::{self, Bend, Modules},
};
use crate::camera::Luma;

/// How much is tried on one picture of one size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    /// Triples of finders.
    pub(super) triples: u32,
    /// Sides that a triple may have.
    pub(super) sides: usize,
    /// Codes whose blur is undone.
    pub(super) restores: u32,
    /// Whether finders are looked for in a smoothed picture too where nothing was read.
    pub(super) smooth: bool,
}

/// Agreement with what is known that a placed code has at least; those that were read had 0.8 and more.
const LEAST_FIT: f32 = 0.6;
/// The same before the corners are moved, below which moving them is given up.
const LEAST_BEGIN: f32 = 0.1;
/// Above this the corners stay where they are.
const GOOD_FIT: f32 = 0.75;

/// Reads every code of both polarities.
pub(super) fn read(picture: &Luma, work: Work) -> Vec<Found> {
    let levels = Levels::of(picture);
    let step = if picture.height > 1000 { 3 } else { 2 };
    let mut finders = finder::search(picture, &levels, step);
    let mut left = work;
    let found = codes(picture, &levels, &finders, step, &mut left);
    if !found.is_empty() || !work.smooth {
        return found;
    }
    let smooth = resize::smooth(picture);
    let more = finder::search(&smooth, &levels, step);
    for (list, more) in finders.iter_mut().zip(more) {
        finder::join(list, more);
    }
    codes(picture, &levels, &finders, step, &mut left)
}

fn codes(
    picture: &Luma,
    levels: &Levels,
    finders: &Both,
    step: usize,
    left: &mut Work,
) -> Vec<Found> {
    let mut found = Vec::new();
    for (finders, dark) in finders.iter().zip([true, false]) {
        let view = View {
            picture,
            levels,
            dark,
        };
        let mut used: Vec<[f32; 2]> = Vec::new();
        for corner in group::triples(finders, step, (picture.width, picture.height)) {
            if left.triples == 0 {
                break;
            }
            if corner.at.iter().any(|finder| used.contains(&[finder.x, finder.y])) {
                continue;
            }
            left.triples -= 1;
            if let Some(code) = symbol(view, &corner, left) {
                used.extend(corner.at.map(|finder| [finder.x, finder.y]));
                found.push(code);
            }
        }
    }
    found
}

/// Reads the code of three finders.
fn symbol(view: View<'_>, corner: &Corner, left: &mut Work) -> Option<Found> {
    for placed in &mut place::sides(view, corner, left.sides) {
        let aligned = place::align(view, placed, corner, 3.5);
        let known = place::fixed(placed.n);
        let mut fit = place::fitness(view, &placed.plane, placed.contrast, &known);
        if fit < LEAST_BEGIN {
            continue;
        }
        if fit > GOOD_FIT {
            let modules = sample::modules(view, placed, None, 1);
            if let Some(text) = decode(placed.n, |at| modules.depth[at] > 0.0) {
                return Some(of(text, placed));
            }
        }
        fit = place::refine(view, placed, &known, if aligned { 3 } else { 5 });
        if fit < LEAST_FIT {
            continue;
        }
        let bend = Bend::of(view, placed);
        if let Some(text) = patient(view, placed, bend.as_ref(), left) {
            return Some(of(text, placed));
        }
    }
    None
}

fn patient(view: View<'_>, placed: &Placed, bend: Option<&Bend>, left: &mut Work) -> Option<Vec<u8>> {
    let modules = sample::modules(view, placed, bend, 5);
    if let Some(text) = decode(placed.n, |at| modules.depth[at] > 0.0) {
        return Some(text);
    }
    if left.restores == 0 {
        return None;
    }
    left.restores -= 1;
    restore(modules)
}

fn restore(modules: Modules) -> Option<Vec<u8>> {
    let n = modules.n;
    let mut restore = Restore::new(modules, pattern::known(n));
    let level = restore.levelled();
    if let Some(text) = decode(n, |at| level[at] > 0.0) {
        return Some(text);
    }
    for _ in 0..ROUNDS {
        restore.round()?;
        if let Some(text) = decode(n, |at| restore.decided[at] > 0.0) {
            return Some(text);
        }
    }
    None
}

fn of(text: Vec<u8>, placed: &Placed) -> Found {
    let n = placed.n as f32;
    Found {
        text,
        corners: [[0.0, 0.0], [n, 0.0], [n, n], [0.0, n]].map(|[u, v]| placed.plane.at(u, v)),
    }
}

struct Bits<F>(usize, F);

impl<F: Fn(usize) -> bool> rqrr::BitGrid for Bits<F> {
    fn size(&self) -> usize {
        self.0
    }

    fn bit(&self, y: usize, x: usize) -> bool {
        (self.1)(y * self.0 + x)
    }
}

fn decode(n: usize, dark: impl Fn(usize) -> bool) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let _ = rqrr::Grid::new(Bits(n, dark)).decode_to(&mut text).ok()?;
    (!text.is_empty()).then_some(text)
}
