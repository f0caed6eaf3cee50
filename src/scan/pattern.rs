//! The modules of a code that are the same whatever it says: finders, timing, alignment (ISO/IEC 18004, 6.3).

/// Where the middles of alignment patterns lie, in modules from the left and from the top; empty for version 1.
pub(super) fn alignment(n: usize) -> Vec<usize> {
    let version = (n - 17) / 4;
    if version == 1 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = if version == 32 {
        26
    } else {
        (version * 4 + count * 2 + 1) / (2 * count - 2) * 2
    };
    let mut middles: Vec<usize> = (0..count - 1).map(|at| n - 7 - at * step).collect();
    middles.push(6);
    middles.reverse();
    middles
}

/// Whether an alignment pattern would lie on a finder.
pub(super) fn on_finder(n: usize, u: usize, v: usize) -> bool {
    let ends = [6, n - 7];
    ends.contains(&u) && ends.contains(&v) && (u == 6 || v == 6)
}

/// For every module: 1 dark, -1 light, 0 not known beforehand.
pub(super) fn known(n: usize) -> Vec<i8> {
    let mut known = vec![0_i8; n * n];
    for at in 8..n - 8 {
        let value = if at % 2 == 0 { 1 } else { -1 };
        known[6 * n + at] = value;
        known[at * n + 6] = value;
    }
    let middles = alignment(n);
    for v in &middles {
        for u in &middles {
            if on_finder(n, *u, *v) {
                continue;
            }
            for dv in 0..5 {
                for du in 0..5 {
                    let ring = usize::max(du.max(4 - du), dv.max(4 - dv));
                    known[(v + dv - 2) * n + u + du - 2] = if ring == 3 { -1 } else { 1 };
                }
            }
        }
    }
    for (left, top) in [(0, 0), (n - 7, 0), (0, n - 7)] {
        for v in top.saturating_sub(1)..(top + 8).min(n) {
            for u in left.saturating_sub(1)..(left + 8).min(n) {
                let ring = (u as isize - left as isize - 3)
                    .abs()
                    .max((v as isize - top as isize - 3).abs());
                known[v * n + u] = if ring == 2 || ring == 4 { -1 } else { 1 };
            }
        }
    }
    // The one dark module that is always there.
    known[(n - 8) * n + 8] = 1;
    known
}
