//! `munjigi trust`.

mod choice;
mod load;

use std::{io::Write, path::PathBuf};

use serde_json::json;

use super::{Failure, open, unix};
use crate::{
    kiosk::event,
    pass::Service,
    store::{Road, Store, TrustSnapshot},
    trust::{
        problem::{Class, Problem},
        repository,
    },
};

/// Arguments of `munjigi trust`.
#[derive(Debug, clap::Args)]
pub struct Trust {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `munjigi trust`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Pins a trust anchor and loads its repository; of one that is pinned already it changes where updates come from
    Add {
        /// Data folder of the kiosk; made when it is missing
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The issuer's root.json, as it was handed over by the issuer
        #[arg(
            long,
            value_name = "FILE",
            required_unless_present = "pin",
            requires = "repository"
        )]
        root: Option<PathBuf>,
        /// The text of the code that the issuer's owner page shows, MJT1:...
        #[arg(long, value_name = "TEXT", conflicts_with = "root")]
        pin: Option<String>,
        /// Where the repository is: an https:// address, or a folder with metadata/ and targets/. With --pin it is in the
        /// code; a folder given beside it is read this once
        repository: Option<PathBuf>,
    },
    /// Updates what is pinned, from where it is kept or from another copy, such as a USB stick
    Import {
        /// Data folder of the kiosk
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Folder or https:// address of the repository; without one, every anchor's own
        repository: Option<PathBuf>,
    },
    /// Takes a pin back: passes of its issuers open this door no more
    Remove {
        /// Data folder of the kiosk
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The anchor, or how it begins (8 digits at least), as munjigi trust list shows it
        anchor: String,
    },
    /// Lets an issuer's passes open this door for a service again
    Allow(Choice),
    /// Lets an issuer's passes open this door for a service no more, whatever its repository says
    Forbid(Choice),
    /// Shows anchors, issuers, keys, lists and their ages, and what is forbidden here
    List {
        /// Data folder of the kiosk
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
}

/// One issuer and one service.
#[derive(Debug, clap::Args)]
pub struct Choice {
    /// Data folder of the kiosk
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// The issuer's id, as munjigi trust list shows it
    pub issuer: String,
    /// The service
    #[arg(value_name = "entry|adult|store")]
    pub service: Service,
}

impl Trust {
    /// Runs it; `false` means that an update was refused.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        match self.command {
            Command::Add {
                data,
                root,
                pin,
                repository,
            } => load::add(
                &data,
                root.as_deref(),
                pin.as_deref(),
                repository.as_deref(),
            ),
            Command::Import { data, repository } => load::import(&data, repository.as_deref()),
            Command::Remove { data, anchor } => remove(&open(&data)?, &anchor),
            Command::Allow(Choice {
                data,
                issuer,
                service,
            }) => choice::allow(&open(&data)?, &issuer, service),
            Command::Forbid(Choice {
                data,
                issuer,
                service,
            }) => choice::forbid(&open(&data)?, &issuer, service),
            Command::List { data, json } => list(&open(&data)?, json),
        }
    }
}

/// Members that are seconds since 1970: people read dates.
const SECONDS: [&str; 7] = [
    "accepted_at",
    "at",
    "tried_at",
    "worked_at",
    "expires",
    "verify_until",
    "iat",
];

fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn remove(store: &Store, anchor: &str) -> Result<bool, Failure> {
    let hint = "Run munjigi trust list, and give at least the first 8 digits of one anchor.";
    let snapshots = store.load_trust().map_err(failed)?;
    let meant: Vec<&TrustSnapshot> = snapshots
        .iter()
        .filter(|snapshot| anchor.len() >= 8 && snapshot.anchor.starts_with(anchor))
        .collect();
    let [snapshot] = meant[..] else {
        return Err(Failure {
            status: 1,
            ..Failure::usage(format!("'{anchor}' names no pinned anchor"), hint)
        });
    };
    let removed = store.remove_trust(&snapshot.anchor).map_err(failed)?;
    say(format_args!("removed {}", &snapshot.anchor[..16]));
    Ok(removed)
}

fn list(store: &Store, json: bool) -> Result<bool, Failure> {
    let snapshots = store.load_trust().map_err(failed)?;
    let trust = repository::restore(&snapshots)
        .map_err(|error| refused(&error.into(), "Run munjigi trust import."))?;
    let now = unix();
    let days = |seconds: u64| seconds / 86_400;
    let roads = store.trust_roads().map_err(failed)?;
    let road = |snapshot: &TrustSnapshot| {
        let road = roads.iter().find(|road| road.anchor == snapshot.anchor);
        anchor(snapshot, road)
    };
    let anchors: Vec<_> = snapshots.iter().map(road).collect();
    let keys: Vec<_> = trust
        .keys
        .iter()
        .map(|key| {
            json!({
                "kid": hex::encode(key.kid),
                "issuer": key.issuer,
                "kinds": key.kinds,
                "services": key.services.iter().map(|service: &Service| service.name()).collect::<Vec<_>>(),
                "verify_until": key.verify_until,
                "distrusted": key.distrusted_at.is_some(),
            })
        })
        .collect();
    let lists: Vec<_> = trust
        .lists
        .values()
        .map(|list| {
            json!({
                "uri": list.uri,
                "bits": list.bits,
                "entries": list.passes(),
                "iat": list.iat,
                "age_days": days(now.saturating_sub(list.iat)),
            })
        })
        .collect();
    let issuers: Vec<_> = trust
        .issuers
        .iter()
        .map(|(id, issuer)| json!({"id": id, "ko": issuer.ko, "en": issuer.en}))
        .collect();
    let forbidden: Vec<_> = store
        .forbidden()
        .map_err(failed)?
        .into_iter()
        .map(|one| json!({"issuer": one.issuer, "service": one.service, "who": one.who, "at": one.at}))
        .collect();
    if json {
        say(format_args!(
            "{}",
            json!({"anchors": anchors, "issuers": issuers, "keys": keys, "lists": lists, "forbidden": forbidden})
        ));
        return Ok(true);
    }
    for (title, rows) in [
        ("anchor", &anchors),
        ("issuer", &issuers),
        ("key", &keys),
        ("list", &lists),
        ("forbid", &forbidden),
    ] {
        for row in rows {
            let fields = row.as_object().into_iter().flatten();
            let fields: Vec<String> = fields
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| match value.as_u64() {
                    Some(second) if SECONDS.contains(&name.as_str()) => {
                        format!("{name} {}", event::at(second.saturating_mul(1000)))
                    }
                    _ => format!("{name} {value}"),
                })
                .collect();
            say(format_args!("{title:<7} {}", fields.join(", ")));
        }
    }
    if snapshots.is_empty() {
        say(format_args!("nothing is pinned yet"));
    }
    Ok(true)
}

fn anchor(snapshot: &TrustSnapshot, road: Option<&Road>) -> serde_json::Value {
    let versions = repository::versions(snapshot);
    let problem = road.and_then(|road| road.problem.as_ref());
    json!({
        "anchor": snapshot.anchor,
        "from": snapshot.location,
        "accepted_at": snapshot.accepted_at,
        "root": versions.root,
        "targets": versions.targets,
        "expires": versions.expires,
        "tried_at": road.and_then(|road| road.tried_at),
        "worked_at": road.and_then(|road| road.worked_at),
        "class": problem.map(|problem| problem.class),
        "problem": problem.map(ToString::to_string),
    })
}

fn refused(problem: &Problem, hint: &str) -> Failure {
    Failure {
        status: if problem.class == Class::Storage {
            3
        } else {
            1
        },
        what: problem.to_string(),
        hint: hint.into(),
    }
}

fn failed(error: impl ToString) -> Failure {
    Failure::device(error, "Run munjigi doctor.")
}
