//! One value a module.

use super::{
    pattern,
    place::{Placed, pattern_near},
    view::View,
};

/// How dark every module is, row by row: above 0 is dark.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Modules {
    pub(super) n: usize,
    pub(super) depth: Vec<f32>,
}

/// Where alignment patterns really lie, against the plane: paper bends and lenses too.
pub(super) struct Bend {
    at: Vec<f32>,
    /// Pixels, for each pair of positions.
    shift: Vec<[f32; 2]>,
}

impl Bend {
    /// Looks for every alignment pattern within a module or two; `None` for codes that have one at most.
    pub(super) fn of(view: View<'_>, placed: &Placed) -> Option<Self> {
        let middles = pattern::alignment(placed.n);
        if middles.len() < 3 {
            return None;
        }
        let k = middles.len();
        let mut shift: Vec<Option<[f32; 2]>> = Vec::with_capacity(k * k);
        for v in &middles {
            for u in &middles {
                if pattern::on_finder(placed.n, *u, *v) {
                    shift.push(Some([0.0, 0.0]));
                    continue;
                }
                let middle = [*u as f32 + 0.5, *v as f32 + 0.5];
                let plain = placed.plane.at(middle[0], middle[1]);
                let found = pattern_near(view, placed, middle, 1.5);
                shift.push(found.map(|at| [at[0] - plain[0], at[1] - plain[1]]));
            }
        }
        let filled = (0..k * k).map(|at| {
            shift[at].unwrap_or_else(|| {
                // The mean of the neighbours that were found.
                let (row, col) = (at / k, at % k);
                let mut sum = [0.0, 0.0, 0.0];
                for r in row.saturating_sub(1)..(row + 2).min(k) {
                    for c in col.saturating_sub(1)..(col + 2).min(k) {
                        if let Some([x, y]) = shift[r * k + c] {
                            sum = [sum[0] + x, sum[1] + y, sum[2] + 1.0];
                        }
                    }
                }
                [
                    sum[0] / f32::max(sum[2], 1.0),
                    sum[1] / f32::max(sum[2], 1.0),
                ]
            })
        });
        Some(Self {
            shift: filled.collect(),
            at: middles.iter().map(|at| *at as f32 + 0.5).collect(),
        })
    }

    fn index(&self, u: f32) -> (usize, f32) {
        let last = self.at.len() - 2;
        let cell = (0..last).find(|cell| u < self.at[cell + 1]).unwrap_or(last);
        let share = (u - self.at[cell]) / (self.at[cell + 1] - self.at[cell]);
        // Beyond the outermost patterns the bend goes on a little.
        (cell, share.clamp(-0.3, 1.3))
    }
}

/// Samples every module, each at `taps` points around its middle (1 or 5).
pub(super) fn modules(
    view: View<'_>,
    placed: &Placed,
    bend: Option<&Bend>,
    taps: usize,
) -> Modules {
    let n = placed.n;
    let mut depth = Vec::with_capacity(n * n);
    let offsets: &[[f32; 2]] = &[
        [0.0, 0.0],
        [0.22, 0.0],
        [-0.22, 0.0],
        [0.0, 0.22],
        [0.0, -0.22],
    ][..taps];
    let columns: Vec<(usize, f32)> = (0..n)
        .map(|u| bend.map_or((0, 0.0), |bend| bend.index(u as f32 + 0.5)))
        .collect();
    for v in 0..n {
        let row = bend.map(|bend| (bend, bend.index(v as f32 + 0.5)));
        for (u, (c, su)) in columns.iter().enumerate() {
            let shift = row.map_or([0.0, 0.0], |(bend, (r, sv))| {
                let k = bend.at.len();
                let [a, b, d, e] = [
                    r * k + c,
                    r * k + c + 1,
                    (r + 1) * k + c,
                    (r + 1) * k + c + 1,
                ]
                .map(|at| bend.shift[at]);
                [0, 1].map(|axis| {
                    let upper = a[axis] + (b[axis] - a[axis]) * su;
                    let lower = d[axis] + (e[axis] - d[axis]) * su;
                    upper + (lower - upper) * sv
                })
            });
            let sum: f32 = offsets
                .iter()
                .map(|[du, dv]| {
                    let [x, y] = placed.plane.at(u as f32 + 0.5 + du, v as f32 + 0.5 + dv);
                    view.depth([x + shift[0], y + shift[1]])
                })
                .sum();
            depth.push(sum / taps as f32);
        }
    }
    Modules { n, depth }
}
