//! `munjigi issuer wallet`.

use std::path::PathBuf;

use super::{Failure, say, serve::origin};
use crate::issuer::wallet_page;

/// Arguments of `munjigi issuer wallet`.
#[derive(Debug, clap::Args)]
pub struct Wallet {
    /// Folder for the files; those of an earlier version are written over
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What munjigi issuer serve has as --origin, such as https://pass.example.org
    #[arg(long, value_name = "URL", value_parser = origin)]
    service: String,
}

impl Wallet {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = wallet_page::for_host(&self.service).map_err(|problem| {
            Failure::device(problem, "This program is broken: build it anew.")
        })?;
        for (name, bytes) in &files {
            let path = self.out.join(name);
            let folder = path.parent().unwrap_or(&self.out);
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&path, bytes))
                .map_err(|error| {
                    Failure::device(
                        format!("{}: {error}", path.display()),
                        "Give a folder that may be written with --out.",
                    )
                })?;
        }
        say(format_args!(
            "The wallet page is in {}. Put it on a host that speaks HTTPS, in any folder, and start the service with\n  \
             munjigi issuer serve --origin {} --wallet ADDRESS-OF-THE-PAGE",
            self.out.display(),
            self.service
        ));
        Ok(())
    }
}
