//! The pass, profile MJ1: what a visitor's QR carries.
//!
//! Text to [`Parsed`] (every rule of form), [`Parsed`] to [`verify::Verified`] (the issuer's signature). Pure: keys,
//! lists and time are arguments. A COSE_Sign1 (RFC 9052) credential with CWT claims (RFC 8392), bound to the holder's
//! key (RFC 8747), in Base45 (RFC 9285) behind `MJ1:`. Passes of other makers: [`format`].

mod cbor;
pub mod challenge;
pub mod compose;
mod cose;
pub mod credential;
pub mod format;
pub mod parse;
pub mod presentation;
pub mod reason;
pub mod service;
#[cfg(test)]
mod standards;
pub mod symbol;
pub mod verify;

pub use challenge::Challenge;
pub use credential::{Credential, HolderKey, Reference, Services, StatusRef};
pub use format::{Format, Formats};
pub use parse::{Parsed, parse};
pub use presentation::{Audience, Presentation};
pub use reason::{Reason, Verdict};
pub use service::{Kind, Service};
