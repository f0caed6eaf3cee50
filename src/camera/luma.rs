//! A grey picture.

/// Brightness, 8 bits a pixel, row by row without padding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Luma {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` bytes.
    pub data: Vec<u8>,
}

impl Luma {
    /// A picture over these bytes; `None` when their number does not fit the size.
    #[must_use]
    pub fn new(width: usize, height: usize, data: Vec<u8>) -> Option<Self> {
        (width.checked_mul(height)? == data.len()).then_some(Self {
            width,
            height,
            data,
        })
    }
}
