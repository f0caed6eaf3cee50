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
        // Summed areas with a border of zeros: cells with contrast in the upper half, the sum of their middles in the lower.
        let stride = across + 1;
        let mut sums = vec![0_u64; stride * (down + 1)];
        let mut means = vec![0_u8; across * down];
        let mut columns = Columns::new(picture.width);
        for (row, pixels) in picture.data.chunks(picture.width * CELL).enumerate() {
            columns.measure(pixels);
            let (above, below) = sums[row * stride + 1..].split_at_mut(stride - 1);
            let below = &mut below[1..];
            let means = &mut means[row * across..][..across];
            let mut line = 0;
            for (cell, ((mean, above), below)) in means.iter_mut().zip(above).zip(below).enumerate()
            {
                let (least, most, brightness) = columns.cell(cell);
                *mean = brightness;
                if most - least >= CONTRAST {
                    let middle = u64::midpoint(least.into(), most.into());
                    line += 1 << 32 | u64::midpoint(middle, brightness.into());
                }
                *below = *above + line;
            }
        }
        let mut cells = Vec::with_capacity(across * down);
        for row in 0..down {
            let near = Band::new(&sums, stride, row, NEAR);
            let far = Band::new(&sums, stride, row, FAR);
            let level = |cell: usize, mean: &u8| {
                let sum = Some(near.around(cell)).filter(|sum| sum >> 32 > 0);
                let sum = sum.unwrap_or_else(|| far.around(cell));
                let count = (sum >> 32) as u32;
                if count == 0 {
                    // Nothing but surface: light.
                    return mean / 2;
                }
                // Exact: neither number has more digits than a float.
                (sum as u32 as f32 / count as f32) as u8
            };
            let means = &means[row * across..][..across];
            cells.extend(
                means
                    .iter()
                    .enumerate()
                    .map(|(cell, mean)| level(cell, mean)),
            );
        }
        Self { across, cells }
    }

    /// The threshold at a pixel of the picture.
    #[inline]
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        self.cells[y / CELL * self.across + x / CELL]
    }
}

/// The rows of cells around one, of the summed areas.
struct Band<'a> {
    upper: &'a [u64],
    lower: &'a [u64],
    reach: usize,
}

impl<'a> Band<'a> {
    fn new(sums: &'a [u64], stride: usize, row: usize, reach: usize) -> Self {
        let last = sums.len() / stride - 1;
        Self {
            upper: &sums[row.saturating_sub(reach) * stride..][..stride],
            lower: &sums[(row + reach + 1).min(last) * stride..][..stride],
            reach,
        }
    }

    /// The sum over the cells that lie no further than the reach.
    #[inline]
    fn around(&self, cell: usize) -> u64 {
        let (left, right) = (
            cell.saturating_sub(self.reach),
            (cell + self.reach + 1).min(self.upper.len() - 1),
        );
        self.lower[right] + self.upper[left] - self.upper[right] - self.lower[left]
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
