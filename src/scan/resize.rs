//! Pictures of other sizes: what one size hides, another shows.

use crate::camera::Luma;

/// Half the width and height; each pixel is the mean of four.
pub(super) fn half(picture: &Luma) -> Luma {
    let (width, height) = (picture.width / 2, picture.height / 2);
    let mut data = vec![0_u8; width * height];
    for (y, out) in data.chunks_exact_mut(width.max(1)).enumerate() {
        let upper = &picture.data[2 * y * picture.width..][..2 * width];
        let lower = &picture.data[(2 * y + 1) * picture.width..][..2 * width];
        let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
        for (out, (a, b)) in out.iter_mut().zip(pairs) {
            let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
            *out = (sum / 4) as u8;
        }
    }
    Luma {
        width,
        height,
        data,
    }
}

/// Twice the width and height, smooth; `None` when that would have more than `most` pixels.
pub(super) fn double(picture: &Luma, most: usize) -> Option<Luma> {
    let (width, height) = (
        picture.width.checked_mul(2)?,
        picture.height.checked_mul(2)?,
    );
    if width.checked_mul(height)? > most {
        return None;
    }
    let last = (picture.width - 1, picture.height - 1);
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        // Centres of the small pixels lie a quarter off those of the large ones: weights 3 and 1.
        let near_y = y / 2;
        let far_y = if y % 2 == 0 {
            near_y.saturating_sub(1)
        } else {
            (near_y + 1).min(last.1)
        };
        let at = |x: usize, y: usize| u16::from(picture.data[y * picture.width + x]);
        for x in 0..width {
            let near_x = x / 2;
            let far_x = if x % 2 == 0 {
                near_x.saturating_sub(1)
            } else {
                (near_x + 1).min(last.0)
            };
            let sum = 9 * at(near_x, near_y)
                + 3 * at(far_x, near_y)
                + 3 * at(near_x, far_y)
                + at(far_x, far_y);
            data.push((sum / 16) as u8);
        }
    }
    Some(Luma {
        width,
        height,
        data,
    })
}

/// The part of a picture around a code, a third of its size wider on every side, and where that begins; `None` when the
/// code lies beyond the picture or the part is most of it anyway.
pub(super) fn around(picture: &Luma, corners: [[f32; 2]; 4]) -> Option<(Luma, [f32; 2])> {
    let range = |axis: usize, most: usize| {
        let sides = corners.map(|corner| corner[axis]);
        let (low, high) = sides
            .iter()
            .fold((f32::MAX, f32::MIN), |(low, high), side| {
                (low.min(*side), high.max(*side))
            });
        let wider = (high - low) / 3.0;
        let clamp = |value: f32| value.clamp(0.0, most as f32) as usize;
        (clamp(low - wider), clamp(high + wider))
    };
    let (left, right) = range(0, picture.width);
    let (top, bottom) = range(1, picture.height);
    let (width, height) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
    if width < 64 || height < 64 || width * height * 4 > picture.data.len() * 3 {
        return None;
    }
    let rows = picture
        .data
        .chunks_exact(picture.width)
        .skip(top)
        .take(height);
    let data = rows.flat_map(|row| &row[left..right]).copied().collect();
    let part = Luma {
        width,
        height,
        data,
    };
    Some((part, [left as f32, top as f32]))
}

/// The mean of three by three: takes the grid of a screen and the grain of paper away.
pub(super) fn smooth(picture: &Luma) -> Luma {
    let (width, height) = (picture.width, picture.height);
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)]
            .map(|y| &picture.data[y * width..][..width]);
        for x in 0..width {
            let columns = [x.saturating_sub(1), x, (x + 1).min(width - 1)];
            let sum: u16 = rows
                .iter()
                .flat_map(|row| columns.map(|x| u16::from(row[x])))
                .sum();
            data.push((sum / 9) as u8);
        }
    }
    Luma {
        width,
        height,
        data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_means() {
        let picture = Luma::new(5, 3, (0..15).map(|at| at * 10).collect()).unwrap();
        let small = half(&picture);
        assert_eq!(
            (small.width, small.height, small.data),
            (2, 1, vec![30, 50])
        );
        let large = double(&picture, 1000).unwrap();
        assert_eq!((large.width, large.height, large.data.len()), (10, 6, 60));
        assert_eq!((large.data[0], large.data[59]), (0, 140));
        assert_eq!(double(&picture, 59), None);
        assert_eq!(smooth(&picture).data[7], 70);
    }
}
