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
mod hints;
mod kill;
mod kiosk;
mod record;
mod relay;
mod service;
mod shop;
mod stick;
mod till;
mod window;
