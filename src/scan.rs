//! The scanner: a grey picture to texts with corners. Pure, bounded, no idea what a pass is.
//!
//! Our own front end finds a code and samples it: [`level`] (dark or light), [`finder`], [`group`] (three finders),
//! [`place`] (the grid over the picture), [`sample`], [`restore`] (blur undone), all on grey values and bounded by
//! counting ([`front::Work`]). [`decode`] makes bytes of the sampled grid. [`Follow`] reads a video with it; [`second`] is another
//! opinion, by [`rxing`], for a thread that may be late. A panic inside a library is contained and reads nothing.

mod decode;
mod finder;
mod follow;
mod front;
mod group;
mod level;
mod micro;
pub mod motion;
mod pattern;
mod place;
mod plane;
mod resize;
mod restore;
mod sample;
mod second;
mod sight;
mod view;

use std::{borrow::Cow, cell::LazyCell, panic::AssertUnwindSafe};

pub use follow::{Follow, Look};
pub use sight::{Hint, Sight, hint};

use crate::camera::Luma;

/// A code that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The content as bytes; a stranger chose them.
    pub text: Vec<u8>,
    /// Corners in pixels of the picture, clockwise from the code's own upper left.
    pub corners: [[f32; 2]; 4],
}

/// How much work a picture is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// One frame of a video.
    Frame,
    /// A still picture: up to ten times the work.
    Still,
}

/// Pixels that are looked at; larger pictures are reduced first.
const MOST_PIXELS: usize = 2_000_000;
/// The smallest code has 21 modules; nothing smaller than a pixel each is looked at.
const LEAST_SIDE: usize = 21;
/// Codes of one picture at most.
const MOST_CODES: usize = 16;

/// Reads every code in a picture on the calling thread.
///
/// With [`Effort::Frame`] it is what [`Follow`] does with the first frame of a video. With [`Effort::Still`] other sizes,
/// thresholds and readers follow until one reads something.
#[must_use]
pub fn read(picture: &Luma, effort: Effort) -> Vec<Found> {
    let found = Follow::new().read(picture).found;
    if !found.is_empty() || effort == Effort::Frame {
        return found;
    }
    let Some((picture, scale)) = bounded(picture) else {
        return Vec::new();
    };
    let own = |picture: &Luma| {
        let mut work = front::Work::STILL;
        front::read(picture, &mut work).found
    };
    let half = LazyCell::new(|| resize::half(&picture));
    let double = LazyCell::new(|| resize::double(&picture, MOST_PIXELS).unwrap_or_default());
    let attempts: [&dyn Fn() -> Vec<Found>; 9] = [
        &|| contain(|| own(&picture)),
        &|| contain(|| second::read(&picture)),
        &|| at_scale(&half, 2.0, own),
        &|| at_scale(&double, 0.5, own),
        &|| at_scale(&resize::half(&half), 4.0, own),
        &|| contain(|| second::patient(&picture)),
        &|| at_scale(&half, 2.0, second::patient),
        &|| at_scale(&double, 0.5, second::patient),
        &|| contain(|| second::patient(&resize::smooth(&picture))),
    ];
    let found = attempts
        .into_iter()
        .map(|attempt| attempt())
        .find(|found| !found.is_empty());
    scaled(found.unwrap_or_default(), scale)
}

/// The content of a code for a person. Bytes that are no UTF-8 are Shift JIS, the older default of QR codes (ISO/IEC 18004,
/// 7.3.6); what is neither is shown in hexadecimal digits.
#[must_use]
pub fn shown(text: &[u8]) -> String {
    match str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS
            .decode_without_bom_handling_and_without_replacement(text)
            .map_or_else(|| format!("hex:{}", hex::encode(text)), Cow::into_owned),
    }
}

/// Reads with the other library: call it on a thread that may be late.
#[must_use]
pub fn second(picture: &Luma) -> Vec<Found> {
    let Some((picture, scale)) = bounded(picture) else {
        return Vec::new();
    };
    scaled(contain(|| second::read(&picture)), scale)
}

/// The picture within [`MOST_PIXELS`], and by what its corners are to be multiplied.
fn bounded(picture: &Luma) -> Option<(Cow<'_, Luma>, f32)> {
    let whole = picture.width.checked_mul(picture.height)? == picture.data.len();
    if !whole || picture.width < LEAST_SIDE || picture.height < LEAST_SIDE {
        return None;
    }
    let mut picture = Cow::Borrowed(picture);
    let mut scale = 1.0;
    while picture.data.len() > MOST_PIXELS {
        picture = Cow::Owned(resize::half(&picture));
        scale *= 2.0;
    }
    let fits = picture.width >= LEAST_SIDE && picture.height >= LEAST_SIDE;
    fits.then_some((picture, scale))
}

fn at_scale(picture: &Luma, scale: f32, read: impl Fn(&Luma) -> Vec<Found>) -> Vec<Found> {
    if picture.width < LEAST_SIDE || picture.height < LEAST_SIDE {
        return Vec::new();
    }
    scaled(contain(|| read(picture)), scale)
}

fn scaled(mut found: Vec<Found>, scale: f32) -> Vec<Found> {
    for corner in found.iter_mut().flat_map(|found| &mut found.corners) {
        *corner = corner.map(|side| side * scale);
    }
    found.truncate(MOST_CODES);
    found
}

/// Pixels within four corners.
#[must_use]
pub fn area([a, b, c, d]: &[[f32; 2]; 4]) -> f32 {
    ((c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0])).abs() / 2.0
}

/// Both libraries have panicked on pictures of this world.
fn contain<T: Default>(read: impl FnOnce() -> T) -> T {
    std::panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
