//! The QR symbol of a text (ISO/IEC 18004).

use qrcode::{Color, EcLevel, QrCode, Version};

/// Every live pass fits this version, and the picture must not jump when it is signed anew.
const LIVE: Version = Version::Normal(11);

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
}
