//! The formats that a door knows: MJ1 first, then foreign ones that its owner switched on.
//!
//! A format tells its texts from others by a cheap look, then reads one: every rule of form, before any key is looked up.
//! What comes out is a [`Form`], and the gate goes on with it: MJ1's own parts, or a [`Foreign`] pass, which says who
//! vouches for it, for what time, and what it is known by. Pure: keys and rules are in the format, time is an argument.
//!
//! One more format is one more file: an implementation of [`Format`], and of [`Foreign`] for what it reads.

pub mod dcc;
pub mod pretix;

use std::{fmt, sync::Arc};

use jiff::civil::Date;

use super::{Parsed, Reason, parse};

/// A kind of pass text.
pub trait Format: fmt::Debug + Send + Sync {
    /// Its name, as in the configuration: `mj1`, `pretix`, `dcc`.
    fn name(&self) -> &'static str;

    /// Whether a text is meant to be of this format. A cheap look, at every code in view; whoever says so first reads it.
    fn knows(&self, scanned: &[u8]) -> bool;

    /// Reads a text that it knows, bounded in time and memory. No key is looked up.
    ///
    /// # Errors
    /// [`Reason::Malformed`].
    fn read(&self, scanned: &[u8]) -> Result<Form<'_>, Reason>;
}

/// A text of right form. Nothing in it has been verified.
pub enum Form<'a> {
    /// The profile of this project: live or printed, with a status list.
    Mj1(Box<Parsed>),
    /// A pass of somebody else's making. Whoever has a copy of it has the pass, as with a printed one.
    Foreign(Box<dyn Foreign + 'a>),
}

/// A foreign pass that was read.
pub trait Foreign {
    /// The keys that may have signed it, what they may sign at `now` (seconds since 1970), and the signature, in this
    /// order.
    ///
    /// # Errors
    /// [`Reason::UnknownIssuer`], [`Reason::KeyNotAllowed`] or [`Reason::BadSignature`].
    fn vouch(&self, now: u64) -> Result<Vouched, Reason>;
}

/// What a trusted key vouches for. No name, no birth date and no identifier of the maker's is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The format's name.
    pub format: &'static str,
    /// Who signed it, as the log names it: the format, a colon, and a name from the owner's trust list.
    pub issuer: String,
    /// SHA-256 of the key, as SubjectPublicKeyInfo in DER.
    pub key: [u8; 32],
    /// SHA-256 of the signed bytes: what the pass is known by from here on. Never the text, which has several spellings,
    /// nor the signature, of which a holder can make another one.
    pub content: [u8; 32],
    /// First second of validity, since 1970.
    pub from: Option<u64>,
    /// First second after it.
    pub until: Option<u64>,
    /// First civil day of validity, by the format's own rules.
    pub first_day: Option<Date>,
    /// Last civil day of validity.
    pub last_day: Option<Date>,
    /// Whether it is what this door asks for.
    pub opens: bool,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Whether it admits once and never again.
    pub once: bool,
}

/// The formats of one door.
#[derive(Debug, Clone)]
pub struct Formats(Vec<Arc<dyn Format>>);

impl Formats {
    /// MJ1, where it is switched on, and the others in this order.
    #[must_use]
    pub fn new(mj1: bool, foreign: Vec<Arc<dyn Format>>) -> Self {
        let first = mj1.then(|| Arc::new(Mj1) as Arc<dyn Format>);
        Self(first.into_iter().chain(foreign).collect())
    }

    /// Reads a text as scanned.
    ///
    /// # Errors
    /// [`Reason::NotAPass`] when no format knows it, else as [`Format::read`].
    pub fn read(&self, scanned: &[u8]) -> Result<Form<'_>, Reason> {
        let format = self.0.iter().find(|format| format.knows(scanned));
        format.ok_or(Reason::NotAPass)?.read(scanned)
    }
}

impl fmt::Display for Formats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|format| format.name()).collect();
        f.write_str(&names.join(", "))
    }
}

impl Default for Formats {
    /// MJ1 alone.
    fn default() -> Self {
        Self::new(true, Vec::new())
    }
}

/// The profile of this project; whom to trust is not in it, but in the trust repositories.
#[derive(Debug, Clone, Copy)]
pub struct Mj1;

impl Format for Mj1 {
    fn name(&self) -> &'static str {
        "mj1"
    }

    fn knows(&self, scanned: &[u8]) -> bool {
        parse::knows(scanned)
    }

    fn read(&self, scanned: &[u8]) -> Result<Form<'_>, Reason> {
        parse::parse(scanned).map(|parsed| Form::Mj1(Box::new(parsed)))
    }
}
