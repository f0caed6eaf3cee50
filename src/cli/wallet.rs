//! `munjigi wallet`.

use std::{
    fs::OpenOptions,
    io::{IsTerminal, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::{Failure, unix};
use crate::{
    issuer::sheet,
    pass::{
        self, Audience, Challenge, Service,
        compose::{self, HolderSigner},
        symbol::{Medium, Symbol},
    },
    wallet,
};

/// A live pass is signed anew this often.
const SIGNS_EVERY: Duration = Duration::from_secs(5);
/// The longest presentation that fits version 11-L.
const LONGEST: usize = 309;
/// Pixels a module of the picture.
const MODULE: usize = 8;

/// Arguments of `munjigi wallet`.
#[derive(Debug, clap::Args)]
pub struct Wallet {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `munjigi wallet`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Makes a holder's key and prints its public half, which goes to the issuer
    New {
        /// File of the private key: a new one
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// P-256 instead of Ed25519
        #[arg(long)]
        p256: bool,
    },
    /// Shows a live pass, signed anew every 5 seconds until Ctrl-C
    Show(Show),
}

/// Arguments of `munjigi wallet show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// File of the private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// File of the credential that the issuer gave out for this key
    #[arg(long, value_name = "FILE")]
    pass: PathBuf,
    /// Good at this venue only: 1 to 6 Crockford base32 characters
    #[arg(long, value_parser = super::venue)]
    venue: Option<String>,
    /// Answers the challenge that a kiosk shows: its text, MJQ1:...; shown once
    #[arg(long, value_name = "TEXT", value_parser = challenge, conflicts_with = "venue")]
    challenge: Option<Challenge>,
    /// Writes a PNG picture instead of drawing in the terminal
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    png: Option<PathBuf>,
    /// Prints the text of the code instead of drawing it
    #[arg(long)]
    text: bool,
    /// Shows it once
    #[arg(long)]
    once: bool,
}

impl Wallet {
    /// Runs it.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        match self.command {
            Command::New { key, p256 } => new(&key, p256)?,
            Command::Show(show) => show.run()?,
        }
        Ok(true)
    }
}

fn challenge(text: &str) -> Result<Challenge, String> {
    Challenge::parse(text)
        .map_err(|_| format!("'{text}' is no challenge: MJQ1:... as the kiosk shows it"))
}

fn new(path: &Path, p256: bool) -> Result<(), Failure> {
    let key = if p256 {
        random_p256()?
    } else {
        random_ed25519()?
    };
    let written = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(wallet::key_text(&key).as_bytes()));
    written.map_err(|error| {
        Failure::usage(
            format!("{}: {error}", path.display()),
            "Give a new file with --key; a key is never written over.",
        )
    })?;
    let _ = writeln!(std::io::stdout(), "{}", wallet::holder_text(&key.public()));
    Ok(())
}

fn random() -> Result<Zeroizing<[u8; 32]>, Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut())
        .map_err(|error| Failure::device(error, "The system gives no random numbers."))?;
    Ok(bytes)
}

fn random_ed25519() -> Result<HolderSigner, Failure> {
    Ok(HolderSigner::Ed25519(SigningKey::from_bytes(&*random()?)))
}

fn random_p256() -> Result<HolderSigner, Failure> {
    loop {
        // A number out of the curve's range is one in 2^32: draw again.
        if let Ok(key) = p256::ecdsa::SigningKey::from_slice(random()?.as_slice()) {
            return Ok(HolderSigner::P256(key));
        }
    }
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|error| {
                Failure::usage(
                    format!("{}: {error}", path.display()),
                    "Give the file of munjigi wallet new with --key, and that of munjigi issuer issue with --pass.",
                )
            })
        };
        let key_text = Zeroizing::new(read(&self.key)?);
        let key_text = std::str::from_utf8(&key_text).unwrap_or_default();
        let key = wallet::parse_key(key_text).map_err(|problem| {
            Failure::usage(
                format!("{} {problem}", self.key.display()),
                "Give the file of munjigi wallet new with --key.",
            )
        })?;
        let credential = read(&self.pass)?;
        let audience = self.audience(&key, &credential)?;
        let nonce = self.challenge.as_ref().map(|challenge| challenge.nonce);
        loop {
            let token = compose::presentation(&credential, &audience, unix(), nonce, &key);
            if token.len() > LONGEST {
                return Err(Failure::usage(
                    format!(
                        "this pass has {} bytes, more than a live code holds ({LONGEST})",
                        token.len()
                    ),
                    "Ask the issuer for a pass with a shorter number, or show it without --venue.",
                ));
            }
            self.show(&compose::text(&token))?;
            if self.once || nonce.is_some() {
                return Ok(());
            }
            std::thread::sleep(SIGNS_EVERY);
        }
    }

    /// Whom the presentation is for: the one service that the credential carries.
    fn audience(&self, key: &HolderSigner, credential: &[u8]) -> Result<Audience, Failure> {
        let of = |service| Audience {
            service,
            venue: self.venue.clone(),
        };
        // The credential is read as a kiosk would: inside a presentation.
        let token = compose::presentation(credential, &of(Service::Entry), unix(), None, key);
        let Ok(parsed) = pass::parse(&token) else {
            return Err(Failure::usage(
                format!("{} is no live pass for this key", self.pass.display()),
                "Give the file that munjigi issuer issue --holder wrote for this key.",
            ));
        };
        if parsed.credential.holder != Some(key.public()) {
            return Err(Failure::usage(
                format!("{} was issued for another key", self.pass.display()),
                "Give the key whose public half the issuer got.",
            ));
        }
        let service = Service::ALL
            .into_iter()
            .find(|service| parsed.credential.services.carries(*service));
        let service = service.unwrap_or(Service::Entry);
        match &self.challenge {
            None => Ok(of(service)),
            Some(challenge) if challenge.audience.service == service => {
                Ok(challenge.audience.clone())
            }
            Some(challenge) => Err(Failure::usage(
                format!(
                    "{} is for the {service} service, the kiosk asks for {}",
                    self.pass.display(),
                    challenge.audience.service
                ),
                "Give a pass for that service with --pass.",
            )),
        }
    }

    fn show(&self, text: &str) -> Result<(), Failure> {
        let failed = |problem: &dyn std::fmt::Display| {
            Failure::device(problem, "Is there room, and may this user write?")
        };
        let mut out = std::io::stdout().lock();
        if self.text {
            return writeln!(out, "{text}").map_err(|error| failed(&error));
        }
        let code = Symbol::of(text, Medium::Live).map_err(|problem| failed(&problem))?;
        match &self.png {
            Some(path) => {
                let picture = sheet::png(&code, MODULE).map_err(|problem| failed(&problem))?;
                // Beside it first: whoever looks at the picture never sees half of it.
                let fresh = path.with_extension("png.new");
                std::fs::write(&fresh, picture)
                    .and_then(|()| std::fs::rename(&fresh, path))
                    .map_err(|error| failed(&format!("{}: {error}", path.display())))
            }
            None => {
                let terminal = std::io::stdout().is_terminal();
                let begin = if terminal && !self.once && self.challenge.is_none() {
                    "\x1b[H\x1b[2J"
                } else {
                    ""
                };
                write!(out, "{begin}{}", drawn(&code, terminal))
                    .and_then(|()| out.flush())
                    .map_err(|error| failed(&error))
            }
        }
    }
}

/// A code in half blocks, two rows of modules a line, with its quiet zone. With `colours` it is black on white whatever
/// the terminal's own are; without, what is printed is light.
fn drawn(code: &Symbol, colours: bool) -> String {
    let side = code.framed_side();
    let light = |x: usize, y: usize| !code.is_dark(x, y);
    let (begin, end) = if colours {
        ("\x1b[38;5;231;48;5;16m", "\x1b[0m\n")
    } else {
        ("", "\n")
    };
    let mut text = String::new();
    for y in (0..side).step_by(2) {
        text.push_str(begin);
        text.extend((0..side).map(|x| match (light(x, y), light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        }));
        text.push_str(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_in_the_terminal_can_be_read() {
        let text = format!("MJ1:{}", "0123456789ABCDEF".repeat(26));
        let code = Symbol::of(&text, Medium::Live).unwrap();
        let lines: Vec<Vec<char>> = drawn(&code, false)
            .lines()
            .map(|line| line.chars().collect())
            .collect();
        // What a camera sees: each character is two squares of 4 by 4 pixels.
        let (width, height) = (lines[0].len() * 4, lines.len() * 8);
        let mut picture = crate::camera::Luma::new(width, height, vec![0; width * height]).unwrap();
        for (at, pixel) in picture.data.iter_mut().enumerate() {
            let (x, y) = (at % width, at / width);
            let upper = y % 8 < 4;
            let bright = match lines[y / 8][x / 4] {
                '█' => true,
                '▀' => upper,
                '▄' => !upper,
                _ => false,
            };
            *pixel = if bright { 250 } else { 5 };
        }
        assert_eq!(
            crate::scan::read(&picture, crate::scan::Effort::Frame)[0].text,
            text.as_bytes()
        );
    }
}
