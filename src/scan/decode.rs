//! The bytes of a sampled grid (ISO/IEC 18004, chapter 12), by `rxing`'s port of zxing-cpp's decoder.
//!
//! `rqrr::Grid` gives the same bytes: it computes every syndrome with a power of its own, about ten times slower, and that
//! was two fifths of a frame's time.

use rxing::{common::BitMatrix, qrcode::cpp_port::decoder};

/// The bytes of a grid of `n` by `n` modules; nothing where its errors cannot be corrected.
pub(super) fn grid(n: usize, dark: impl Fn(usize) -> bool) -> Option<Vec<u8>> {
    let mut grid = BitMatrix::with_single_dimension(n as u32).ok()?;
    for at in (0..n * n).filter(|at| dark(*at)) {
        grid.set((at % n) as u32, (at / n) as u32);
    }
    let code = decoder::Decode(&grid).ok()?;
    let text = code.content().bytes();
    (code.isValid() && !text.is_empty()).then(|| text.to_vec())
}
