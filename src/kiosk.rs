//! The kiosk: ties camera, scan, gate, store and door together and supervises them. Events out, commands in; no GUI.

pub mod engine;
pub mod event;

pub use event::{Event, Part};
