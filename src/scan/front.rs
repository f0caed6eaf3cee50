//! Our own reader: finders, grid, samples. `rqrr` decodes the sampled grid.

use super::{
    Found,
    finder::{self, Both},
    group::{self, Corner},
    level::Levels,
    pattern,
    place::{self, Placed, View},
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
}

/// Reads every code of both polarities.
pub(super) fn read(picture: &Luma, work: Work) -> Vec<Found> {
    let levels = Levels::of(picture);
    let step = if picture.height > 1000 { 3 } else { 2 };
    let finders: Both = finder::search(picture, &levels, step);
    let mut found = Vec::new();
    let mut left = work;
    for (finders, dark) in finders.iter().zip([true, false]) {
        let view = View {
            picture,
            levels: &levels,
            dark,
        };
        let triples = group::triples(finders, step, (picture.width, picture.height));
        let mut used: Vec<[f32; 2]> = Vec::new();
        for corner in triples {
            if left.triples == 0 {
                break;
            }
            if corner.at.iter().any(|finder| used.contains(&[finder.x, finder.y])) {
                continue;
            }
            left.triples -= 1;
            if let Some(code) = symbol(view, &corner, &mut left) {
                used.extend(corner.at.map(|finder| [finder.x, finder.y]));
                found.push(code);
            }
        }
    }
    found
}

/// Reads the code of three finders.
fn symbol(view: View<'_>, corner: &Corner, left: &mut Work) -> Option<Found> {
    let mut sides = place::sides(view, corner, left.sides);
    for placed in &mut sides {
        let aligned = place::align(view, placed, corner, 3.5);
        let modules = sample::modules(view, placed, None, 1);
        if let Some(text) = decode(placed.n, |at| modules.depth[at] > 0.0) {
            return Some(of(text, placed));
        }
        let known = place::fixed(placed.n);
        let mut fit = place::refine(view, placed, &known, if aligned { 3 } else { 5 });
        if fit < 0.3 {
            // The pattern that was found may have been another one.
            continue;
        }
        let bend = Bend::of(view, placed);
        if let Some(text) = patient(view, placed, bend.as_ref(), left) {
            return Some(of(text, placed));
        }
        fit += 0.0;
        let _ = fit;
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
