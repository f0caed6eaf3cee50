//! `munjigi block`, `munjigi unblock` and `munjigi blocked`.

use std::path::PathBuf;

use serde_json::json;

use super::{
    Failure, open,
    staff::{failed, say, told},
    unix,
};
use crate::{kiosk::event, store::EntryFilter};

/// Who is noted for what was done at the command line.
const WHO: &str = "command line";
/// Letters of a reason at most: a line, not a file on somebody.
const WHY_LETTERS: usize = 60;

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

/// A reason: one short line.
fn why(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().any(char::is_control) || text.chars().count() > WHY_LETTERS {
        Err(format!(
            "a reason is one line of {WHY_LETTERS} letters at most"
        ))
    } else {
        Ok(text.into())
    }
}

/// Arguments of `munjigi block`.
#[derive(Debug, clap::Args)]
pub struct Block {
    /// Data folder of the kiosk
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Why, for the staff pages: lost, misuse, other, or a few words without anybody's name
    #[arg(long, value_name = "TEXT", default_value = "other", value_parser = why)]
    pub why: String,
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
            .block(&number, WHO, &self.why, unix())
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
            .unblock(&number, WHO, unix())
            .map_err(failed)?;
        if lifted {
            say(&format!("{number} is no longer blocked at this kiosk"));
        }
        told(
            lifted,
            &format!("{} was not blocked", self.pass),
            "Look at the number again: munjigi blocked shows what is.",
        )
    }
}

/// Arguments of `munjigi blocked`.
#[derive(Debug, clap::Args)]
pub struct Blocked {
    /// Data folder of the kiosk
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// A JSON object a line
    #[arg(long)]
    pub json: bool,
}

impl Blocked {
    /// Shows every block, newest first.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        let store = open(&self.data)?;
        // Looking at pass numbers is itself recorded, as with the entries.
        store
            .record_access(WHO, "blocked passes", unix())
            .map_err(failed)?;
        for block in store.blocked().map_err(failed)? {
            let at = event::at(block.at.saturating_mul(1000));
            if self.json {
                let line =
                    json!({"pass": block.number, "who": block.who, "why": block.why, "at": at});
                say(&line.to_string());
            } else {
                say(&format!(
                    "{:<8} {at} {} ({})",
                    block.number, block.why, block.who
                ));
            }
        }
        Ok(true)
    }
}
