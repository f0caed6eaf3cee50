//! Undoes blur where modules run into each other: the blur is estimated from the code itself, then every module is
//! decided so that the blurred decision looks most like what was sampled (iterated conditional modes, Besag 1986).

use super::{plane::solve, sample::Modules};

/// Modules around a module from which its local dark and light are taken.
const REACH: usize = 5;
/// Modules that blur into one: three by three.
const TAPS: usize = 9;
/// Times that blur and modules are estimated from each other.
pub(super) const ROUNDS: usize = 3;

/// Decisions under way.
pub(super) struct Restore {
    pub(super) n: usize,
    /// Sampled depth and what is known beforehand.
    depth: Vec<f32>,
    known: Vec<i8>,
    /// 1 dark, -1 light.
    pub(super) decided: Vec<f32>,
}

impl Restore {
    pub(super) fn new(modules: Modules, known: Vec<i8>) -> Self {
        let decided = modules
            .depth
            .iter()
            .zip(&known)
            .map(|(depth, known)| match known {
                0 => depth.signum(),
                known => f32::from(*known),
            })
            .collect();
        let mut restore = Self {
            n: modules.n,
            depth: modules.depth,
            known,
            decided,
        };
        // What is dark for its place, not for the whole picture.
        let level = restore.levelled();
        for (at, decided) in restore.decided.iter_mut().enumerate() {
            if restore.known[at] == 0 {
                *decided = level[at].signum();
            }
        }
        restore
    }

    /// One round: local levels, blur, modules. Whether a module changed; `None` where nothing settles the blur.
    pub(super) fn round(&mut self) -> Option<bool> {
        let level = self.levelled();
        let kernel = self.kernel(&level)?;
        let before = self.decided.clone();
        self.decide(&level, &kernel);
        Some(before != self.decided)
    }

    /// Depths between -1 and 1 as the dark and the light modules around each are.
    pub(super) fn levelled(&self) -> Vec<f32> {
        let n = self.n;
        let stride = n + 1;
        // Summed areas: dark count, dark sum, light count, light sum.
        let mut sums = vec![[0.0_f32; 4]; stride * stride];
        for v in 0..n {
            let mut line = [0.0_f32; 4];
            for u in 0..n {
                let (depth, at) = (
                    self.depth[v * n + u],
                    if self.decided[v * n + u] > 0.0 { 0 } else { 2 },
                );
                line[at] += 1.0;
                line[at + 1] += depth;
                let above = sums[v * stride + u + 1];
                sums[(v + 1) * stride + u + 1] = [0, 1, 2, 3].map(|at| above[at] + line[at]);
            }
        }
        let whole = sums[stride * stride - 1];
        let mean = |count: f32, sum: f32, of: usize| {
            // A few of the whole code's own, lest a window of one kind has no other.
            let all = whole[of + 1] / whole[of].max(1.0);
            (sum + 4.0 * all) / (count + 4.0)
        };
        let mut out = Vec::with_capacity(n * n);
        for v in 0..n {
            let (top, bottom) = (v.saturating_sub(REACH), (v + REACH + 1).min(n));
            for u in 0..n {
                let (left, right) = (u.saturating_sub(REACH), (u + REACH + 1).min(n));
                let [a, b, c, d] = [(top, left), (top, right), (bottom, left), (bottom, right)]
                    .map(|(v, u)| sums[v * stride + u]);
                let area = [0, 1, 2, 3].map(|at| d[at] + a[at] - b[at] - c[at]);
                let dark = mean(area[0], area[1], 0);
                let light = mean(area[2], area[3], 2);
                let half = ((dark - light) / 2.0).max(2.0);
                out.push(((self.depth[v * n + u] - (dark + light) / 2.0) / half).clamp(-2.5, 2.5));
            }
        }
        out
    }

    /// The blur that best explains the levels: least squares over all modules.
    fn kernel(&self, level: &[f32]) -> Option<[f32; TAPS]> {
        let n = self.n;
        let mut rows = [[0.0_f64; TAPS + 1]; TAPS];
        for v in 1..n - 1 {
            for u in 1..n - 1 {
                let near = self.near(u, v);
                let value = level[v * n + u];
                for (row, a) in rows.iter_mut().zip(near) {
                    for (cell, b) in row.iter_mut().zip(near) {
                        *cell += f64::from(a * b);
                    }
                    row[TAPS] += f64::from(a * value);
                }
            }
        }
        for (at, row) in rows.iter_mut().enumerate() {
            row[at] += 1e-3 * (n * n) as f64;
        }
        solve(rows).map(|kernel| kernel.map(|tap| tap as f32))
    }

    fn near(&self, u: usize, v: usize) -> [f32; TAPS] {
        let n = self.n;
        let mut near = [0.0; TAPS];
        for (row, three) in near.chunks_exact_mut(3).enumerate() {
            let from = (v + row - 1) * n + u - 1;
            three.copy_from_slice(&self.decided[from..from + 3]);
        }
        near
    }

    /// Flips modules as long as that explains the levels better.
    fn decide(&mut self, level: &[f32], kernel: &[f32; TAPS]) {
        let n = self.n;
        // A light border stands around: the quiet zone.
        let stride = n + 2;
        let mut padded = vec![-1.0_f32; stride * stride];
        for v in 0..n {
            padded[(v + 1) * stride + 1..][..n].copy_from_slice(&self.decided[v * n..][..n]);
        }
        let mut error = vec![0.0_f32; stride * stride];
        for v in 0..n {
            for u in 0..n {
                let mut seen = 0.0;
                for (tap, weight) in kernel.iter().enumerate() {
                    seen += weight * padded[(v + tap / 3) * stride + u + tap % 3];
                }
                error[(v + 1) * stride + u + 1] = level[v * n + u] - seen;
            }
        }
        let power: f32 = kernel.iter().map(|tap| tap * tap).sum();
        for _ in 0..4 {
            let mut flipped = 0;
            for v in 0..n {
                for u in 0..n {
                    if self.known[v * n + u] != 0 {
                        continue;
                    }
                    let at = (v + 1) * stride + u + 1;
                    let change = -2.0 * padded[at];
                    // The module is seen by its neighbours through the mirrored kernel.
                    let mut pull = 0.0;
                    for (tap, weight) in kernel.iter().enumerate() {
                        pull += weight * error[(v + 2 - tap / 3) * stride + u + 2 - tap % 3];
                    }
                    if change * change * power - 2.0 * change * pull < 0.0 {
                        flipped += 1;
                        padded[at] = -padded[at];
                        for (tap, weight) in kernel.iter().enumerate() {
                            error[(v + 2 - tap / 3) * stride + u + 2 - tap % 3] -= change * weight;
                        }
                    }
                }
            }
            if flipped == 0 {
                break;
            }
        }
        for v in 0..n {
            self.decided[v * n..][..n].copy_from_slice(&padded[(v + 1) * stride + 1..][..n]);
        }
    }
}
