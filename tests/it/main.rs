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
mod injected;
mod keys;
mod kill;
mod kiosk;
mod peer;
mod portal;
mod record;
mod relay;
mod roads;
mod rooms;
mod serve;
mod service;
mod shop;
mod stick;
mod till;
mod vectors;
mod window;
