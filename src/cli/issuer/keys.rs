//! `munjigi issuer keys`, `rotate`, `standby` and `distrust`.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Failure, failed, say, unix, unlock, unlock::Unlock};
use crate::{
    cli::day_text,
    gate::age,
    issuer::{Issuer, KeyInfo, lock::Passphrase},
};

/// Arguments of `munjigi issuer keys`.
#[derive(Debug, clap::Args)]
pub struct Keys {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Shows every key of passes: when it signs, and until when its passes are verified
    Show {
        /// Folder of the issuer
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// A JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Encrypts keys that an older program left plain
    Encrypt {
        /// Folder of the issuer
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// How they are closed.
        #[command(flatten)]
        unlock: Unlock,
        /// Asks for a passphrase instead of making a random one
        #[arg(long, conflicts_with = "passphrase_file")]
        ask: bool,
    },
    /// Closes the keys with another passphrase, which is asked for; those on USB sticks have theirs of before
    Passphrase {
        /// Folder of the issuer, or of keys on a USB stick
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// How they are opened now.
        #[command(flatten)]
        unlock: Unlock,
    },
}

impl Keys {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Show { data, json } => show(&data, json),
            Command::Encrypt { data, unlock, ask } => {
                let passphrase = if ask {
                    unlock::choose()?
                } else {
                    unlock.kept()
                };
                let done = Issuer::encrypt_keys(&data, &passphrase).map_err(failed)?;
                say(format_args!(
                    "{done} keys were encrypted. {}\n\
                     What lay there before may still be read from the disk's cells and from old backups.",
                    unlock::told(&passphrase, &data)
                ));
                Ok(())
            }
            Command::Passphrase { data, unlock } => {
                let new = unlock::choose()?;
                unlock.with(|old| Issuer::change_passphrase(&data, old, &new))?;
                say(format_args!(
                    "The keys in {} have a new passphrase.",
                    data.display()
                ));
                Ok(())
            }
        }
    }
}

fn show(data: &Path, json: bool) -> Result<(), Failure> {
    let issuer = Issuer::open_records(data).map_err(failed)?;
    let today = age::seoul_day(unix());
    for key in issuer.keys().map_err(failed)? {
        let state = state(&key, today);
        let (first, last) = (day_text(key.first), day_text(key.last));
        let until = day_text(age::seoul_day(key.verify_until.saturating_sub(1)));
        if json {
            let line = json!({"kid": key.kid(), "public_key": hex::encode(key.public), "state": state,
                              "first": first, "last": last, "verified_to": until});
            say(format_args!("{line}"));
        } else {
            say(format_args!(
                "{} {state:<10} signs {first} to {last}, verified to {until}",
                key.kid()
            ));
        }
    }
    Ok(())
}

fn state(key: &KeyInfo, today: i64) -> &'static str {
    match key {
        KeyInfo {
            distrusted: Some(_),
            ..
        } => "distrusted",
        KeyInfo { standby: true, .. } => "standby",
        key if key.first > today => "waits",
        key if key.last < today => "verify-only",
        _ => "signs",
    }
}

/// Arguments of `munjigi issuer rotate`.
#[derive(Debug, clap::Args)]
pub struct Rotate {
    /// Folder of the issuer
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder with the standby key that takes over [default: a new key]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// How its keys are opened.
    #[command(flatten)]
    unlock: Unlock,
}

impl Rotate {
    pub(super) fn run(self) -> Result<(), Failure> {
        let key = self.unlock.with(|passphrase| {
            Issuer::open_with(&self.data, passphrase)?.rotate(from(&self.keys, passphrase), unix())
        })?;
        say(format_args!(
            "{} signs passes from {} on. Publish now, and let every kiosk take it before that day; the old key's passes\n\
             stay good to their last day.",
            key.kid(),
            day_text(key.first)
        ));
        Ok(())
    }
}

/// Arguments of `munjigi issuer standby`.
#[derive(Debug, clap::Args)]
pub struct Standby {
    /// Folder of the issuer
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder for the key, such as one on a USB stick
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// How its keys are opened.
    #[command(flatten)]
    unlock: Unlock,
}

impl Standby {
    pub(super) fn run(self) -> Result<(), Failure> {
        let key = self.unlock.with(|passphrase| {
            Issuer::open_with(&self.data, passphrase)?.standby(&self.keys, passphrase, unix())
        })?;
        say(format_args!(
            "{} is in {} and waits. Publish, so that doors know it, and put it where the issuer's folder is not.\n\
             When it is needed: munjigi issuer rotate or distrust, with --keys.",
            key.kid(),
            self.keys.display()
        ));
        Ok(())
    }
}

/// Arguments of `munjigi issuer distrust`.
#[derive(Debug, clap::Args)]
pub struct Distrust {
    /// Folder of the issuer
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The key, as munjigi issuer keys show names it
    kid: String,
    /// Folder with the standby key that takes over [default: a key that waits, else a new one]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// How its keys are opened.
    #[command(flatten)]
    unlock: Unlock,
}

impl Distrust {
    pub(super) fn run(self) -> Result<(), Failure> {
        let next = self.unlock.with(|passphrase| {
            let mut issuer = Issuer::open_with(&self.data, passphrase)?;
            issuer.distrust(&self.kid, from(&self.keys, passphrase), unix())
        })?;
        say(format_args!(
            "{} is not trusted any more; {} signs now. Publish and let every kiosk take it: until then doors open to the old\n\
             key's passes. Issue printed ones anew, and links for guests; other passes on phones come back when their wallet renews them.",
            self.kid,
            next.kid()
        ));
        Ok(())
    }
}

fn from<'a>(
    keys: &'a Option<PathBuf>,
    passphrase: &'a Passphrase,
) -> Option<(&'a Path, &'a Passphrase)> {
    keys.as_deref().map(|folder| (folder, passphrase))
}
