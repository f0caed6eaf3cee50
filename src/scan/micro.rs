//! Micro QR symbols (ISO/IEC 18004, 6.3.1): one finder, timing along its outer edges, light all around. No pass is one;
//! they are known so that the visitor hears it.

use super::{finder::Finder, view::View};

/// Sides of versions M1 to M4 in modules.
const SIDES: [usize; 4] = [17, 15, 13, 11];
/// Directions that are tried within a quarter turn.
const TURNS: u32 = 15;
/// Share of the expected modules that agree, each as far as the contrast goes.
const AGREES: f32 = 0.87;

/// The corners of a Micro QR symbol with this finder, and its pixels a module.
pub(super) fn symbol(view: View<'_>, finder: &Finder) -> Option<([[f32; 2]; 4], f32)> {
    let lattices = (0..TURNS).map(|turn| Lattice::new(finder, turn as f32 * 90.0 / TURNS as f32));
    let lattice = lattices.max_by(|a, b| a.finder(view).total_cmp(&b.finder(view)))?;
    (0..4).find_map(|quarter| {
        let lattice = lattice.turned(quarter);
        let side = SIDES
            .into_iter()
            .find(|side| lattice.agrees(view, *side) > AGREES)? as f32;
        let corners = [[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]];
        Some((corners.map(|[u, v]| lattice.at(u, v)), lattice.module))
    })
}

/// Modules over the picture, as a finder and a direction give them.
#[derive(Clone, Copy)]
struct Lattice {
    middle: [f32; 2],
    along: [f32; 2],
    module: f32,
}

impl Lattice {
    fn new(finder: &Finder, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        // A row crosses a turned square on a longer way.
        let module = finder.module * cos.abs().max(sin.abs());
        Self {
            middle: [finder.x, finder.y],
            along: [cos * module, sin * module],
            module,
        }
    }

    fn turned(mut self, quarters: u32) -> Self {
        for _ in 0..quarters {
            self.along = [-self.along[1], self.along[0]];
        }
        self
    }

    fn at(&self, u: f32, v: f32) -> [f32; 2] {
        let (u, v, [x, y]) = (u - 3.5, v - 3.5, self.along);
        [
            self.middle[0] + u * x - v * y,
            self.middle[1] + u * y + v * x,
        ]
    }

    fn depth(&self, view: View<'_>, u: isize, v: isize) -> f32 {
        view.depth(self.at(u as f32 + 0.5, v as f32 + 0.5))
    }

    /// How well a finder with light around it agrees; not scaled.
    fn finder(&self, view: View<'_>) -> f32 {
        let modules = (-1..8).flat_map(|v| (-1..8).map(move |u| (u, v)));
        modules
            .map(|(u, v): (isize, isize)| {
                let ring = (u - 3).abs().max((v - 3).abs());
                let depth = self.depth(view, u, v);
                if ring == 2 || ring == 4 {
                    -depth
                } else {
                    depth
                }
            })
            .sum()
    }

    /// How well the timing and the light around a symbol of this side agree, up to 1: the worse of both.
    fn agrees(&self, view: View<'_>, side: usize) -> f32 {
        let side = side as isize;
        let timing = (7..side).flat_map(|at| {
            let sign = if at % 2 == 0 { 1.0 } else { -1.0 };
            [((at, 0), sign), ((0, at), sign)]
        });
        let light = (-1..=side).flat_map(|at| {
            [(at, -1), (-1, at), (at, side), (side, at)].map(|module| (module, -1.0))
        });
        self.share(view, timing).min(self.share(view, light))
    }

    fn share(&self, view: View<'_>, modules: impl Iterator<Item = ((isize, isize), f32)>) -> f32 {
        let (agree, all) = modules.fold((0.0, 0.0), |(agree, all), ((u, v), sign)| {
            let depth = self.depth(view, u, v);
            (agree + sign * depth, all + depth.abs())
        });
        agree / f32::max(all, 1.0)
    }
}
