//! What is on the screen: each page has its state, messages and view; it returns what its parent shall do and never
//! sees the parent's messages.

mod code;
pub mod entrance;
mod outline;
mod pictogram;
mod room;
#[cfg(test)]
mod screenshots;
mod sign;
pub mod staff;
mod widget;

pub use room::Seen;

/// What a page asks to be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// A code is in view: a soft tick.
    Tick,
    /// The door opens: two rising tones.
    Granted,
    /// It does not: a falling tone.
    Refused,
    /// Somebody stays for too long: the same tone again and again.
    Overstayed,
}
