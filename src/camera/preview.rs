//! The small picture beside the sentence on the idle screen.

use super::Luma;

/// A small RGBA picture, ready to be drawn 1:1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width * height * 4` bytes.
    pub rgba: Vec<u8>,
    /// Whether it is mirrored, for drawing the corners of a code.
    pub mirrored: bool,
    /// The rectangle of the frame that it shows: x, y, width, height in pixels.
    pub crop: (u32, u32, u32, u32),
}

/// Cuts the middle of the picture to the shape of the preview and draws it in that size, grey. `None` for empty ones.
pub(crate) fn make(picture: &Luma, width: u32, height: u32, mirrored: bool) -> Option<Preview> {
    let (from_width, from_height) = (
        u32::try_from(picture.width).ok()?,
        u32::try_from(picture.height).ok()?,
    );
    if [from_width, from_height, width, height].contains(&0) {
        return None;
    }
    let (w, h, fw, fh) = (
        u64::from(width),
        u64::from(height),
        u64::from(from_width),
        u64::from(from_height),
    );
    let (crop_width, crop_height) = if fw * h > fh * w {
        (u32::try_from((fh * w / h).max(1)).ok()?, from_height)
    } else {
        (from_width, u32::try_from((fw * h / w).max(1)).ok()?)
    };
    let (left, top) = (
        (from_width - crop_width) / 2,
        (from_height - crop_height) / 2,
    );

    // One look-up a column instead of a division a pixel.
    let columns: Vec<usize> = (0..width)
        .map(|x| {
            let x = if mirrored { width - 1 - x } else { x };
            left as usize + (u64::from(x) * u64::from(crop_width) / w) as usize
        })
        .collect();
    let mut rgba = Vec::with_capacity((w * h * 4) as usize);
    for y in 0..height {
        let row = top as usize + (u64::from(y) * u64::from(crop_height) / h) as usize;
        let row = &picture.data[row * picture.width..][..picture.width];
        for x in &columns {
            let grey = row[*x];
            rgba.extend([grey, grey, grey, 255]);
        }
    }
    Some(Preview {
        width,
        height,
        rgba,
        mirrored,
        crop: (left, top, crop_width, crop_height),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_cut_scaled_and_mirrored() {
        // Columns 0 to 5; a square preview shows columns 1 to 4.
        let picture = Luma::new(6, 4, [0, 1, 2, 3, 4, 5].repeat(4)).unwrap();
        let grey = |preview: &Preview| preview.rgba.iter().step_by(4).copied().collect::<Vec<_>>();
        let plain = make(&picture, 2, 2, false).unwrap();
        assert_eq!((plain.crop, grey(&plain)), ((1, 0, 4, 4), vec![1, 3, 1, 3]));
        let mirrored = make(&picture, 4, 1, true).unwrap();
        assert_eq!(
            (mirrored.crop, grey(&mirrored)),
            ((0, 1, 6, 1), vec![4, 3, 1, 0])
        );
        assert_eq!(make(&Luma::default(), 2, 2, true), None);
    }
}
