//! `munjigi trust add` and `munjigi trust import`: what reads repositories.

use std::{
    io::{IsTerminal, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{failed, refused, say};
use crate::{
    cli::{Failure, open, unix},
    store::{Store, TrustSnapshot},
    trust::{
        Trust,
        pin::{self, Pin},
        place::Place,
        problem::{Class, Problem},
        repository::{self, Source},
        road,
    },
};

const REPOSITORY: &str =
    "Give the https:// address of the repository, or the folder with metadata/ and targets/.";

pub(super) fn add(
    data: &Path,
    root: Option<&Path>,
    code: Option<&str>,
    repository: Option<&Path>,
) -> Result<bool, Failure> {
    let given = repository.map(place).transpose()?;
    let loaded = match (root, code) {
        (_, Some(code)) => {
            let pin = pin::parse(code).map_err(|error| {
                Failure::usage(error, "Copy the whole text that stands below the code.")
            })?;
            by_code(&pin, given)
        }
        (Some(root), None) => {
            let hint =
                "Give the root.json that the issuer handed over, and where the repository is.";
            let bytes = std::fs::read(root)
                .map_err(|error| Failure::usage(format!("{}: {error}", root.display()), hint))?;
            let place = given.ok_or_else(|| Failure::usage("no repository is given", hint))?;
            repository::pin(&bytes, source(place, 0), unix()).map_err(Problem::from)
        }
        (None, None) => {
            let hint =
                "Give --root with the issuer's root.json, or --pin with the text of its code.";
            return Err(Failure::usage("nothing is given to pin", hint));
        }
    };
    finish_line();
    let (snapshot, trust) = loaded.map_err(|problem| {
        let hint = match problem.class {
            Class::Refused => "Nothing was pinned. Is this the issuer's own root.json or code?",
            class => class.remedy(),
        };
        refused(&problem, hint)
    })?;
    let store = Store::open_shared(data)
        .map_err(|error| Failure::device(error, "Give a folder that may be written."))?;
    let pinned = store.load_trust().map_err(failed)?;
    if let Some(old) = pinned.iter().find(|old| old.anchor == snapshot.anchor) {
        return moved(&store, old, &snapshot.location);
    }
    store.save_trust(&snapshot, None).map_err(failed)?;
    road::note(&store, &snapshot.anchor, unix(), None);
    tell(&snapshot, &trust);
    Ok(true)
}

/// By the text of a code; the folder beside it is a copy that is at hand.
fn by_code(pin: &Pin, copy: Option<Place>) -> Result<(TrustSnapshot, Trust), Problem> {
    let url = Place::Url(pin.url.clone());
    let from = copy.unwrap_or_else(|| url.clone());
    let (mut snapshot, trust) = repository::pin_by_code(pin, source(from, 0), unix())?;
    let location = repository::location(&url);
    if snapshot.location != location {
        snapshot.location = location;
        snapshot.tags.clear();
    }
    Ok((snapshot, trust))
}

/// An anchor that is pinned already: what is there was verified as its own.
fn moved(store: &Store, old: &TrustSnapshot, location: &str) -> Result<bool, Failure> {
    if old.location == location {
        return Err(Failure::usage(
            "this anchor is pinned already",
            "Run munjigi trust import to update it.",
        ));
    }
    let new = TrustSnapshot {
        location: location.to_owned(),
        tags: Vec::new(),
        ..old.clone()
    };
    store.save_trust(&new, Some(old)).map_err(failed)?;
    say(format_args!(
        "{} is pinned already; its updates come from {location} now",
        &old.anchor[..16]
    ));
    Ok(true)
}

fn tell(snapshot: &TrustSnapshot, trust: &Trust) {
    let issuers: Vec<&str> = trust.issuers.keys().map(String::as_str).collect();
    say(format_args!(
        "pinned {}: issuers {}, {} keys, {} status lists",
        &snapshot.anchor[..16],
        issuers.join(", "),
        trust.keys.len(),
        trust.lists.len()
    ));
}

/// An update that fails leaves the old state in force.
pub(super) fn import(data: &Path, from: Option<&Path>) -> Result<bool, Failure> {
    let from = from.map(place).transpose()?;
    let store = open(data)?;
    let pinned = store.load_trust().map_err(failed)?;
    if pinned.is_empty() {
        return Err(Failure::usage(
            "no anchor is pinned yet",
            "Run munjigi trust add with the issuer's root.json or code.",
        ));
    }
    let floor = store.time_floor().unwrap_or(0);
    let mut first: Option<Problem> = None;
    let mut taken = 0;
    for old in &pinned {
        let place = match &from {
            Some(place) => place.clone(),
            None => Place::parse(&old.location).unwrap_or_else(|_| Path::new(&old.location).into()),
        };
        let now = unix();
        let result = road::carry(&store, old, source(place.clone(), floor), now);
        finish_line();
        // A repository that is given belongs to one anchor; the others are not meant.
        if result.is_ok() || from.is_none() || pinned.len() == 1 {
            road::note(&store, &old.anchor, now, result.as_ref().err());
        }
        match result {
            Ok(outcome) => {
                taken += 1;
                let (what, anchor) = (outcome.name(), &old.anchor[..16]);
                say(format_args!("{what} {anchor} from {place}"));
            }
            Err(problem) => first = first.or(Some(problem)),
        }
    }
    match first {
        Some(problem) if taken == 0 || from.is_none() => {
            let hint = match problem.class {
                Class::Refused => {
                    "What was in force stays in force. Publish again, or copy the repository again."
                }
                class => class.remedy(),
            };
            Err(refused(&problem, hint))
        }
        _ => Ok(true),
    }
}

/// Where a repository is, as it was given.
fn place(path: &Path) -> Result<Place, Failure> {
    // A path that is no UTF-8 is no URL.
    let text = path.to_str().unwrap_or_default();
    if !text.contains("://") {
        return Ok(path.into());
    }
    Place::parse(text).map_err(|problem| Failure::usage(format!("{text} {problem}"), REPOSITORY))
}

/// With a line on the terminal that says how much came, when it takes long.
fn source(place: Place, floor: u64) -> Source {
    let mut source = Source::new(place).floor(floor);
    if std::io::stderr().is_terminal() {
        let start = Instant::now();
        let told = Mutex::new(start);
        source.progress = Some(Arc::new(move |files, bytes| {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            let (quiet, pause) = (Duration::from_secs(1), Duration::from_millis(200));
            if start.elapsed() > quiet && told.elapsed() > pause {
                *told = Instant::now();
                let kilobytes = bytes / 1000;
                let _ = write!(std::io::stderr(), "\r{files} files, {kilobytes} kB ");
            }
        }));
    }
    source
}

/// Clears that line.
fn finish_line() {
    let mut error = std::io::stderr();
    if error.is_terminal() {
        let _ = write!(error, "\r\x1b[K");
    }
}
