//! Test certificates of other implementations: a folder as `dgc-testdata` of the European Union is laid out.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use munjigi::{
    gate::{Clock, Now, Policy, judge_among},
    pass::{
        Formats, Reason, Service,
        format::dcc::{Days, Dcc, Rules},
    },
    trust::Trust,
};
use serde_json::Value;

use crate::quantile;

/// Everything that is genuine.
const RULES: Rules = Rules {
    vaccination: Some(Days {
        first: 0,
        last: None,
    }),
    recovery: true,
    naat_hours: 8784,
    antigen_hours: 8784,
};
/// What a file may expect of the steps that are taken here.
const EXPECTATIONS: [&str; 8] = [
    "EXPECTEDVALIDOBJECT",
    "EXPECTEDDECODE",
    "EXPECTEDVERIFY",
    "EXPECTEDUNPREFIX",
    "EXPECTEDCOMPRESSION",
    "EXPECTEDB45DECODE",
    "EXPECTEDEXPIRATIONCHECK",
    "EXPECTEDKEYUSAGE",
];

pub fn run(folders: &[String]) {
    let mut files = Vec::new();
    for folder in folders {
        collect(Path::new(folder), &mut files);
    }
    files.sort();
    let (mut alike, mut left_out, mut micros) = (0, 0, Vec::new());
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    println!("dcc: {} files", files.len());
    for file in &files {
        let read = std::fs::read(file).ok();
        let case = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let Some((reason, expected, took)) = case.as_ref().and_then(judge) else {
            left_out += 1;
            continue;
        };
        *reasons.entry(reason.code()).or_default() += 1;
        micros.push(took);
        // That something is not what the door asks for is its owner's rule, and no fault of the certificate.
        let found = matches!(reason, Reason::Granted | Reason::WrongService);
        if found == expected {
            alike += 1;
        } else {
            let what = case
                .as_ref()
                .and_then(|case| case["TESTCTX"]["DESCRIPTION"].as_str());
            println!(
                "  {}: {reason}, expected {expected}: {}",
                file.display(),
                what.unwrap_or("-")
            );
        }
    }
    println!(
        "  {alike} judged as expected, {} not, {left_out} left out",
        micros.len() - alike
    );
    println!("  {reasons:?}");
    if !micros.is_empty() {
        let (middle, most) = (quantile(&mut micros, 0.5), quantile(&mut micros, 0.99));
        println!("  a judgement takes {middle:.0} us, p99 {most:.0} us");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("  {} cannot be read", folder.display());
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "json") {
            files.push(path);
        }
    }
}

/// The judgement, whether the file expects that all holds, and microseconds.
fn judge(case: &Value) -> Option<(Reason, bool, f64)> {
    let text = case["PREFIX"].as_str()?;
    let context = &case["TESTCTX"];
    let certificate = context["CERTIFICATE"].as_str()?;
    let clock: jiff::Timestamp = context["VALIDATIONCLOCK"].as_str()?.parse().ok()?;
    let expected = case["EXPECTEDRESULTS"].as_object()?;
    let mut expected = EXPECTATIONS
        .iter()
        .filter_map(|name| expected.get(*name)?.as_bool())
        .peekable();
    expected.peek()?;
    let list = format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n");
    let (dcc, _) = Dcc::new(list.as_bytes(), RULES).ok()?;
    let formats = Formats::new(true, vec![Arc::new(dcc)]);
    let now = Now {
        unix: u64::try_from(clock.as_second()).ok()?,
        clock: Clock::Synced,
    };
    let policy = Policy::new(Service::Entry);
    let trust = Trust::default();
    let started = Instant::now();
    let judgement = judge_among(&formats, text.as_bytes(), &trust, &policy, now, None);
    let took = started.elapsed().as_secs_f64() * 1e6;
    Some((judgement.reason, expected.all(|holds| holds), took))
}
