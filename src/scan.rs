//! The scanner: a grey picture to texts with corners. Pure, bounded, no idea what a pass is.
//!
//! Two libraries read, each where it is good: [`rxing`] on the frame's thread in both polarities ([`quick`]), and
//! [`rqrr`] over a box-mean threshold ([`second`]), which has no bound on its time and therefore must run where a slow
//! picture cannot hold up the next one. A panic inside a library is contained and reads nothing.

mod first;
pub mod motion;
mod resize;
mod second;
mod sight;
mod threshold;

use std::{borrow::Cow, panic::AssertUnwindSafe};

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
/// With [`Effort::Frame`] this is [`quick`]. With [`Effort::Still`] other thresholds, sizes and readers follow until one
/// reads something.
#[must_use]
pub fn read(picture: &Luma, effort: Effort) -> Vec<Found> {
    let found = quick(picture);
    if !found.is_empty() || effort == Effort::Frame {
        return found;
    }
    let Some((picture, scale)) = bounded(picture) else {
        return Vec::new();
    };
    let attempts: [&dyn Fn() -> Vec<Found>; 6] = [
        &|| contain(|| first::patient(&picture)),
        &|| contain(|| second::read(&picture, 20)),
        &|| {
            at_scale(&resize::half(&picture), 2.0, |half| {
                let mut found = first::read(half);
                if found.is_empty() {
                    found = first::patient(half);
                }
                found
            })
        },
        &|| match resize::double(&picture, MOST_PIXELS) {
            Some(double) => at_scale(&double, 0.5, first::patient),
            None => Vec::new(),
        },
        &|| contain(|| first::patient(&resize::smooth(&picture))),
        &|| at_scale(&resize::half(&picture), 2.0, |half| second::read(half, 40)),
    ];
    let found = attempts
        .into_iter()
        .map(|attempt| attempt())
        .find(|found| !found.is_empty());
    scaled(found.unwrap_or_default(), scale)
}

/// Reads the codes of one frame of a video, dark on light and light on dark.
#[must_use]
pub fn quick(picture: &Luma) -> Vec<Found> {
    let Some((picture, scale)) = bounded(picture) else {
        return Vec::new();
    };
    scaled(contain(|| first::read(&picture)), scale)
}

/// Reads with the other library. Its time has no bound: call it on a thread that may be late.
#[must_use]
pub fn second(picture: &Luma) -> Vec<Found> {
    let Some((picture, scale)) = bounded(picture) else {
        return Vec::new();
    };
    scaled(contain(|| second::read(&picture, 20)), scale)
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

/// Both libraries have panicked on pictures of this world.
fn contain(read: impl FnOnce() -> Vec<Found>) -> Vec<Found> {
    std::panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
