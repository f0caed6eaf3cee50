//! `munjigi check`.

use std::{
    io::{BufRead, Read, Write},
    path::PathBuf,
    time::Duration,
};

use jiff::Timestamp;
use serde_json::json;

use super::{Failure, open};
use crate::{
    clock::{Clock as _, SystemClock},
    config::Config,
    gate::{Admission, Clock, Judgement, Now, Policy, judge_among},
    pass::{Formats, Reason, Service, Verdict},
    store::{EntryKind, NewEntry, Store},
};

/// Bytes of a line that are looked at: far beyond the longest pass, so that what is cut off is refused for its length.
const MOST: u64 = 4096;
/// How long a row may take with `--record`.
const PATIENCE: Duration = Duration::from_secs(10);

/// Arguments of `munjigi check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Data folder of the kiosk, which has the trusted issuers
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// The service that the door asks for
    #[arg(long, value_name = "entry|adult|store")]
    pub service: Service,
    /// Judge as at this moment, with a synced clock
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<Timestamp>,
    /// The door's venue: 1 to 6 Crockford base32 characters
    #[arg(long, value_parser = super::venue)]
    pub venue: Option<String>,
    /// A kiosk's configuration: its policy and its formats count too; only its data folder does not
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Record every decision as the kiosk would, replay memory included
    #[arg(long)]
    pub record: bool,
}

impl Check {
    /// Judges each line of standard input; `false` when one is not granted.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        let store = open(&self.data)?;
        let trust = store.trusted().map_err(|error| {
            Failure::device(error, "Run munjigi trust import, or munjigi doctor.")
        })?;
        let (policy, formats) = self.door()?;
        let now = match self.at {
            Some(at) => Now {
                unix: u64::try_from(at.as_second()).unwrap_or(0),
                clock: Clock::Synced,
            },
            None => {
                let clock = SystemClock::new();
                clock.raise_floor(
                    store
                        .time_floor()
                        .unwrap_or(0)
                        .max(trust.newest_iat().unwrap_or(0)),
                );
                clock.now()
            }
        };
        let mut all = true;
        let mut input = std::io::stdin().lock();
        while let Some(line) = line(&mut input)
            .map_err(|error| Failure::device(error, "Give the texts on standard input."))?
        {
            let mut judgement = judge_among(&formats, &line, &trust, &policy, now, None);
            if self.record {
                judgement.reason = record(&store, &judgement, &policy, now)?;
            }
            all &= judgement.reason.verdict() == Verdict::Granted;
            self.say(&judgement)
                .map_err(|error| Failure::device(error, "Standard output is closed."))?;
        }
        Ok(all)
    }

    /// The door that is judged for: what the arguments say, and the configuration where there is one.
    fn door(&self) -> Result<(Policy, Formats), Failure> {
        let Some(file) = &self.config else {
            let policy = Policy {
                venue: self.venue.clone(),
                ..Policy::new(self.service)
            };
            return Ok((policy, Formats::default()));
        };
        let config = Config::read(file)
            .map_err(|error| Failure::usage(error, "Mend the file, or leave --config out."))?;
        let mut policy = config.policy();
        if policy.service != self.service {
            return Err(Failure::usage(
                format!("{} is for the service {}", file.display(), policy.service),
                format!("Give --service {}, or leave --config out.", policy.service),
            ));
        }
        policy.venue = self.venue.clone().or(policy.venue);
        let formats = config.formats.load();
        let formats = formats.map_err(|problem| Failure::usage(problem, "Mend the trust list."))?;
        Ok((policy, formats))
    }

    fn say(&self, judgement: &Judgement) -> std::io::Result<()> {
        let verdict = judgement.reason.verdict().name();
        let pass = judgement.pass.as_ref().map(|pass| pass.number.as_str());
        let mut out = std::io::stdout().lock();
        if self.json {
            let line = json!({
                "verdict": verdict,
                "reason": judgement.reason.code(),
                "pass": pass,
                "issuer": judgement.issuer,
                "kind": judgement.kind,
            });
            writeln!(out, "{line}")
        } else {
            let issuer = judgement.issuer.as_deref().unwrap_or("-");
            let kind = judgement.kind.map_or("-", crate::pass::Kind::name);
            writeln!(
                out,
                "{verdict} {} {} {issuer} {kind}",
                judgement.reason.code(),
                pass.unwrap_or("-")
            )
        }
    }
}

/// The next line with its line end, at most [`MOST`] bytes of it; `None` at the end.
fn line(input: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if input.by_ref().take(MOST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        // The rest is read away piece by piece: 10 MB without a line end take no memory.
        loop {
            let piece = input.fill_buf()?;
            if piece.is_empty() {
                break;
            }
            let end = piece.iter().position(|byte| *byte == b'\n');
            let read = end.map_or(piece.len(), |end| end + 1);
            input.consume(read);
            if end.is_some() {
                break;
            }
        }
    }
    Ok(Some(line))
}

fn record(
    store: &Store,
    judgement: &Judgement,
    policy: &Policy,
    now: Now,
) -> Result<Reason, Failure> {
    let admission = Admission::of(judgement, now.unix);
    let entry = NewEntry {
        reason: judgement.reason,
        admission,
        pass: judgement.pass.as_ref().map(|pass| pass.number.clone()),
        issuer: judgement.issuer.clone(),
        service: policy.service,
        kind: judgement.kind.map(EntryKind::from),
        room: None,
        notice: None,
        at_ms: now.unix.saturating_mul(1000),
    };
    let recorded = store.record(entry, policy, PATIENCE);
    recorded
        .map(|row| row.reason)
        .map_err(|error| Failure::device(error, "Run munjigi doctor."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_the_next_one_is_whole() {
        let long = "x".repeat(10_000_000);
        let text = format!("a\n\n{long}\nb");
        let mut input = std::io::BufReader::new(text.as_bytes());
        let lines: Vec<usize> = std::iter::from_fn(|| line(&mut input).unwrap())
            .map(|line| line.len())
            .collect();
        assert_eq!(lines, [2, 1, MOST as usize, 1]);
    }
}
