//! The small picture beside the sentence on the idle screen.

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
