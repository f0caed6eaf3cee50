//! How the keys of an issuer are opened.

use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{Failure, failed};
use crate::issuer::{
    Issuer, IssuerError,
    lock::{self, Passphrase},
};

/// Arguments of the commands that need keys.
#[derive(Debug, Clone, clap::Args)]
pub struct Unlock {
    /// File with the passphrase of its keys, readable to this user alone [default: the systemd credential munjigi-issuer, then
    /// DIR.passphrase, then asked]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Unlock {
    /// Where the passphrase is, when nobody is asked.
    pub(super) fn kept(&self) -> Passphrase {
        self.passphrase_file
            .clone()
            .map_or(Passphrase::Kept, Passphrase::File)
    }

    /// Does something that needs a passphrase; asks for it where it is kept nowhere and somebody sits there.
    pub(super) fn with<T>(
        &self,
        act: impl Fn(&Passphrase) -> Result<T, IssuerError>,
    ) -> Result<T, Failure> {
        match act(&self.kept()) {
            Err(IssuerError::Locked(folder) | IssuerError::Passphrase(folder))
                if self.passphrase_file.is_none() && std::io::stdin().is_terminal() =>
            {
                let typed = ask(&format!("Passphrase of {}: ", folder.display()))?;
                act(&typed).map_err(failed)
            }
            done => done.map_err(failed),
        }
    }

    /// Opens an issuer with its keys.
    pub(super) fn open(&self, data: &Path) -> Result<Issuer, Failure> {
        let issuer = self.with(|passphrase| Issuer::open_with(data, passphrase))?;
        if issuer.has_plain_keys() {
            use std::io::Write;
            let _ = writeln!(
                std::io::stderr(),
                "The keys in {} are not encrypted: munjigi issuer keys encrypt --data {0}",
                data.display()
            );
        }
        Ok(issuer)
    }
}

/// A new passphrase, typed twice.
pub(super) fn choose() -> Result<Passphrase, Failure> {
    let text = format!("A passphrase, at least {} letters: ", lock::LEAST);
    let (first, again) = (read(&text)?, read("Once more: ")?);
    if *first == *again {
        Ok(typed(&first))
    } else {
        Err(Failure::usage(
            "these are two passphrases",
            "Type the same one twice.",
        ))
    }
}

/// What happened to the passphrase, for whoever made an issuer.
pub(super) fn told(passphrase: &Passphrase, data: &Path) -> String {
    let file = match passphrase {
        Passphrase::Typed(_) => {
            return "Nobody can open its keys without your passphrase: write it down.".into();
        }
        Passphrase::File(path) => path.clone(),
        Passphrase::Kept => lock::beside(data),
    };
    if file.exists() {
        format!(
            "Its keys are encrypted; their passphrase is in {}.",
            file.display()
        )
    } else {
        "Its keys are encrypted with the passphrase that the service manager gave.".into()
    }
}

fn ask(prompt: &str) -> Result<Passphrase, Failure> {
    Ok(typed(&read(prompt)?))
}

fn typed(text: &str) -> Passphrase {
    Passphrase::Typed(text.into())
}

fn read(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let read = rpassword::prompt_password(prompt).map(Zeroizing::new);
    read.map_err(|error| Failure::usage(error, "Type it in a terminal, or give --passphrase-file."))
}
