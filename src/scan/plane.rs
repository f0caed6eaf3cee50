//! Projective maps from a code's modules to pixels.

/// A projective map of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plane([f32; 9]);

impl Plane {
    /// The map that takes these points to those as well as it can (least squares; each with a weight); `None` when they
    /// do not settle it.
    pub(super) fn fit(pairs: &[([f32; 2], [f32; 2], f32)]) -> Option<Self> {
        // Eight unknowns, the ninth is 1: normal equations of the direct linear transform.
        let mut rows = [[0.0_f64; 9]; 8];
        let (mut scale, mut count) = (1.0_f64, 0.0);
        let mut centre = [0.0_f64; 2];
        for (_, to, _) in pairs {
            centre[0] += f64::from(to[0]);
            centre[1] += f64::from(to[1]);
            count += 1.0;
        }
        centre = centre.map(|sum| sum / count);
        for (from, _, _) in pairs {
            scale = scale
                .max(f64::from(from[0].abs()))
                .max(f64::from(from[1].abs()));
        }
        for (from, to, weight) in pairs {
            let (u, v) = (f64::from(from[0]) / scale, f64::from(from[1]) / scale);
            let weight = f64::from(*weight);
            let (x, y) = (
                (f64::from(to[0]) - centre[0]) / scale,
                (f64::from(to[1]) - centre[1]) / scale,
            );
            for (equation, value) in [
                ([u, v, 1.0, 0.0, 0.0, 0.0, -u * x, -v * x], x),
                ([0.0, 0.0, 0.0, u, v, 1.0, -u * y, -v * y], y),
            ] {
                for (row, a) in rows.iter_mut().zip(equation) {
                    for (cell, b) in row.iter_mut().zip(equation) {
                        *cell += weight * a * b;
                    }
                    row[8] += weight * a * value;
                }
            }
        }
        let m = solve(rows)?;
        // Undo the scaling of both sides.
        let (cx, cy) = (centre[0], centre[1]);
        let full = [
            m[0] + cx * m[6] / scale,
            m[1] + cx * m[7] / scale,
            m[2] * scale + cx,
            m[3] + cy * m[6] / scale,
            m[4] + cy * m[7] / scale,
            m[5] * scale + cy,
            m[6] / scale,
            m[7] / scale,
            1.0,
        ];
        full.iter()
            .all(|cell| cell.is_finite())
            .then(|| Self(full.map(|cell| cell as f32)))
    }

    /// Where a point goes.
    #[inline]
    pub(super) fn at(&self, u: f32, v: f32) -> [f32; 2] {
        let m = &self.0;
        let w = 1.0 / (m[6] * u + m[7] * v + 1.0);
        [
            (m[0] * u + m[1] * v + m[2]) * w,
            (m[3] * u + m[4] * v + m[5]) * w,
        ]
    }
}

/// Gaussian elimination with the largest pivot first.
pub(super) fn solve<const N: usize, const M: usize>(mut rows: [[f64; M]; N]) -> Option<[f64; N]> {
    for at in 0..N {
        let pivot = (at..N).max_by(|a, b| rows[*a][at].abs().total_cmp(&rows[*b][at].abs()))?;
        rows.swap(at, pivot);
        let top = rows[at];
        if top[at].abs() < 1e-12 {
            return None;
        }
        for row in rows.iter_mut().skip(at + 1) {
            let share = row[at] / top[at];
            for (cell, above) in row.iter_mut().zip(top).skip(at) {
                *cell -= share * above;
            }
        }
    }
    let mut out = [0.0; N];
    for at in (0..N).rev() {
        let known: f64 = (at + 1..N).map(|col| rows[at][col] * out[col]).sum();
        out[at] = (rows[at][N] - known) / rows[at][at];
    }
    Some(out)
}
