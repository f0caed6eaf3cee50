//! `munjigi check` beside another implementation of the profile: `passes.py` makes passes of every kind, right and wrong, and
//! says what has to be said of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::{Seek, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use munjigi::pass::Reason;
use serde_json::{Value, json};

use crate::shop::MUNJIGI;

/// One text and what has to be said of it.
#[derive(Debug, Clone, serde::Deserialize)]
struct Case {
    name: String,
    service: String,
    venue: Option<String>,
    at: String,
    text: String,
    /// The bytes are all of the input, and `text` is hexadecimal.
    alone: bool,
    reason: String,
    kind: Option<String>,
    pass: Option<String>,
    issuer: Option<String>,
}

impl Case {
    fn verdict(&self) -> &'static str {
        match self.reason.as_str() {
            "granted" => "granted",
            "status_unknown" => "undecided",
            _ => "refused",
        }
    }

    fn expected(&self) -> Value {
        json!({
            "verdict": self.verdict(),
            "reason": self.reason,
            "pass": self.pass,
            "issuer": self.issuer,
            "kind": self.kind,
        })
    }
}

/// Where and when texts are judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Door {
    service: String,
    venue: Option<String>,
    at: String,
}

/// A data folder that trusts the other implementation's issuers.
struct Trusting {
    folder: tempfile::TempDir,
    cases: Vec<Case>,
}

impl Trusting {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::made(python("passes.py").arg(folder.path()), folder)
    }

    /// With what a script makes in the folder.
    fn made(script: &mut Command, folder: tempfile::TempDir) -> Self {
        let made = script.status().expect("python3 is needed");
        assert!(made.success());
        let pinned = Command::new(MUNJIGI)
            .args(["trust", "add", "--data"])
            .arg(folder.path().join("data"))
            .arg("--root")
            .arg(folder.path().join("root.json"))
            .arg(folder.path().join("repo"))
            .output()
            .unwrap();
        assert!(pinned.status.success(), "{pinned:?}");
        let cases = std::fs::read(folder.path().join("cases.json")).unwrap();
        let cases = serde_json::from_slice(&cases).unwrap();
        Self { folder, cases }
    }

    /// The cases by door; each that stands alone by itself.
    fn groups(&self) -> Vec<(Door, Vec<&Case>)> {
        let mut lines: BTreeMap<Door, Vec<&Case>> = BTreeMap::new();
        let mut groups = Vec::new();
        for case in &self.cases {
            let door = Door {
                service: case.service.clone(),
                venue: case.venue.clone(),
                at: case.at.clone(),
            };
            if case.alone {
                groups.push((door, vec![case]));
            } else {
                lines.entry(door).or_default().push(case);
            }
        }
        groups.extend(lines);
        groups
    }

    /// Runs `munjigi check --json`; gives its verdicts and its exit status.
    fn check(&self, door: &Door, input: &[u8], more: &[&str]) -> (Vec<Value>, Option<i32>) {
        // From a file: a pipe would have to be filled and emptied at once.
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(input).unwrap();
        file.rewind().unwrap();
        let output = Command::new(MUNJIGI)
            .args(["check", "--json", "--data"])
            .arg(self.folder.path().join("data"))
            .args(["--service", &door.service, "--at", &door.at])
            .args(door.venue.iter().flat_map(|venue| ["--venue", venue]))
            .args(more)
            .stdin(Stdio::from(file))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let verdicts = said
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        (verdicts, output.status.code())
    }

    /// Every row of every table.
    fn database(&self) -> String {
        let file = rusqlite::Connection::open(self.folder.path().join("data/munjigi.db")).unwrap();
        let mut tables = file
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .unwrap();
        let tables: Vec<String> = tables
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let mut all = String::new();
        for table in tables {
            let mut query = file.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = query.column_count();
            let mut rows = query.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let row: Vec<rusqlite::types::Value> =
                    (0..columns).map(|at| row.get(at).unwrap()).collect();
                writeln!(all, "{table}: {row:?}").unwrap();
            }
        }
        all
    }
}

/// A script of the other implementation.
pub fn python(script: &str) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it")
        .join(script);
    let mut command = Command::new("python3");
    command.arg("-B").arg(script); // no compiled modules beside the sources
    command
}

/// What the program reads for these cases.
fn input(cases: &[&Case]) -> Vec<u8> {
    match cases {
        [case] if case.alone => hex::decode(&case.text).unwrap(),
        cases => cases
            .iter()
            .flat_map(|case| [case.text.as_bytes(), b"\n"].concat())
            .collect(),
    }
}

#[test]
fn every_stateless_reason_is_the_other_implementations() {
    let trusting = Trusting::new();
    let groups = trusting.groups();
    // Something is in the record and in the replay memory, and stays as it is.
    let granted = |case: &&Case| case.reason == "granted" && !case.alone;
    let admitted = trusting.cases.iter().find(granted).unwrap();
    let door = Door {
        service: admitted.service.clone(),
        venue: None,
        at: admitted.at.clone(),
    };
    let (recorded, status) = trusting.check(&door, &input(&[admitted]), &["--record"]);
    assert_eq!((recorded, status), (vec![admitted.expected()], Some(0)));
    let before = trusting.database();
    assert!(before.contains("entry: ") && before.contains("replay: "));

    let mut differences = String::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (door, cases) in &groups {
        let input = input(cases);
        let (verdicts, status) = trusting.check(door, &input, &[]);
        assert_eq!(verdicts.len(), cases.len(), "{door:?}");
        for (case, verdict) in cases.iter().zip(&verdicts) {
            *counts.entry(&case.reason).or_default() += 1;
            let expected = case.expected();
            if *verdict != expected {
                writeln!(
                    differences,
                    "{}\n  text     {:.200}\n  expected {expected}\n  said     {verdict}",
                    case.name, case.text
                )
                .unwrap();
            }
        }
        let all = cases.iter().all(|case| case.reason == "granted");
        if status != Some(i32::from(!all)) {
            writeln!(differences, "{door:?}: exit status {status:?}").unwrap();
        }
        let again = trusting.check(door, &input, &[]);
        if again != (verdicts, status) {
            writeln!(differences, "{door:?}: another answer the second time").unwrap();
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
    assert_eq!(trusting.database(), before, "check writes nothing");

    let stateful = [
        Reason::ClockUnknown,
        Reason::Replayed,
        Reason::Closed,
        Reason::Passback,
        Reason::UsedUp,
        Reason::LockedOut,
        Reason::Occupied,
        Reason::LogFailed,
    ];
    let stateless = Reason::ALL
        .iter()
        .filter(|reason| !stateful.contains(reason));
    let covered: BTreeSet<&str> = counts.keys().copied().collect();
    assert_eq!(covered, stateless.map(|reason| reason.code()).collect());
    assert!(counts.values().all(|count| *count >= 2), "{counts:?}");
    eprintln!("{} cases: {counts:?}", trusting.cases.len());
}

/// Nobody wrote down what has to be said of these: the other implementation judges them by itself.
#[test]
fn another_implementation_judges_passes_made_by_chance_alike() {
    let folder = tempfile::tempdir().unwrap();
    let mut script = python("judge.py");
    let script = script.arg("cases").arg(folder.path()).args(["7", "500"]);
    let trusting = Trusting::made(script, folder);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (door, cases) in &trusting.groups() {
        let (verdicts, _) = trusting.check(door, &input(cases), &[]);
        assert_eq!(verdicts.len(), cases.len());
        for (case, verdict) in cases.iter().zip(&verdicts) {
            assert_eq!(*verdict, case.expected(), "{}: {}", case.name, case.text);
            *counts.entry(&case.reason).or_default() += 1;
        }
    }
    assert_eq!(counts.values().sum::<usize>(), 500);
    assert!(counts["granted"] > 50 && counts.len() > 12, "{counts:?}");
}

#[test]
fn the_exit_status_is_0_only_if_every_line_is_granted() {
    let trusting = Trusting::new();
    let (door, cases) = trusting
        .groups()
        .into_iter()
        .max_by_key(|(_, cases)| cases.len())
        .unwrap();
    let (granted, others): (Vec<&Case>, Vec<&Case>) =
        cases.into_iter().partition(|case| case.reason == "granted");
    assert!(granted.len() > 9);
    let (verdicts, status) = trusting.check(&door, &input(&granted), &[]);
    assert_eq!((verdicts.len(), status), (granted.len(), Some(0)));
    for other in [others[0], others[others.len() - 1]] {
        for at in [0, granted.len()] {
            let mut mixed = granted.clone();
            mixed.insert(at, other);
            let (verdicts, status) = trusting.check(&door, &input(&mixed), &[]);
            assert_eq!(
                (verdicts.len(), status),
                (mixed.len(), Some(1)),
                "{}",
                other.name
            );
        }
    }
}

#[test]
fn every_line_gets_a_verdict() {
    let trusting = Trusting::new();
    let good = trusting
        .cases
        .iter()
        .find(|case| case.reason == "granted")
        .unwrap();
    let door = Door {
        service: good.service.clone(),
        venue: None,
        at: good.at.clone(),
    };
    let reasons = |input: &[u8]| {
        let (verdicts, status) = trusting.check(&door, input, &[]);
        assert_eq!(status, Some(1));
        let reason = |verdict: &Value| verdict["reason"].as_str().unwrap().to_owned();
        verdicts.iter().map(reason).collect::<Vec<_>>()
    };

    let long = |start: &[u8], filler: u8| [start, &vec![filler; 10 << 20]].concat();
    let lines = [
        good.text.as_bytes().to_vec(),
        long(b"", b'A'),
        good.text.as_bytes().to_vec(),
        long(good.text.as_bytes(), b'0'),
        long(b"\xd2\x84", 0),
        good.text.as_bytes().to_vec(),
        long(b"MJ1:", 0xff),
    ];
    assert_eq!(
        reasons(&lines.join(&b'\n')),
        [
            "granted",
            "not_a_pass",
            "granted",
            "malformed",
            "malformed",
            "granted",
            "malformed"
        ]
    );

    // Noise, but the same in every run; with and without the beginnings that are looked at closer.
    let mut state = 7_u64;
    let mut noise = |length: usize| -> Vec<u8> {
        let next = |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        };
        std::iter::repeat_with(|| ())
            .map(next)
            .filter(|byte| *byte != b'\n')
            .take(length)
            .collect()
    };
    let mut rubbish = Vec::new();
    for length in 0..400 {
        for start in [&b""[..], b"MJ1:", b"\xd2\x84"] {
            rubbish.extend([start, &noise(length), b"\n"].concat());
        }
    }
    let reasons = reasons(&rubbish);
    assert_eq!(reasons.len(), 1200);
    for (at, reason) in reasons.iter().enumerate() {
        let expected = if at % 3 == 0 {
            "not_a_pass"
        } else {
            "malformed"
        };
        assert_eq!(reason, expected, "line {at}");
    }
}
