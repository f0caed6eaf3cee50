//! `[screen]`: what visitors see.

use serde::Deserialize;

/// Language of the entrance screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

/// The entrance screen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// The language it starts in and goes back to.
    pub language: Language,
    /// Cover the whole screen.
    pub full_screen: bool,
    /// Diagonal of the panel in inches, 5 to 32: texts are made large enough for it.
    pub diagonal_inches: f32,
    /// Sounds.
    pub sound: bool,
    /// Where somebody without a pass gets one by phone, shown as a code on the idle page; empty is nowhere.
    pub enrol: String,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            language: Language::Ko,
            full_screen: true,
            diagonal_inches: 10.1,
            sound: true,
            enrol: String::new(),
        }
    }
}

/// Letters of an address that make a code of few modules.
pub(super) const MOST_ENROL: usize = 120;
