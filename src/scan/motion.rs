//! Whether anything moves before the lens: a still scene is looked at less often.

use crate::camera::Luma;

/// Cells across and down.
const CELLS: (usize, usize) = (32, 18);
/// A cell has changed when its mean moved by more than this.
const STEP: u8 = 6;

/// Compares coarse pictures.
#[derive(Debug, Default)]
pub struct Motion {
    last: Vec<u8>,
}

impl Motion {
    /// Has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether this picture differs from the last one that did. The first one does.
    pub fn moved(&mut self, picture: &Luma) -> bool {
        let cells = coarse(picture);
        let same = cells.len() == self.last.len()
            && cells
                .iter()
                .zip(&self.last)
                .all(|(now, then)| now.abs_diff(*then) <= STEP);
        if !same {
            // The reference stays while nothing moves: what creeps is noticed in the end.
            self.last = cells;
        }
        !same
    }
}

/// Means over a few pixels of each cell.
fn coarse(picture: &Luma) -> Vec<u8> {
    let mut cells = Vec::with_capacity(CELLS.0 * CELLS.1);
    if picture.width < CELLS.0 || picture.height < CELLS.1 {
        return cells;
    }
    for down in 0..CELLS.1 {
        let rows = down * picture.height / CELLS.1..(down + 1) * picture.height / CELLS.1;
        for across in 0..CELLS.0 {
            let columns = across * picture.width / CELLS.0..(across + 1) * picture.width / CELLS.0;
            let (mut sum, mut count) = (0_u32, 0_u32);
            for y in rows.clone().step_by(4) {
                for pixel in picture.data[y * picture.width..][columns.clone()]
                    .iter()
                    .step_by(4)
                {
                    sum += u32::from(*pixel);
                    count += 1;
                }
            }
            cells.push(u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_still_and_a_hand_is_not() {
        let scene = |spot: u8, noise: usize| {
            let mut data: Vec<u8> = (0..320 * 180)
                .map(|at| 100 + ((at * 7919 + noise) % 5) as u8)
                .collect();
            for y in 80..100 {
                data[y * 320 + 100..][..20].fill(spot);
            }
            Luma::new(320, 180, data).unwrap()
        };
        let mut motion = Motion::new();
        let seen = [
            scene(100, 0),
            scene(100, 1),
            scene(100, 2),
            scene(200, 3),
            scene(200, 4),
        ]
        .map(|scene| motion.moved(&scene));
        assert_eq!(seen, [true, false, false, true, false]);
        assert!(
            motion.moved(&Luma::default()),
            "another size is another scene"
        );
    }
}
