//! Dark or light: a threshold for every 8 by 8 pixels, from the contrast around them.

use crate::camera::Luma;

/// Side of a cell in pixels.
pub(super) const CELL: usize = 8;
/// A cell whose brightest and darkest pixels differ by less shows a surface and says nothing about a threshold.
const CONTRAST: u8 = 18;
/// Cells around a cell that make its threshold, and those that are asked when none of the first has contrast.
const NEAR: usize = 2;
const FAR: usize = 7;

/// Thresholds of a picture.
pub(super) struct Levels {
    /// Cells in a row.
    pub(super) across: usize,
    /// One threshold a cell: a pixel below it is dark.
    pub(super) cells: Vec<u8>,
}

impl Levels {
    /// Measures a picture.
    pub(super) fn of(picture: &Luma) -> Self {
        let (across, down) = (picture.width.div_ceil(CELL), picture.height.div_ceil(CELL));
        // Summed areas with a border of zeros: (cells with contrast, sum of their middles).
        let stride = across + 1;
        let mut sums = vec![(0_u32, 0_u32); stride * (down + 1)];
        let mut means = vec![0_u8; across * down];
        let mut columns = Columns::new(picture.width);
        for (row, pixels) in picture.data.chunks(picture.width * CELL).enumerate() {
            columns.measure(pixels);
            let mut line = (0_u32, 0_u32);
            for cell in 0..across {
                let (least, most, mean) = columns.cell(cell);
                means[row * across + cell] = mean;
                if most - least >= CONTRAST {
                    let middle = (u32::from(least) + u32::from(most)) / 2;
                    line.0 += 1;
                    line.1 += (middle + u32::from(mean)) / 2;
                }
                let above = sums[row * stride + cell + 1];
                sums[(row + 1) * stride + cell + 1] = (above.0 + line.0, above.1 + line.1);
            }
        }
        let around = |row: usize, cell: usize, reach: usize| {
            let (top, bottom) = (row.saturating_sub(reach), (row + reach + 1).min(down));
            let (left, right) = (cell.saturating_sub(reach), (cell + reach + 1).min(across));
            let [a, b, c, d] = [(top, left), (top, right), (bottom, left), (bottom, right)]
                .map(|(row, cell)| sums[row * stride + cell]);
            (d.0 + a.0 - b.0 - c.0, d.1 + a.1 - b.1 - c.1)
        };
        let mut cells = Vec::with_capacity(across * down);
        for row in 0..down {
            for cell in 0..across {
                let near = around(row, cell, NEAR);
                let (count, sum) = if near.0 > 0 {
                    near
                } else {
                    around(row, cell, FAR)
                };
                let level = match sum.checked_div(count) {
                    Some(level) => u8::try_from(level).unwrap_or(u8::MAX),
                    // Nothing but surface: light.
                    None => means[row * across + cell] / 2,
                };
                cells.push(level);
            }
        }
        Self { across, cells }
    }

    /// The threshold at a pixel of the picture.
    #[inline]
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        self.cells[y / CELL * self.across + x / CELL]
    }
}

/// Least, most and sum of each column over the rows of one line of cells.
struct Columns {
    least: Vec<u8>,
    most: Vec<u8>,
    sum: Vec<u16>,
    rows: u16,
}

impl Columns {
    fn new(width: usize) -> Self {
        Self {
            least: vec![0; width],
            most: vec![0; width],
            sum: vec![0; width],
            rows: 0,
        }
    }

    fn measure(&mut self, pixels: &[u8]) {
        self.least.fill(u8::MAX);
        self.most.fill(0);
        self.sum.fill(0);
        self.rows = 0;
        for row in pixels.chunks(self.least.len()) {
            for (least, pixel) in self.least.iter_mut().zip(row) {
                *least = (*least).min(*pixel);
            }
            for (most, pixel) in self.most.iter_mut().zip(row) {
                *most = (*most).max(*pixel);
            }
            for (sum, pixel) in self.sum.iter_mut().zip(row) {
                *sum += u16::from(*pixel);
            }
            self.rows += 1;
        }
    }

    fn cell(&self, cell: usize) -> (u8, u8, u8) {
        let from = cell * CELL;
        let to = (from + CELL).min(self.sum.len());
        let least = self.least[from..to].iter().copied().min().unwrap_or(0);
        let most = self.most[from..to].iter().copied().max().unwrap_or(0);
        let sum: u32 = self.sum[from..to].iter().map(|sum| u32::from(*sum)).sum();
        let pixels = u32::from(self.rows) * u32::try_from(to - from).unwrap_or(1);
        (least, most, u8::try_from(sum / pixels.max(1)).unwrap_or(0))
    }
}
