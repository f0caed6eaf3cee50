//! `munjigi staff`, `munjigi block` and `munjigi unblock`.

use std::{
    io::{BufRead, IsTerminal, Read, Write},
    path::PathBuf,
};

use super::{Failure, open, unix};
use crate::{
    kiosk::event,
    store::{EntryFilter, Role, Store, StoreError, weakness},
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

fn told(done: bool, what: &str, hint: &str) -> Result<bool, Failure> {
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

fn failed(error: StoreError) -> Failure {
    match error {
        StoreError::CodeTaken => Failure::usage(error, "Choose another one."),
        _ => Failure::device(error, "Run munjigi doctor."),
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A pass number as people type it.
fn number(text: &str) -> Result<String, Failure> {
    let number = text.to_uppercase();
    if crate::pass::credential::is_number(&number) {
        Ok(number)
    } else {
        Err(Failure::usage(
            format!("'{text}' is no pass number"),
            "A number has 7 or 8 of 0-9 and A-Z without I, L, O and U; munjigi log list shows them.",
        ))
    }
}

/// Arguments of `munjigi block`.
#[derive(Debug, clap::Args)]
pub struct Block {
    /// Data folder of the kiosk
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// The pass number
    pub pass: String,
}

impl Block {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        let number = number(&self.pass)?;
        let store = open(&self.data)?;
        let blocked = store
            .set_blocked(&number, true, "command line", unix())
            .map_err(failed)?;
        if blocked {
            let seen = EntryFilter {
                pass: Some(number.clone()),
                ..EntryFilter::default()
            };
            let seen = match store.count(&seen).map_err(failed)? {
                0 => "it is in no entry that is kept: look at the number again".to_string(),
                entries => format!("it is in {entries} of the entries"),
            };
            say(&format!("{number} is blocked at this kiosk; {seen}"));
        }
        told(
            blocked,
            &format!("{} was blocked already", self.pass),
            "Run munjigi unblock to take it back.",
        )
    }
}

/// Arguments of `munjigi unblock`.
#[derive(Debug, clap::Args)]
pub struct Unblock {
    /// Data folder of the kiosk
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// The pass number
    pub pass: String,
}

impl Unblock {
    /// Runs it; `false` means that what was asked about does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        let number = number(&self.pass)?;
        let lifted = open(&self.data)?
            .set_blocked(&number, false, "command line", unix())
            .map_err(failed)?;
        if lifted {
            say(&format!("{number} is no longer blocked at this kiosk"));
        }
        told(
            lifted,
            &format!("{} was not blocked", self.pass),
            "Look at the number again: it is in munjigi log list.",
        )
    }
}
