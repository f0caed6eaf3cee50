//! `munjigi issuer export`.

use std::path::PathBuf;

use super::{Failure, failed, say, unix, unlock::Unlock};

/// Arguments of `munjigi issuer export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Folder of the issuer
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// New or empty folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Writes the private keys too, WITHOUT protection
    #[arg(long)]
    with_keys: bool,
    /// How its keys are opened.
    #[command(flatten)]
    unlock: Unlock,
}

impl Export {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut issuer = self.unlock.open(&self.data)?;
        issuer
            .export(&self.out, self.with_keys, unix())
            .map_err(failed)?;
        say(format_args!(
            "Written to {}; README.md in it names the formats.",
            self.out.display()
        ));
        if self.with_keys {
            say(format_args!(
                "WARNING: {} has the private keys without protection. Whoever reads them can issue passes that doors open\n\
                 to. Move them where they are to go, then destroy that folder.",
                self.out.join("keys").display()
            ));
        }
        Ok(())
    }
}
