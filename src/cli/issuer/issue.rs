//! `munjigi issuer issue`.

use std::{
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use super::{Failure, failed, say, unix};
use crate::{
    cli::day,
    issuer::{
        self, Eligibility, IssueRequest, Issued, Subject, midnight_after,
        sheet::{self, Card, Paper},
    },
    pass::{
        Service, compose,
        symbol::{Medium, Symbol},
    },
    wallet,
};

/// Pixels a module of a printed code as PNG: sharp at 6 cm on paper.
const MODULE: usize = 10;
/// Passes of one call at most: a status list is random, and a sheet is made in memory.
const MOST: u16 = 900;

/// Arguments of `munjigi issuer issue`.
#[derive(Debug, clap::Args)]
#[command(
    group = clap::ArgGroup::new("to").required(true).args(["holder", "printed"]),
    group = clap::ArgGroup::new("why").required(true).args(["born", "over14", "adult", "from", "reference"]),
)]
pub struct Issue {
    /// Folder of the issuer
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How its keys are opened.
    #[command(flatten)]
    unlock: super::unlock::Unlock,
    /// What the pass opens
    #[arg(long, value_name = "entry|adult|store")]
    service: Service,
    /// Live, for the wallet with this key, as munjigi wallet new shows it
    #[arg(long, value_name = "KEY", value_parser = wallet::parse_holder)]
    holder: Option<crate::pass::HolderKey>,
    /// Printed on paper or a card
    #[arg(long)]
    printed: bool,
    /// Born on this day; forgotten as soon as the days of both age rules are computed
    #[arg(long, value_name = "DATE")]
    born: Option<Date>,
    /// You have seen that the person is 14 or older
    #[arg(long = "over-14")]
    over14: bool,
    /// You have seen that the person is adult (19 by the year rule)
    #[arg(long)]
    adult: bool,
    /// May be used from this day on
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<i64>,
    /// Opaque payment reference for the store service: 16 hexadecimal digits
    #[arg(long, value_name = "HEX", value_parser = reference)]
    reference: Option<[u8; 8]>,
    /// Who checked the age and how, as your records call it
    #[arg(long, default_value = issuer::OWN_EYES, value_name = "WHO")]
    attested: String,
    /// Valid for this many days after today, to the end of the last one
    #[arg(long, default_value_t = 30, value_name = "DAYS")]
    days: u16,
    /// Good for so many visits at each door, 1 to 255; without it, as often as it is shown
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    visits: Option<u8>,
    /// What you want to remember by it, at most 40 letters; no name belongs here
    #[arg(
        long,
        default_value = "",
        value_name = "TEXT",
        hide_default_value = true
    )]
    note: String,
    /// So many printed passes
    #[arg(long, default_value_t = 1, requires = "printed")]
    count: u16,
    /// What a .pdf is printed on: a4 sheets to cut, or card pages of bank card size
    #[arg(long, default_value = "a4", value_name = "a4|card", value_parser = paper)]
    paper: Paper,
    /// File to write. Live: the credential for the wallet. Printed: .png, .svg, or a .pdf sheet to cut
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn reference(text: &str) -> Result<[u8; 8], String> {
    let mut bytes = [0; 8];
    hex::decode_to_slice(text, &mut bytes)
        .map(|()| bytes)
        .map_err(|_| format!("'{text}' is no reference: 16 hexadecimal digits"))
}

fn paper(text: &str) -> Result<Paper, String> {
    match text {
        "a4" => Ok(Paper::A4),
        "card" => Ok(Paper::Card),
        _ => Err(format!("'{text}' is no paper: a4 or card")),
    }
}

/// What is written for a pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Credential,
    Png,
    Svg,
    Pdf,
}

impl Issue {
    pub(super) fn run(self) -> Result<(), Failure> {
        // Everything that can be wrong with the arguments is found before a number is used up.
        let form = self.form()?;
        let mut issuer = self.unlock.open(&self.data)?;
        let now = unix();
        let request = IssueRequest {
            service: self.service,
            subject: self.holder.map_or(Subject::Printed, Subject::Holder),
            eligibility: self.eligibility(),
            exp: midnight_after(now, i64::from(self.days)),
            visits: self.visits,
            note: self.note.clone(),
            attested: self.attested.clone(),
        };
        let issued = issuer
            .issue_many(&request, self.count.into(), now)
            .map_err(failed)?;
        let shop = issuer.shop_name().map_err(failed)?;
        let bytes = self.drawn(form, &issued, &shop).map_err(|problem| {
            Failure::usage(problem, "Give a shorter credential, or another form.")
        })?;
        write(&self.out, &bytes)?;
        for pass in &issued {
            say(format_args!(
                "{} {} {} until {}",
                pass.number,
                self.service,
                if self.printed { "printed" } else { "live" },
                issuer::last_day(pass.exp)
            ));
        }
        say(format_args!(
            "Written to {}. Doors know it after the first publish.",
            self.out.display()
        ));
        Ok(())
    }

    fn form(&self) -> Result<Form, Failure> {
        let extension = self
            .out
            .extension()
            .and_then(|name| name.to_str())
            .unwrap_or("");
        let form = match extension.to_ascii_lowercase().as_str() {
            _ if !self.printed => Form::Credential,
            "png" => Form::Png,
            "svg" => Form::Svg,
            "pdf" => Form::Pdf,
            _ => {
                return Err(Failure::usage(
                    format!("--out {}: in which form?", self.out.display()),
                    "Give a name that ends in .png, .svg or .pdf.",
                ));
            }
        };
        if self.out.exists() {
            return Err(Failure::usage(
                format!("{} is there already", self.out.display()),
                "Give a new name with --out: a pass is never written over.",
            ));
        }
        if !(1..=MOST).contains(&self.count) {
            return Err(Failure::usage(
                format!("--count {}: 1 to {MOST}", self.count),
                "Call it several times for more.",
            ));
        }
        if self.count > 1 && form != Form::Pdf {
            return Err(Failure::usage(
                format!("{} passes do not fit one picture", self.count),
                "Give a name that ends in .pdf.",
            ));
        }
        Ok(form)
    }

    fn eligibility(&self) -> Eligibility {
        match (self.born, self.from, self.reference) {
            (Some(birth), ..) => Eligibility::Born(birth),
            (_, Some(day), _) => Eligibility::From(day),
            (.., Some(reference)) => Eligibility::Reference(reference),
            _ if self.adult => Eligibility::Adult,
            _ => Eligibility::Over14,
        }
    }

    fn drawn(&self, form: Form, issued: &[Issued], shop: &str) -> Result<Vec<u8>, String> {
        if form == Form::Pdf {
            let cards: Vec<Card> = issued.iter().map(|pass| Card::of(pass, shop)).collect();
            return sheet::pdf(&cards, self.paper);
        }
        let Some(pass) = issued.first() else {
            return Err("nothing was issued".into());
        };
        if form == Form::Credential {
            return Ok(pass.credential.clone());
        }
        let code = Symbol::of(&compose::text(&pass.credential), Medium::Paper)?;
        match form {
            Form::Png => sheet::png(&code, MODULE),
            _ => Ok(sheet::svg(&code).into_bytes()),
        }
    }
}

/// For this user only: a printed pass opens the door to whoever has a copy.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = OpenOptions::new();
    let opened = file.create_new(true).write(true).mode(0o600);
    let written = opened.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| {
        Failure::device(
            format!("{}: {error}", path.display()),
            "Give a file that may be written with --out. The numbers that were issued are in munjigi issuer list: revoke them.",
        )
    })
}
