//! `munjigi issuer root`.

use std::path::PathBuf;

use super::{Failure, failed, say, unix, unlock::Unlock};
use crate::issuer::{
    Issuer,
    root::{RootChange, RootState},
};

/// Arguments of `munjigi issuer root`.
#[derive(Debug, clap::Args)]
pub struct Root {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Shows the root in force, and the one that lacks signatures
    Show {
        /// Folder of the issuer
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Changes who may sign the root, how many of them must, or the key that publishes; signs with every key at hand
    Change {
        /// Folder of the issuer
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// So many root keys must sign from now on [default: as before]
        #[arg(long, value_name = "NUMBER")]
        threshold: Option<u64>,
        /// A folder with a root key from now on, such as one on a USB stick; made in it where there is none. Once for each key
        #[arg(long, value_name = "DIR")]
        keys: Vec<PathBuf>,
        /// A root key from now on whose folder is not at hand: 64 hexadecimal digits
        #[arg(long, value_name = "HEX", value_parser = public)]
        public: Vec<[u8; 32]>,
        /// Makes a new key that publishes: the old one was lost or stolen
        #[arg(long)]
        new_publish_key: bool,
        /// A folder with a root key of before, to sign with. Once for each key
        #[arg(long, value_name = "DIR")]
        sign_with: Vec<PathBuf>,
        /// How the keys are opened.
        #[command(flatten)]
        unlock: Unlock,
    },
    /// Adds signatures to the root that waits for them
    Sign {
        /// Folder of the issuer
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// A folder with a root key, such as one on a USB stick. Once for each key
        #[arg(long, value_name = "DIR", required = true)]
        keys: Vec<PathBuf>,
        /// How the keys are opened.
        #[command(flatten)]
        unlock: Unlock,
    },
}

fn public(text: &str) -> Result<[u8; 32], String> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes)
        .map(|()| bytes)
        .map_err(|_| format!("'{text}' is no public key: 64 hexadecimal digits"))
}

impl Root {
    /// `false`: signatures are missing.
    pub(super) fn run(self) -> Result<bool, Failure> {
        match self.command {
            Command::Show { data } => {
                let issuer = Issuer::open_records(&data).map_err(failed)?;
                let (root, next) = issuer.root_state().map_err(failed)?;
                shown("in force", &root);
                if let Some(next) = next {
                    shown("waits for signatures", &next);
                }
                Ok(true)
            }
            Command::Change {
                data,
                threshold,
                keys,
                public,
                new_publish_key,
                sign_with,
                unlock,
            } => {
                let change = |passphrase: &_| {
                    let mut issuer = Issuer::open_with(&data, passphrase)?;
                    let mut root_keys = public.clone();
                    for folder in &keys {
                        root_keys.push(issuer.root_key_at(folder, passphrase)?);
                    }
                    let change = RootChange {
                        threshold,
                        keys: root_keys,
                        new_publish_key,
                    };
                    let _ = issuer.change_root(&change, unix())?;
                    let folders = [keys.clone(), sign_with.clone()].concat();
                    issuer.sign_root(&folders, passphrase)
                };
                Ok(signed(&unlock.with(change)?))
            }
            Command::Sign { data, keys, unlock } => {
                let state = unlock.with(|passphrase| {
                    Issuer::open_with(&data, passphrase)?.sign_root(&keys, passphrase)
                })?;
                Ok(signed(&state))
            }
        }
    }
}

fn signed(state: &RootState) -> bool {
    if state.complete {
        shown("in force", state);
        say(format_args!(
            "Publish, and doors follow. A key that is not named any more can be destroyed with its file."
        ));
    } else {
        shown("waits for signatures", state);
        say(format_args!(
            "Enough keys of the root before and of this one must sign: munjigi issuer root sign --keys DIR"
        ));
    }
    state.complete
}

fn shown(what: &str, state: &RootState) {
    say(format_args!(
        "root {} {what}: {} of {} keys must sign",
        state.version,
        state.threshold,
        state.keys.len()
    ));
    for key in &state.keys {
        say(format_args!(
            "  {}{}",
            hex::encode(key),
            if state.signed_by.contains(key) {
                " signed"
            } else {
                ""
            }
        ));
    }
}
