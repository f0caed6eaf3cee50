//! Three finders that make a code.

use super::finder::Finder;

/// Finders that are combined, the largest first: the nearest code is the one that is held up.
const FINDERS: usize = 26;

/// Upper left, upper right and lower left of a code, with how badly they fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    pub(super) at: [Finder; 3],
    pub(super) misfit: f32,
}

/// Triples that could be a code, the best first.
pub(super) fn triples(finders: &[Finder], step: usize, size: (usize, usize)) -> Vec<Corner> {
    let mut finders = finders.to_vec();
    if finders.len() > FINDERS {
        let middle = (size.0 as f32 / 2.0, size.1 as f32 / 2.0);
        let rank = |finder: &Finder| {
            let rows = 3.0 * finder.module / step as f32;
            let seen = (finder.hits as f32 / rows.max(1.0)).min(1.0);
            let far = ((finder.x - middle.0).powi(2) + (finder.y - middle.1).powi(2)).sqrt();
            seen * finder.module.sqrt() / (1.0 + far / middle.0)
        };
        finders.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
        finders.truncate(FINDERS);
    }
    finders.sort_by(|a, b| b.module.total_cmp(&a.module));
    let mut found = Vec::new();
    for (i, a) in finders.iter().enumerate() {
        for (j, b) in finders.iter().enumerate().skip(i + 1) {
            if b.module * 2.0 < a.module {
                break;
            }
            for c in &finders[j + 1..] {
                if c.module * 2.0 < a.module {
                    break;
                }
                found.extend(corner(*a, *b, *c));
            }
        }
    }
    found.sort_by(|a, b| a.misfit.total_cmp(&b.misfit));
    found
}

fn corner(a: Finder, b: Finder, c: Finder) -> Option<Corner> {
    let far = |p: &Finder, q: &Finder| ((p.x - q.x).powi(2) + (p.y - q.y).powi(2)).sqrt();
    let (ab, bc, ca) = (far(&a, &b), far(&b, &c), far(&c, &a));
    // The longest side lies across from the upper left.
    let (corner, one, other) = if bc >= ab && bc >= ca {
        (a, b, c)
    } else if ca >= ab {
        (b, c, a)
    } else {
        (c, a, b)
    };
    let (p, q) = (
        [one.x - corner.x, one.y - corner.y],
        [other.x - corner.x, other.y - corner.y],
    );
    let (long_p, long_q) = (far(&corner, &one), far(&corner, &other));
    let module = (a.module + b.module + c.module) / 3.0;
    let (short, long) = (long_p.min(long_q), long_p.max(long_q));
    if short < 9.0 * module || long > 180.0 * module || long > 2.2 * short {
        return None;
    }
    let cos = (p[0] * q[0] + p[1] * q[1]) / (long_p * long_q);
    if cos.abs() > 0.6 {
        return None;
    }
    let turn = p[0] * q[1] - p[1] * q[0];
    let (right, down) = if turn > 0.0 {
        (one, other)
    } else {
        (other, one)
    };
    let largest = a.module.max(b.module).max(c.module);
    let smallest = a.module.min(b.module).min(c.module);
    Some(Corner {
        at: [corner, right, down],
        misfit: cos.abs()
            + (long / short).ln()
            + 0.7 * (largest / smallest).ln()
            + 0.002 * long / module,
    })
}
