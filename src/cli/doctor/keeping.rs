//! Storage, space, clock, trust and staff codes.

use std::path::Path;

use super::Finding;
use crate::{
    clock::{Clock, SystemClock},
    config::{self, Config},
    gate,
    kiosk::keep::OLD_LIST,
    store::{Backlog, Road, Store},
    trust::Trust,
    webhook::Secret,
};

/// Below this the log may fail soon.
const LITTLE_SPACE: u64 = 200 << 20;
/// And this is too little for the next update.
const NO_SPACE: u64 = 20 << 20;
const DAY: u64 = 86_400;
/// A till that was not told for so long, in seconds, is off or gone.
const TILL_LATE: u64 = 600;

/// The data folder, opened beside whatever runs.
pub(super) fn storage(folder: &Path, running: bool) -> (Option<Store>, Vec<Finding>) {
    if !Store::is_at(folder) {
        let finding = Finding::warning(
            "storage",
            format!("{} is no data folder yet", folder.display()),
            "The first start makes it; munjigi trust add does too.",
        );
        return (None, vec![finding]);
    }
    let hint = "Is the disk there, and may this user write? Run it as the kiosk's user.";
    let store = match Store::open_shared(folder) {
        Ok(store) => store,
        Err(error) => return (None, vec![Finding::failed("storage", error, hint)]),
    };
    let kiosk = if running {
        "a kiosk runs on it"
    } else {
        "no kiosk runs on it"
    };
    let finding = match store.integrity() {
        Ok(sound) if sound == "ok" => {
            Finding::good("storage", format!("{}, whole; {kiosk}", folder.display()))
        }
        Ok(damage) => Finding::failed(
            "storage",
            format!("{}: {damage}", folder.display()),
            "Copy the folder, then start with a new one; the log in the copy can still be read.",
        ),
        Err(error) => Finding::failed("storage", error, hint),
    };
    (Some(store), vec![finding])
}

/// Room on the disk, for the data folder or the folder that it will be made in.
pub(super) fn space(folder: &Path) -> Finding {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    let free = fs4::available_space(there.unwrap_or(Path::new("/")));
    match free {
        Ok(free) => {
            let what = format!("{} MB free", free >> 20);
            let hint =
                "Make room: without it decisions cannot be recorded, and the door stays shut.";
            if free < NO_SPACE {
                Finding::failed("space", what, hint)
            } else if free < LITTLE_SPACE {
                Finding::warning("space", what, hint)
            } else {
                Finding::good("space", what)
            }
        }
        Err(error) => Finding::failed("space", error, "Is the disk there?"),
    }
}

/// The clock over its floor, and what sets it.
pub(super) fn clock(store: Option<&Store>) -> Finding {
    let clock = SystemClock::new();
    if let Some(floor) = store.and_then(|store| store.time_floor().ok()) {
        clock.raise_floor(floor);
    }
    let now = clock.now();
    let time = crate::kiosk::event::at(clock.unix_ms());
    if now.clock == gate::Clock::Unknown {
        return Finding::wrong(
            "clock",
            format!(
                "{time} is before what this kiosk has seen ({})",
                crate::kiosk::event::at(now.unix * 1000)
            ),
            "Connect the network until the time is set, or set it with timedatectl. Until then every live pass is asked to sign a code, and adult passes stay out.",
        );
    }
    let network = crate::clock::set_by_network();
    let battery = Path::new("/dev/rtc0").exists();
    let kept = match (network, battery) {
        (true, _) => "set by the network",
        (false, true) => "kept by a battery clock",
        (false, false) => "no sign of network time or a battery clock",
    };
    let what = format!("{time}, {kept}");
    if network || battery {
        Finding::good("clock", what)
    } else {
        Finding::warning(
            "clock",
            what,
            "After a power cut passes wait for the network: a battery clock for this board costs little.",
        )
    }
}

/// Issuers, keys and the age of their lists.
pub(super) fn trust(store: Option<&Store>, config: &Config) -> Vec<Finding> {
    let hint = "Run munjigi trust add with the issuer's code, or its root.json and its repository.";
    let Some(store) = store else {
        if !config.formats.mj1 {
            return Vec::new();
        }
        return vec![Finding::wrong("trust", "no issuer is trusted yet", hint)];
    };
    let trust = store.trusted();
    match trust {
        Ok(trust) if trust.keys.is_empty() && !config.formats.mj1 => Vec::new(),
        Ok(trust) if trust.keys.is_empty() => {
            vec![Finding::wrong("trust", "no issuer is trusted yet", hint)]
        }
        Ok(trust) => {
            let issuers: Vec<&str> = trust.issuers.keys().map(String::as_str).collect();
            let known = format!("issuers {}, {} keys", issuers.join(", "), trust.keys.len());
            let mut findings = vec![Finding::good("trust", known)];
            findings.extend(lists(&trust, config));
            findings.extend(roads(store));
            findings
        }
        Err(problem) => vec![Finding::wrong(
            "trust",
            problem,
            "Run munjigi trust import.",
        )],
    }
}

/// The trust lists of foreign passes.
pub(super) fn formats(config: &config::Formats) -> Option<Finding> {
    if config.pretix.is_none() && config.dcc.is_none() {
        return None;
    }
    Some(match config.load() {
        Ok(formats) => Finding::good("formats", format!("takes {formats}")),
        Err(problem) => Finding::wrong("formats", problem, "Mend the list that is named here."),
    })
}

/// Where updates come from, and how the last ones went.
fn roads(store: &Store) -> Vec<Finding> {
    let now = crate::clock::unix_ms() / 1000;
    let ago = |then: Option<u64>| {
        let age = then.map(|then| span(now.saturating_sub(then)));
        age.map_or_else(|| "never".into(), |age| format!("{age} ago"))
    };
    let finding = |road: Road| {
        let from = &road.location;
        let worked = ago(road.worked_at);
        match road.problem {
            None => Finding::good("updates", format!("from {from}, {worked}")),
            Some(problem) => {
                let tried = ago(road.tried_at);
                let what = format!("from {from}, worked {worked}, tried {tried}: {problem}");
                Finding::warning("updates", what, problem.class.remedy())
            }
        }
    };
    let roads = store.trust_roads().unwrap_or_default();
    roads.into_iter().map(finding).collect()
}

fn lists<'a>(trust: &'a Trust, config: &Config) -> impl Iterator<Item = Finding> + 'a {
    let now = crate::clock::unix_ms() / 1000;
    let policy = config.policy();
    let grace = policy.grace.of(policy.service);
    let service = policy.service;
    trust.lists.iter().map(move |(uri, list)| {
        let age = now.saturating_sub(list.iat);
        let what = format!("list {uri}, {} days old", age / DAY);
        let hint = "Run munjigi trust import; ask the issuer to publish.";
        if grace.is_some_and(|grace| age > grace) {
            let what = format!("{what}: too old for the {service} service, its passes stay out");
            Finding::wrong("trust", what, hint)
        } else if age > OLD_LIST {
            Finding::warning("trust", what, hint)
        } else {
            Finding::good("trust", what)
        }
    })
}

/// What waits for the till, and the secret that it is told with.
pub(super) fn till(store: Option<&Store>, till: &config::Till) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !till.url.is_empty()
        && let Err(problem) = Secret::read(&till.secret)
    {
        let hint = "Give the till's secret, whsec_..., in a file that this user may read.";
        findings.push(Finding::wrong("till", problem, hint));
    }
    let Some(backlog) = store.map(Store::outbox_backlog) else {
        return findings;
    };
    let now = crate::clock::unix_ms();
    let finding = match backlog {
        Err(error) => Some(Finding::failed("till", error, "Is the disk there?")),
        Ok(Backlog { waiting: 0, .. }) => {
            (!till.ways().is_empty()).then(|| Finding::good("till", "told of every entry"))
        }
        Ok(Backlog { waiting, oldest_ms }) => {
            let age = now.saturating_sub(oldest_ms.unwrap_or(now)) / 1000;
            let what = format!("{waiting} entries wait, the oldest for {}", span(age));
            let hint = "Is the till on, and is its address right? It gets them in order as soon as it answers.";
            Some(if till.ways().is_empty() {
                let hint = "No till is set in [till]: set it again, and it gets them.";
                Finding::warning("till", what, hint)
            } else if age > TILL_LATE {
                Finding::wrong("till", what, hint)
            } else {
                Finding::good("till", what)
            })
        }
    };
    findings.extend(finding);
    findings
}

/// Seconds as people say them.
fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / DAY),
    }
}

/// Whether anybody can reach the staff pages.
pub(super) fn staff(store: &Store) -> Finding {
    match store.staff() {
        Ok(staff) if staff.is_empty() => Finding::warning(
            "staff",
            "nobody has a code",
            "The screen asks for one at its start; munjigi staff add gives one too.",
        ),
        Ok(staff) => Finding::good("staff", format!("{} codes", staff.len())),
        Err(error) => Finding::failed("staff", error, "Is the disk there?"),
    }
}
