//! Munjigi (문지기, "doorkeeper"): an open, offline-first entry kiosk.
//!
//! A stranger's QR, seen by a cheap webcam, becomes a recorded decision and an opened door with no network. The rooms
//! follow the way of a visit, data flows one way:
//!
//! ```text
//! camera -> scan -> pass -> gate -> store/log -> door
//!   Frame    Found   Parsed  Judgement  Entry     Outcome
//! ```
//!
//! [`till`] tells the owner of a store's entries, from the store's outbox.
//!
//! [`pass`], [`gate`] and [`scan`] are pure: no clock, file, network or randomness. Only [`screen`], [`ui`] and
//! [`theme`] know the GUI; only [`store`] and `issuer::store` speak SQL.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::print_stdout,
        clippy::print_stderr
    )
)]

mod backoff;
pub mod camera;
pub mod cli;
pub mod clock;
pub mod config;
pub mod door;
pub mod fonts;
pub mod gate;
pub mod http;
pub mod issuer;
pub mod kiosk;
pub mod log;
pub mod pass;
pub mod passcode;
pub mod scan;
pub mod screen;
pub mod store;
pub mod text;
pub mod theme;
pub mod till;
pub mod trust;
pub mod ui;
pub mod wallet;
pub mod webhook;
