//! Integration tests, one binary: the real program, real SQLite files, a real pseudo-terminal as relay, real windows.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod challenge;
mod check;
mod command;
mod formats;
mod gone;
mod hcert;
mod hints;
mod keys;
mod kill;
mod kiosk;
mod peer;
mod record;
mod relay;
mod rooms;
mod service;
mod shop;
mod till;
mod vectors;
mod window;
