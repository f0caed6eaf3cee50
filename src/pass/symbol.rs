//! The QR symbol of a text (ISO/IEC 18004).

use qrcode::{Color, EcLevel, QrCode, Version};

/// Every live pass fits this version, and the picture must not jump when it is signed anew.
const LIVE: Version = Version::Normal(11);

/// Light modules around a symbol (ISO/IEC 18004, 6.3.8).
pub const QUIET: usize = 4;

/// What a symbol is shown on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// A wallet with a live pass: version 11-L whenever that holds the text.
    Live,
    /// A screen: the smallest version with error correction L.
    Screen,
    /// Paper or a card, which gets dirty: the smallest version with error correction M.
    Paper,
}

/// A symbol as modules, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Modules on a side.
    pub side: usize,
    /// `side * side` of them, row by row; `true` is dark.
    pub dark: Vec<bool>,
}

impl Symbol {
    /// The symbol of a text.
    ///
    /// # Errors
    /// When the text fits no version.
    pub fn of(text: &str, medium: Medium) -> Result<Self, String> {
        let level = match medium {
            Medium::Live | Medium::Screen => EcLevel::L,
            Medium::Paper => EcLevel::M,
        };
        let fixed = (medium == Medium::Live)
            .then(|| QrCode::with_version(text, LIVE, level).ok())
            .flatten();
        let code = fixed
            .map_or_else(|| QrCode::with_error_correction_level(text, level), Ok)
            .map_err(|error| format!("a text of {} bytes fits no code: {error}", text.len()))?;
        Ok(Self {
            side: code.width(),
            dark: code
                .to_colors()
                .into_iter()
                .map(|color| color == Color::Dark)
                .collect(),
        })
    }

    /// Modules on a side, quiet zone included.
    #[must_use]
    pub const fn framed_side(&self) -> usize {
        self.side + 2 * QUIET
    }

    /// Whether a module is dark, counted from the corner of the quiet zone; everything outside is light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.side);
        inside(x)
            .zip(inside(y))
            .is_some_and(|(x, y)| self.dark[y * self.side + x])
    }
}
