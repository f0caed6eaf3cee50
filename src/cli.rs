//! The command line: a contract, scripts and tests rely on it.

pub mod block;
pub mod check;
pub mod demo;
pub mod doctor;
pub mod failure;
pub mod issuer;
pub mod kiosk;
pub mod log;
pub mod scan;
pub mod staff;
pub mod trust;
pub mod wallet;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use failure::Failure;

/// Arguments of `munjigi`.
#[derive(Debug, Parser)]
#[command(
    name = "munjigi",
    version,
    about = "An open, offline-first entry kiosk",
    propagate_version = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A whole store on one machine: issuer, passes, phones before a camera, a simulated door, in a window
    Demo(demo::Demo),
    /// The kiosk; headless prints its events as JSON lines
    Kiosk(kiosk::Kiosk),
    /// Reads codes from image files
    Scan(scan::Scan),
    /// Reads pass texts from standard input and prints one verdict a line; what this kiosk remembers (blocks, used passes)
    /// counts only with --record
    Check(check::Check),
    /// Checks camera, relay, storage, clock and trust; says what is wrong and what to do
    Doctor(doctor::Doctor),
    /// Trust anchors: pin, update, list
    Trust(trust::Trust),
    /// The entry log
    Log(log::Log),
    /// Blocks a pass at this kiosk
    Block(block::Block),
    /// Takes a block back
    Unblock(block::Unblock),
    /// Shows the passes that are blocked at this kiosk: who did it, when and why
    Blocked(block::Blocked),
    /// An issuer of one's own
    Issuer(issuer::Issuer),
    /// A holder's key and live passes at the command line
    Wallet(wallet::Wallet),
    /// Staff codes
    Staff(staff::Staff),
}

/// Runs the program with the process's arguments. Exit status: 0 done, 1 the thing asked about does not hold, 2 wrong use
/// or configuration, 3 device or storage failed.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match arguments.command {
        Command::Demo(command) => command.run(),
        Command::Kiosk(command) => command.run(),
        Command::Scan(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Doctor(command) => command.run(),
        Command::Trust(command) => command.run(),
        Command::Log(command) => command.run(),
        Command::Block(command) => command.run(),
        Command::Unblock(command) => command.run(),
        Command::Blocked(command) => command.run(),
        Command::Issuer(command) => command.run(),
        Command::Wallet(command) => command.run(),
        Command::Staff(command) => command.run(),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => failure.report(),
    }
}

/// Diagnostics on standard error; `MUNJIGI_LOG` sets what is told (`info` by default). Never a pass, never a key.
fn start_log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("MUNJIGI_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,munjigi=info,winit=error"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}

/// Opens a data folder that is there already, beside a kiosk that may run on it.
fn open(data: &std::path::Path) -> Result<crate::store::Store, Failure> {
    if !crate::store::Store::is_at(data) {
        return Err(Failure::usage(
            format!("{} is no data folder", data.display()),
            "Give the folder that is named in kiosk.toml; munjigi trust add makes a new one.",
        ));
    }
    crate::store::Store::open_shared(data)
        .map_err(|error| Failure::device(error, "Run munjigi doctor."))
}

/// The name of a venue.
fn venue(text: &str) -> Result<String, String> {
    if crate::pass::presentation::is_venue(text) {
        Ok(text.into())
    } else {
        Err(format!(
            "'{text}' is no venue: 1 to 6 of 0-9 and A-Z without I, L, O and U"
        ))
    }
}

/// A Seoul day as people write it, 2026-11-24, in days since 1970-01-01.
fn day(text: &str) -> Result<i64, String> {
    let date: jiff::civil::Date = text
        .parse()
        .map_err(|_| format!("'{text}' is no date such as 2026-11-24"))?;
    Ok(crate::gate::age::day_of(date))
}

/// A Seoul day as people read it.
fn day_text(day: i64) -> String {
    crate::gate::age::date_of(day).map_or_else(|| "-".into(), |date| date.to_string())
}

/// Seconds since 1970 by this machine's clock.
fn unix() -> u64 {
    crate::clock::unix_ms() / 1000
}
