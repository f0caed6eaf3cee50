//! Lays a code's modules over the picture: from the finders, then the alignment patterns, then all that is known.

use super::{group::Corner, pattern, plane::Plane, view::View};

/// A code's modules over the picture.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) plane: Plane,
    /// Modules a side.
    pub(super) n: usize,
    /// Difference between a dark module and the threshold.
    pub(super) contrast: f32,
}

impl Placed {
    /// Corners of the code in pixels, clockwise from its own upper left.
    pub(super) fn corners(&self) -> [[f32; 2]; 4] {
        let n = self.n as f32;
        [[0.0, 0.0], [n, 0.0], [n, n], [0.0, n]].map(|[u, v]| self.plane.at(u, v))
    }
}

/// Agreement of the timing lines without which no side is tried; codes that were read had 0.35 and more.
const LEAST_TIMING: f32 = 0.3;

/// Modules a side above which a timing line is long.
const MANY: usize = 45;

/// Middles of the finders in modules.
fn middles(n: f32) -> [[f32; 2]; 3] {
    [[3.5, 3.5], [n - 3.5, 3.5], [3.5, n - 3.5]]
}

/// Sides that fit, the likeliest first, at most `most`, with the plane that the finders and the timing lines give.
pub(super) fn sides(view: View<'_>, corner: &Corner, most: usize) -> Vec<Placed> {
    let [a, b, c] = corner.at.map(|finder| [finder.x, finder.y]);
    let module = corner.at.iter().map(|finder| finder.module).sum::<f32>() / 3.0;
    let mut guess = 7.0;
    let mut tilt = [0.0; 2];
    for (tilt, to) in tilt.iter_mut().zip([b, c]) {
        let (way, far) = unit(a, to);
        let near = |at| scale(view, at, way, module).unwrap_or(module);
        let (one, other) = (near(a), near(to));
        guess += far / (one * other).sqrt() / 2.0;
        *tilt = ((one / other).sqrt() - 1.0).clamp(-0.4, 0.6);
    }
    let nearest = (((guess - 17.0) / 4.0).round() as isize).clamp(1, 40);
    let reach = 1 + (guess / 40.0) as isize;
    let mut found: Vec<(f32, Placed)> = (nearest - reach..=nearest + reach)
        .filter(|version| (1..=40).contains(version))
        .filter_map(|version| {
            let n = 17 + 4 * version as usize;
            let (slant, timing, contrast) = Slant { a, b, c, tilt }.fitted(view, n);
            if timing < LEAST_TIMING {
                return None;
            }
            let far = (n as f32 - guess).abs() / guess;
            let plane = slant.plane(n as f32)?;
            Some((timing - far, Placed { plane, n, contrast }))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(most);
    found.into_iter().map(|(_, placed)| placed).collect()
}

/// A plane through the middles of three finders: what is left open is how much the modules shrink along either leg.
#[derive(Debug, Clone, Copy)]
struct Slant {
    a: [f32; 2],
    b: [f32; 2],
    c: [f32; 2],
    /// The root of the ratio of the modules at both ends of a leg, less 1.
    tilt: [f32; 2],
}

impl Slant {
    /// Where the point is that lies `p` and `q` of the legs away from the first finder.
    #[inline]
    fn at(&self, p: f32, q: f32) -> [f32; 2] {
        let [g, h] = self.tilt;
        let w = 1.0 / (1.0 + g * p + h * q);
        let (b, c) = (p * (1.0 + g) * w, q * (1.0 + h) * w);
        let a = (1.0 - p - q) * w;
        [
            a * self.a[0] + b * self.b[0] + c * self.c[0],
            a * self.a[1] + b * self.b[1] + c * self.c[1],
        ]
    }

    fn plane(&self, n: f32) -> Option<Plane> {
        let mids = middles(n);
        Plane::fit(&[
            (mids[0], self.a, 1.0),
            (mids[1], self.b, 1.0),
            (mids[2], self.c, 1.0),
            ([n - 3.5, n - 3.5], self.at(1.0, 1.0), 1.0),
        ])
    }

    /// The tilt with which the timing lines agree best, how well (-1 to 1), and the contrast along them.
    fn fitted(mut self, view: View<'_>, n: usize) -> (Self, f32, f32) {
        // A step moves the middle of a leg by a third of a module.
        let step = 1.3 / n as f32;
        let steps = ((0.08 / step) as i32).clamp(2, 8);
        let mut total = (0.0, 0.0);
        for leg in [0, 1] {
            let begin = self.tilt[leg];
            let mut best = (f32::MIN, begin);
            // Of a long line a third of the modules settle the tilt; an odd step takes dark and light ones.
            let thin = if n > MANY { 3 } else { 1 };
            for at in -steps..=steps {
                self.tilt[leg] = begin + at as f32 * step;
                let (agree, all) = self.line(view, n, leg, thin);
                // Few modules fit many tilts: what the finders say counts, then.
                let timing = agree / f32::max(all, 1.0) - 0.02 * at.abs() as f32;
                if timing > best.0 {
                    best = (timing, self.tilt[leg]);
                }
            }
            self.tilt[leg] = best.1;
            if best.0 < LEAST_TIMING / 2.0 {
                return (self, best.0, 0.0);
            }
            let (agree, all) = self.line(view, n, leg, 1);
            total = (total.0 + agree, total.1 + all);
        }
        let count = 2.0 * (n - 14) as f32;
        (self, total.0 / f32::max(total.1, 1.0), total.1 / count)
    }

    /// Depths along one timing line, of every `step`th module: their sum as they should alternate, and the sum of all.
    fn line(&self, view: View<'_>, n: usize, leg: usize, step: usize) -> (f32, f32) {
        let whole = (n - 7) as f32;
        let beside = 3.0 / whole;
        let (mut agree, mut all) = (0.0, 0.0);
        for at in (7..n - 7).step_by(step) {
            let along = (at as f32 - 3.0) / whole;
            let point = if leg == 0 {
                self.at(along, beside)
            } else {
                self.at(beside, along)
            };
            let depth = view.depth(point);
            agree += if at % 2 == 0 { depth } else { -depth };
            all += depth.abs();
        }
        (agree, all)
    }
}

fn unit(from: [f32; 2], to: [f32; 2]) -> ([f32; 2], f32) {
    let way = [to[0] - from[0], to[1] - from[1]];
    let far = (way[0] * way[0] + way[1] * way[1]).sqrt().max(1e-3);
    ([way[0] / far, way[1] / far], far)
}

/// Pixels a module at a finder along a line through its middle.
fn scale(view: View<'_>, at: [f32; 2], way: [f32; 2], module: f32) -> Option<f32> {
    let ahead = edges(view, at, way, module)?;
    let behind = edges(view, at, [-way[0], -way[1]], module)?;
    let whole = (ahead[2] + behind[2]) / 7.0;
    let rings = (ahead[2] - ahead[0] + behind[2] - behind[0]) / 4.0;
    Some((2.0 * whole + rings) / 3.0)
}

/// How far from a finder's middle its three edges lie, in pixels.
fn edges(view: View<'_>, at: [f32; 2], way: [f32; 2], module: f32) -> Option<[f32; 3]> {
    let depth = |far: f32| view.depth([at[0] + way[0] * far, at[1] + way[1] * far]);
    let step = (module / 3.0).clamp(0.5, 3.0);
    let most = module * 6.5;
    let mut out = [0.0; 3];
    let (mut far, mut last) = (0.0, depth(0.0));
    if last <= 0.0 {
        return None;
    }
    for edge in &mut out {
        loop {
            far += step;
            if far > most {
                return None;
            }
            let now = depth(far);
            if (now > 0.0) != (last > 0.0) {
                *edge = far - step + step * (last / (last - now)).clamp(0.0, 1.0);
                last = now;
                break;
            }
            last = now;
        }
    }
    let even = out[0] > 0.7 * module && out[2] < 5.2 * module && out[2] > 2.2 * module;
    even.then_some(out)
}

/// Looks for the lower right alignment pattern and lays the plane through it.
pub(super) fn align(view: View<'_>, placed: &mut Placed, corner: &Corner, reach: f32) -> bool {
    let n = placed.n as f32;
    if placed.n < 25 {
        return false;
    }
    let middle = [n - 6.5, n - 6.5];
    let Some(at) = pattern_near(view, placed, middle, reach) else {
        return false;
    };
    let mut pairs = vec![(middle, at, 4.0)];
    for (mid, finder) in middles(n).into_iter().zip(corner.at) {
        pairs.push((mid, [finder.x, finder.y], 4.0));
    }
    match Plane::fit(&pairs) {
        Some(plane) => {
            placed.plane = plane;
            true
        }
        None => false,
    }
}

/// The middle, in pixels, of the alignment pattern nearest to where it should be; `None` where nothing agrees enough.
pub(super) fn pattern_near(
    view: View<'_>,
    placed: &Placed,
    [u, v]: [f32; 2],
    reach: f32,
) -> Option<[f32; 2]> {
    let origin = placed.plane.at(u, v);
    let ([x1, y1], [x2, y2]) = (placed.plane.at(u + 1.0, v), placed.plane.at(u, v + 1.0));
    let (du, dv) = (
        [x1 - origin[0], y1 - origin[1]],
        [x2 - origin[0], y2 - origin[1]],
    );
    let most = placed.contrast.max(2.0) * 1.5;
    let at = |a: f32, b: f32| {
        [
            origin[0] + a * du[0] + b * dv[0],
            origin[1] + a * du[1] + b * dv[1],
        ]
    };
    let score = |a: f32, b: f32, near: bool| {
        let mut sum = 0.0;
        for j in -2..=2_i32 {
            for i in -2..=2_i32 {
                let point = at(a + i as f32, b + j as f32);
                let depth = if near {
                    view.near(point)
                } else {
                    view.depth(point)
                };
                let depth = depth.clamp(-most, most);
                // Eight light modules against seventeen dark ones.
                sum += if i.abs().max(j.abs()) == 1 {
                    -1.5 * depth
                } else {
                    depth * 0.76
                };
            }
        }
        sum / (24.9 * placed.contrast.max(2.0)) - 0.03 * (a * a + b * b).sqrt()
    };
    let step = 0.5;
    let reach = (reach / step) as i32;
    let mut best = (f32::MIN, 0.0, 0.0);
    for j in -reach..=reach {
        for i in -reach..=reach {
            let (a, b) = (i as f32 * step, j as f32 * step);
            let now = score(a, b, true);
            if now > best.0 {
                best = (now, a, b);
            }
        }
    }
    best.0 = score(best.1, best.2, false);
    for step in [0.25, 0.125] {
        let (_, a, b) = best;
        for (da, db) in [
            (1.0, 0.0),
            (-1.0, 0.0),
            (0.0, 1.0),
            (0.0, -1.0),
            (1.0, 1.0),
            (-1.0, 1.0),
            (1.0, -1.0),
            (-1.0, -1.0),
        ] {
            let (a, b) = (a + da * step, b + db * step);
            let now = score(a, b, false);
            if now > best.0 {
                best = (now, a, b);
            }
        }
    }
    (best.0 > 0.35).then(|| at(best.1, best.2))
}

/// How well everything that is known agrees, up to about 1.
pub(super) fn fitness(
    view: View<'_>,
    plane: &Plane,
    contrast: f32,
    known: &[([f32; 2], f32)],
) -> f32 {
    let most = contrast.max(2.0) * 1.5;
    let sum: f32 = known
        .iter()
        .map(|([u, v], sign)| sign * view.depth(plane.at(*u, *v)).clamp(-most, most))
        .sum();
    sum / (known.len() as f32 * contrast.max(2.0))
}

/// Points at which a fit is judged at most: large codes have thousands and need no more.
const POINTS: usize = 500;

/// Middles of modules that are known beforehand, with 1 for dark and -1 for light.
pub(super) fn fixed(n: usize) -> Vec<([f32; 2], f32)> {
    let known = pattern::known(n);
    let points = known.iter().enumerate().filter(|(_, value)| **value != 0);
    let every = points.clone().count().div_ceil(POINTS).max(1);
    points
        .step_by(every)
        .map(|(at, value)| {
            (
                [(at % n) as f32 + 0.5, (at / n) as f32 + 0.5],
                f32::from(*value),
            )
        })
        .collect()
}

/// Moves the corners until everything that is known agrees best: `rounds` of steps, each
/// smaller than the last.
pub(super) fn refine(
    view: View<'_>,
    placed: &mut Placed,
    known: &[([f32; 2], f32)],
    rounds: u32,
) -> f32 {
    let n = placed.n as f32;
    let from = [[0.0, 0.0], [n, 0.0], [n, n], [0.0, n]];
    let mut corners = from.map(|[u, v]| placed.plane.at(u, v));
    let mut best = fitness(view, &placed.plane, placed.contrast, known);
    let across = unit(corners[0], corners[1]).1 / n;
    let mut step = across * 0.6;
    for _ in 0..rounds {
        // The corner that no finder holds moves first.
        for corner in [2, 1, 3, 0] {
            for axis in 0..2 {
                for sign in [1.0, -1.0] {
                    let old = corners[corner][axis];
                    corners[corner][axis] = old + sign * step;
                    let pairs = [0, 1, 2, 3].map(|at| (from[at], corners[at], 1.0));
                    let moved = Plane::fit(&pairs)
                        .map(|plane| (fitness(view, &plane, placed.contrast, known), plane));
                    match moved {
                        Some((fit, plane)) if fit > best => {
                            best = fit;
                            placed.plane = plane;
                            break;
                        }
                        _ => corners[corner][axis] = old,
                    }
                }
            }
        }
        step *= 0.6;
    }
    best
}
