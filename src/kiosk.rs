//! The kiosk: ties camera, scan, gate, store and door together and supervises them. Events out; no GUI.
//!
//! One thread has the way of a visit ([`reading`], [`visit`]): newest frame, texts, judgement, committed row, relay. The
//! tokio engine ([`engine`]) watches over it, opens what is missing again and again, and tells the service manager.

pub mod aside;
pub mod challenge;
pub mod command;
pub mod contacts;
pub mod engine;
pub mod event;
pub mod foreign;
pub mod guidance;
pub mod keep;
mod obey;
pub mod prompter;
pub mod reading;
pub mod roads;
pub mod room;
pub mod stick;
pub mod visit;
pub mod watchdog;

pub use command::Command;
pub use engine::{Engine, EngineError};
pub use event::{Event, Part};
