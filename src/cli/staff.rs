//! `munjigi staff`.

use std::{
    io::{BufRead, IsTerminal, Read, Write},
    path::PathBuf,
};

use super::{Failure, open, unix};
use crate::{
    kiosk::event,
    store::{Role, Store, StoreError, weakness},
};

/// Arguments of `munjigi staff`.
#[derive(Debug, clap::Args)]
pub struct Staff {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `munjigi staff`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Gives somebody a code: six digits, read from standard input
    Add {
        /// Data folder of the kiosk; made when it is missing
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// A label such as "helper 1"; no person's name is needed
        name: String,
        /// What it may do
        #[arg(long, default_value = "owner", value_name = "owner|helper", value_parser = role)]
        role: Role,
    },
    /// Gives somebody a new code and ends a lock-out
    Reset {
        /// Data folder of the kiosk
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Whose
        name: String,
    },
    /// Shows who has a code
    List {
        /// Data folder of the kiosk
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let all = [Role::Owner, Role::Helper];
    all.into_iter()
        .find(|role| role.name() == text)
        .ok_or_else(|| format!("'{text}' is no role: owner or helper"))
}

impl Staff {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        match self.command {
            Command::Add { data, name, role } => {
                let store = Store::open_shared(&data).map_err(|error| {
                    Failure::device(error, "Give a folder that may be written.")
                })?;
                let added = store
                    .set_staff(&name, Some(role), &code()?, unix(), false)
                    .map_err(failed)?;
                if added {
                    say(&format!("'{name}' has a code"));
                }
                told(
                    added,
                    &format!("'{name}' has a code already"),
                    "Run munjigi staff reset for a new one.",
                )
            }
            Command::Reset { data, name } => {
                let store = open(&data)?;
                let reset = store
                    .set_staff(&name, None, &code()?, unix(), true)
                    .map_err(failed)?;
                if reset {
                    say(&format!("'{name}' has a new code"));
                }
                told(
                    reset,
                    &format!("nobody is called '{name}'"),
                    "Run munjigi staff list.",
                )
            }
            Command::List { data } => {
                for staff in open(&data)?.staff().map_err(failed)? {
                    let since = event::at(staff.since * 1000);
                    let _ = writeln!(
                        std::io::stdout(),
                        "{:<7} {} since {since}",
                        staff.role.name(),
                        staff.name
                    );
                }
                Ok(true)
            }
        }
    }
}

/// Six digits from standard input: never an argument, which other users of the machine could read.
fn code() -> Result<zeroize::Zeroizing<String>, Failure> {
    let hint = "Give six digits on standard input that nobody would try first.";
    let mut input = std::io::stdin().lock();
    if std::io::stdin().is_terminal() {
        let _ = write!(std::io::stderr(), "Six digits: ");
    }
    let mut line = zeroize::Zeroizing::new(String::new());
    let _ = input
        .by_ref()
        .take(64)
        .read_line(&mut line)
        .map_err(|error| Failure::usage(error, hint))?;
    let code = zeroize::Zeroizing::new(line.trim().to_string());
    match weakness(&code) {
        Some(weakness) => Err(Failure::usage(weakness, hint)),
        None => Ok(code),
    }
}

pub(super) fn told(done: bool, what: &str, hint: &str) -> Result<bool, Failure> {
    if done {
        Ok(true)
    } else {
        Err(Failure {
            status: 1,
            what: what.into(),
            hint: hint.into(),
        })
    }
}

pub(super) fn failed(error: StoreError) -> Failure {
    match error {
        StoreError::CodeTaken => Failure::usage(error, "Choose another one."),
        _ => Failure::device(error, "Run munjigi doctor."),
    }
}

pub(super) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
