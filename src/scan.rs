//! The scanner: a grey picture to texts with corners. Pure, bounded, no idea what a pass is.

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

/// Reads every code in a picture on the calling thread: bounded in time.
#[must_use]
pub fn read(picture: &Luma, effort: Effort) -> Vec<Found> {
    let _ = (picture, effort);
    Vec::new()
}
