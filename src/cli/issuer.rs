//! `munjigi issuer`.

mod export;
mod issue;
mod keys;
mod root;
mod serve;
mod unlock;
mod wallet;

use std::{io::Write, path::PathBuf};

use serde_json::json;

use super::{Failure, unix};
use crate::{
    issuer::{self, IssuerError, IssuerSettings},
    kiosk::event,
};

/// Arguments of `munjigi issuer`.
#[derive(Debug, clap::Args)]
pub struct Issuer {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `munjigi issuer`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Makes an issuer: its keys, its database, and the root.json that kiosks pin
    Init {
        /// Folder of the issuer: new or empty
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Its id in verdicts and logs: 1 to 32 of a-z, 0-9 and -
        #[arg(long, default_value = "shop")]
        id: String,
        /// Its Korean name
        #[arg(long, value_name = "NAME")]
        name_ko: Option<String>,
        /// Its English name
        #[arg(long, value_name = "NAME")]
        name_en: Option<String>,
        /// Passes that each status list has room for, a multiple of 8; a list that fills up is followed by another
        #[arg(long, default_value_t = IssuerSettings::default().entries)]
        entries: u32,
        /// Bits for each pass: 2 where passes may be suspended, else 1
        #[arg(long, default_value_t = IssuerSettings::default().bits)]
        bits: u8,
        /// Folder for the root key, such as one on a USB stick [default: the issuer's]
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
        /// How its keys are closed.
        #[command(flatten)]
        unlock: unlock::Unlock,
        /// Asks for a passphrase instead of making a random one
        #[arg(long, conflicts_with = "passphrase_file")]
        ask: bool,
    },
    /// Issues passes: live ones for a holder's key, or printed ones
    Issue(issue::Issue),
    /// Ends passes for good, at the kiosks after the next publish
    Revoke(Numbers),
    /// Suspends passes, or lifts that, at the kiosks after the next publish
    Suspend {
        /// Which.
        #[command(flatten)]
        which: Numbers,
        /// Makes them valid again
        #[arg(long)]
        lift: bool,
    },
    /// Shows every pass, newest first
    List {
        /// Folder of the issuer
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// A JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Writes the trust repository that kiosks read: from a folder, a USB stick or any web server
    Publish {
        /// Folder of the issuer
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Folder of the repository; made when it is missing
        repository: PathBuf,
        /// How its keys are opened.
        #[command(flatten)]
        unlock: unlock::Unlock,
    },
    /// Runs the service: wallet page, links, renewals, the owner's pages, the trust repository
    Serve(serve::Serve),
    /// Shows the keys of passes, encrypts them, changes the passphrase
    Keys(keys::Keys),
    /// Makes the key that signs passes from a day in 30 days on; the old one goes on being verified
    Rotate(keys::Rotate),
    /// Makes a key that doors know and that waits, apart from the others, until it is needed
    Standby(keys::Standby),
    /// Trusts a key no more: every pass that it signed ends at the doors' next update
    Distrust(keys::Distrust),
    /// The root of the trust repository: its keys, how many must sign, and the key that publishes
    Root(root::Root),
    /// Writes everything that another implementation needs: passes, lists, repository, and with --with-keys the keys
    Export(export::Export),
    /// Writes the wallet page's files for another host: any static one that speaks HTTPS
    Wallet(wallet::Wallet),
}

/// Passes of an issuer.
#[derive(Debug, clap::Args)]
pub struct Numbers {
    /// Folder of the issuer
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Pass numbers
    #[arg(required = true, value_name = "NUMBER")]
    pub numbers: Vec<String>,
}

impl Issuer {
    /// Runs it.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        match self.command {
            Command::Init {
                data,
                id,
                name_ko,
                name_en,
                entries,
                bits,
                keys,
                unlock,
                ask,
            } => {
                let settings = IssuerSettings {
                    id,
                    name_ko,
                    name_en,
                    entries,
                    bits,
                };
                let passphrase = if ask {
                    unlock::choose()?
                } else {
                    unlock.kept()
                };
                let offline = keys.as_deref();
                let made =
                    issuer::Issuer::create_with(&data, settings, &passphrase, offline, unix());
                let made = made.map_err(failed)?;
                say(format_args!(
                    "An issuer is in {}. {}\n\
                     Back up both, apart from each other. Who has the root key can be this issuer: {}\n\
                     Kiosks pin {}. Next: munjigi issuer publish",
                    data.display(),
                    unlock::told(&passphrase, &data),
                    offline.map_or(
                        "better kept on a USB stick (--keys).",
                        |_| "keep that stick safe."
                    ),
                    made.root_file().display()
                ));
            }
            Command::Issue(issue) => issue.run()?,
            Command::Revoke(which) => which.each("revoked", issuer::Issuer::revoke)?,
            Command::Suspend { which, lift } => {
                let done = if lift { "valid again" } else { "suspended" };
                which.each(done, |issuer, number, now| {
                    issuer.suspend(number, !lift, now)
                })?;
            }
            Command::List { data, json } => list(&data, json)?,
            Command::Serve(serve) => serve.run()?,
            Command::Wallet(wallet) => wallet.run()?,
            Command::Keys(keys) => keys.run()?,
            Command::Rotate(rotate) => rotate.run()?,
            Command::Standby(standby) => standby.run()?,
            Command::Distrust(distrust) => distrust.run()?,
            Command::Root(root) => return root.run(),
            Command::Export(export) => export.run()?,
            Command::Publish {
                data,
                repository,
                unlock,
            } => {
                let mut issuer = unlock.open(&data)?;
                issuer.publish(&repository, unix()).map_err(failed)?;
                say(format_args!(
                    "Published in {}. A kiosk takes it with\n  \
                     munjigi trust add --data DATA --root {} {}\n\
                     and every later one with munjigi trust import.",
                    repository.display(),
                    issuer.root_file().display(),
                    repository.display()
                ));
            }
        }
        Ok(true)
    }
}

impl Numbers {
    /// Does one thing to every pass; the first that cannot be done ends it.
    fn each(
        &self,
        done: &str,
        act: impl Fn(&mut issuer::Issuer, &str, u64) -> Result<(), IssuerError>,
    ) -> Result<(), Failure> {
        let mut issuer = issuer::Issuer::open_records(&self.data).map_err(failed)?;
        for number in &self.numbers {
            act(&mut issuer, number, unix()).map_err(failed)?;
            say(format_args!("{} {done}", number.to_uppercase()));
        }
        say(format_args!(
            "Doors know after munjigi issuer publish, and munjigi trust import at each kiosk."
        ));
        Ok(())
    }
}

fn list(data: &std::path::Path, json: bool) -> Result<(), Failure> {
    let issuer = issuer::Issuer::open_records(data).map_err(failed)?;
    for pass in issuer.passes("", u32::MAX).map_err(failed)? {
        let state = pass.state.name();
        if json {
            let line = json!({
                "pass": pass.number,
                "service": pass.service,
                "kind": pass.kind,
                "state": state,
                "issued": event::at(pass.at * 1000),
                "exp": event::at(pass.exp * 1000),
                "visits": pass.visits,
                "note": pass.note,
            });
            say(format_args!("{line}"));
        } else {
            let line = format!(
                "{:<8} {:<5} {:<7} {state:<9} until {} {}",
                pass.number,
                pass.service,
                pass.kind,
                issuer::last_day(pass.exp),
                pass.note
            );
            say(format_args!("{}", line.trim_end()));
        }
    }
    Ok(())
}

fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn failed(error: IssuerError) -> Failure {
    match &error {
        IssuerError::There(_) => Failure::usage(error, "Give a new folder with --data."),
        IssuerError::Missing(_) => Failure::usage(
            error,
            "Give the issuer's folder with --data; munjigi issuer init makes one.",
        ),
        IssuerError::Rule(_) | IssuerError::TooLarge => {
            Failure::usage(error, "See munjigi issuer --help.")
        }
        IssuerError::NoPass(_) => Failure {
            status: 1,
            ..Failure::usage(error, "Run munjigi issuer list.")
        },
        IssuerError::Locked(folder) => {
            let hint = format!(
                "Give --passphrase-file, put the passphrase into {} (chmod 600), or run this in a terminal and type it.",
                issuer::lock::beside(folder).display()
            );
            Failure::usage(error, hint)
        }
        IssuerError::Exposed(path) => {
            let hint = format!(
                "Run chmod 600 {}, and if somebody may have read it, munjigi issuer keys passphrase.",
                path.display()
            );
            Failure::usage(error, hint)
        }
        IssuerError::Passphrase(_) => Failure::usage(error, "Give the right one."),
        IssuerError::NoKey(_) => Failure::usage(
            error,
            "Put its file back from your backup, or let another key take its place: munjigi issuer keys show.",
        ),
        IssuerError::UnknownKey(_) => Failure {
            status: 1,
            ..Failure::usage(error, "Run munjigi issuer keys show.")
        },
        IssuerError::Full => Failure::usage(
            error,
            "Make a new issuer with more --entries, and let the kiosks pin both.",
        ),
        _ => Failure::device(error, "Is there room, and may this user read and write?"),
    }
}
