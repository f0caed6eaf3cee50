//! What the scanner is to reach, in the same run as what it is compared with.

use super::{approach::Waits, peers::Peer, report::Report, sets::Kind, table::table};

/// A row: the goal, what was measured, and whether that is enough; `None` when nothing was measured.
type Row = (&'static str, String, Option<bool>);

pub fn goals(report: &Report) -> String {
    let rows: Vec<Vec<String>> = rows(report)
        .into_iter()
        .map(|(goal, measured, met)| {
            let met = met.map_or("not measured", |met| if met { "yes" } else { "no" });
            vec![goal.into(), measured, met.into()]
        })
        .collect();
    table(&["goal", "measured", "met"], &rows)
}

fn rows(report: &Report) -> Vec<Row> {
    let rate = |kind, peer| report.of(kind, peer).map(|tally| tally.rate());
    let per_cent = |value: Option<f64>| value.map_or("-".into(), |value| format!("{value:.1} %"));
    let against = |kind, peer| {
        let (ours, theirs) = (rate(kind, peer), rate(kind, Peer::Zxing));
        let said = format!("{} against {}", per_cent(ours), per_cent(theirs));
        (ours.zip(theirs), said)
    };
    let photographs = |goal, peer, least: f64| {
        let measured = rate(Kind::Photographs, peer);
        (goal, per_cent(measured), measured.map(|rate| rate >= least))
    };
    let easy = rate(Kind::Easy, Peer::Frame);
    let (medium, medium_said) = against(Kind::Medium, Peer::Frame);
    let (hard, hard_said) = against(Kind::Hard, Peer::Frame);
    let ratio = |goal, kind, part, most: f64| {
        let ms = |peer| report.of(kind, peer).map(|tally| tally.ms(part));
        let ratio = ms(Peer::Frame).zip(ms(Peer::Zxing));
        let said = ratio.map_or("-".into(), |(ours, theirs)| {
            format!("{:.2} ({ours:.1} ms to {theirs:.1} ms)", ours / theirs)
        });
        (
            goal,
            said,
            ratio.map(|(ours, theirs)| ours / theirs <= most),
        )
    };
    let worst = report
        .hostile
        .iter()
        .map(|times| (times.frame, times.name))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let module = report.module_read(Peer::Frame);
    let waits = report
        .waits
        .as_ref()
        .map(|waits| Waits::quantile(&waits.frame, 0.95));
    vec![
        photographs("photographs, still: at least 94 %", Peer::Still, 94.0),
        photographs("photographs, frame: at least 91.5 %", Peer::Frame, 91.5),
        (
            "easy: 100 %",
            per_cent(easy),
            easy.map(|rate| rate >= 100.0),
        ),
        (
            "medium: at least 98 % and no fewer than zxing-cpp full",
            medium_said,
            medium.map(|(ours, theirs)| ours >= theirs && ours >= 98.0),
        ),
        (
            "hard: at least 5 points more than zxing-cpp full",
            hard_said,
            hard.map(|(ours, theirs)| ours >= theirs + 5.0),
        ),
        ratio(
            "without a code, median: at most 0.75 of zxing-cpp full",
            Kind::Nothing,
            0.5,
            0.75,
        ),
        ratio(
            "with a code (medium), median: at most 1.0 of zxing-cpp full",
            Kind::Medium,
            0.5,
            1.0,
        ),
        ratio(
            "with a code (medium), p95: at most 1.5 of zxing-cpp full",
            Kind::Medium,
            0.95,
            1.5,
        ),
        (
            "worst hostile frame: at most 25 ms",
            worst.map_or("-".into(), |(ms, name)| format!("{ms:.1} ms ({name})")),
            worst.map(|(ms, _)| ms <= 25.0),
        ),
        (
            "pixels a module from which 90 % is read: at most 2",
            module.map_or("-".into(), |module| format!("{module}")),
            module.map(|module| module <= 2.0),
        ),
        (
            "approach, p95: at most 2 frames",
            waits.map_or("-".into(), |waits| format!("{waits:.0} frames")),
            waits.map(|waits| waits <= 2.0),
        ),
    ]
}
