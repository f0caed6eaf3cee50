//! The second reader: rqrr over a box-mean threshold.

use super::{Found, threshold};
use crate::camera::Luma;

/// Every code, dark on light and, where there is none, light on dark. `radius` is that of the threshold's box in pixels.
pub(super) fn read(picture: &Luma, radius: usize) -> Vec<Found> {
    let dark = threshold::box_mean(picture, radius);
    let found = with(picture, |at| dark[at]);
    if found.is_empty() {
        with(picture, |at| !dark[at])
    } else {
        found
    }
}

fn with(picture: &Luma, dark: impl Fn(usize) -> bool) -> Vec<Found> {
    let width = picture.width;
    let mut prepared =
        rqrr::PreparedImage::prepare_from_bitmap(width, picture.height, |x, y| dark(y * width + x));
    let grids = prepared.detect_grids();
    grids
        .iter()
        .filter_map(|grid| {
            let mut text = Vec::new();
            let _ = grid.decode_to(&mut text).ok()?;
            // safe: pixels of a picture are far below 2^24
            #[allow(clippy::cast_precision_loss)]
            let corners = grid.bounds.map(|corner| [corner.x as f32, corner.y as f32]);
            (!text.is_empty()).then_some(Found { text, corners })
        })
        .collect()
}
