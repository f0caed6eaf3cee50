//! Dark or light: each pixel against the mean of a box around it.

use crate::camera::Luma;

/// `true` is dark: a pixel that is darker than the mean of the box of `radius` pixels around it, by 3 %. Sums along rows
/// and columns make the time independent of the radius.
pub(super) fn box_mean(picture: &Luma, radius: usize) -> Vec<bool> {
    let (width, height) = (picture.width, picture.height);
    let mut columns = vec![0_u32; width];
    let mut dark = vec![false; width * height];
    let row = |y: usize| &picture.data[y * width..(y + 1) * width];
    for y in 0..radius.min(height) {
        add(&mut columns, row(y));
    }
    for y in 0..height {
        if y + radius < height {
            add(&mut columns, row(y + radius));
        }
        if y > radius {
            for (sum, pixel) in columns.iter_mut().zip(row(y - radius - 1)) {
                *sum -= u32::from(*pixel);
            }
        }
        let rows = (y + radius + 1).min(height) - y.saturating_sub(radius);
        let mut sum: u32 = columns.iter().take(radius).sum();
        for x in 0..width {
            if x + radius < width {
                sum += columns[x + radius];
            }
            if x > radius {
                sum -= columns[x - radius - 1];
            }
            let wide = (x + radius + 1).min(width) - x.saturating_sub(radius);
            // safe: a box has at most (2 * 40 + 1)^2 pixels
            let pixels = u32::try_from(rows * wide).unwrap_or(u32::MAX);
            let pixel = u32::from(picture.data[y * width + x]);
            dark[y * width + x] = pixel * pixels * 100 < sum * 97;
        }
    }
    dark
}

fn add(columns: &mut [u32], row: &[u8]) {
    for (sum, pixel) in columns.iter_mut().zip(row) {
        *sum += u32::from(*pixel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_mean_of_the_box() {
        let (width, height, radius) = (37, 23, 5);
        let data: Vec<u8> = (0..width * height)
            .map(|at| (at * at % 251) as u8)
            .collect();
        let picture = Luma::new(width, height, data).unwrap();
        let dark = box_mean(&picture, radius);
        for y in 0..height {
            for x in 0..width {
                let (mut sum, mut count) = (0_u32, 0_u32);
                for by in y.saturating_sub(radius)..(y + radius + 1).min(height) {
                    for bx in x.saturating_sub(radius)..(x + radius + 1).min(width) {
                        sum += u32::from(picture.data[by * width + bx]);
                        count += 1;
                    }
                }
                let pixel = u32::from(picture.data[y * width + x]);
                assert_eq!(
                    dark[y * width + x],
                    pixel * count * 100 < sum * 97,
                    "{x} {y}"
                );
            }
        }
    }
}
