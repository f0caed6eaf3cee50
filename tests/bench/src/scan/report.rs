//! All that was measured, as text and as a plot.

use std::collections::BTreeMap;

use super::{
    approach::Waits,
    goals::goals,
    hostile,
    peers::Peer,
    plot::{self, Chart, Line},
    sets::{Kind, MODULES},
    table::table,
    tally::Tally,
};

/// Of a set by reader.
pub type Tallies = BTreeMap<Peer, Tally>;

#[derive(Default)]
pub struct Report {
    pub sets: Vec<(String, Kind, Tallies)>,
    pub hostile: Vec<hostile::Times>,
    pub waits: Option<Waits>,
}

impl Report {
    /// All sets of a kind together.
    pub fn of(&self, kind: Kind, peer: Peer) -> Option<Tally> {
        self.sets
            .iter()
            .filter(|set| set.1 == kind)
            .filter_map(|set| set.2.get(&peer).cloned())
            .reduce(|one, other| one.with(&other))
    }

    /// Pixels a module from which on nine of ten codes are read.
    pub fn module_read(&self, peer: Peer) -> Option<f32> {
        let tally = self.of(Kind::Sweep, peer)?;
        let mut least = f32::INFINITY;
        for (module, rate) in by_module(&tally).into_iter().rev() {
            if rate < 90.0 {
                break;
            }
            least = module;
        }
        Some(least)
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, kind, tallies) in &self.sets {
            let pictures = tallies.values().next().map_or(0, |tally| tally.pictures);
            text += &format!(
                "\n## {name}: {pictures} pictures\n\n{}",
                set(*kind, tallies)
            );
        }
        if self.of(Kind::Photographs, Peer::Frame).is_some() {
            let all = Peer::ALL
                .iter()
                .filter_map(|peer| Some((*peer, self.of(Kind::Photographs, *peer)?)));
            text += &format!(
                "\n## All photographs\n\n{}",
                set(Kind::Photographs, &all.collect())
            );
        }
        text += &self.sweep();
        text += &self.hostile();
        if let Some(waits) = &self.waits {
            let row = |name: &str, samples: &[f64]| {
                let part = |part| format!("{:.0}", Waits::quantile(samples, part));
                vec![name.into(), part(0.5), part(0.95), part(1.0)]
            };
            let rows = [
                row("munjigi frame", &waits.frame),
                row("zxing-cpp full", &waits.zxing),
            ];
            text += &format!(
                "\n## Approach: frames from the first readable one, {} phones, {} never read\n\n{}",
                waits.frame.len(),
                waits.never,
                table(&["reader", "median", "p95", "most"], &rows)
            );
        }
        text + &format!("\n## Goals\n\n{}", goals(self))
    }

    fn sweep(&self) -> String {
        let mut rows = Vec::new();
        for peer in Peer::ALL {
            if let Some(tally) = self.of(Kind::Sweep, *peer) {
                let rates = by_module(&tally);
                let rates = rates.iter().map(|(_, rate)| format!("{rate:.0}"));
                rows.push([peer.name().to_owned()].into_iter().chain(rates).collect());
            }
        }
        if rows.is_empty() {
            return String::new();
        }
        let modules = MODULES.map(|module| format!("{module}"));
        let head: Vec<&str> = ["reader"]
            .into_iter()
            .chain(modules.iter().map(String::as_str))
            .collect();
        format!(
            "\n## Rate in per cent by pixels a module\n\n{}",
            table(&head, &rows)
        )
    }

    fn hostile(&self) -> String {
        if self.hostile.is_empty() {
            return String::new();
        }
        let still = |ms: Option<f64>| match ms {
            None => "-".into(),
            Some(ms) if ms.is_infinite() => "not waited for".into(),
            Some(ms) => format!("{ms:.1}"),
        };
        let cells = |name: &str, frame: f64, zxing: f64, ms| {
            let told = [frame, zxing].map(|ms| format!("{ms:.1}"));
            let [frame, zxing] = told;
            vec![name.to_owned(), frame, zxing, still(ms)]
        };
        let mut rows: Vec<Vec<String>> = self
            .hostile
            .iter()
            .map(|times| cells(times.name, times.frame, times.zxing, times.still))
            .collect();
        let worst = |ms: fn(&hostile::Times) -> Option<f64>| {
            self.hostile.iter().filter_map(ms).reduce(f64::max)
        };
        rows.push(cells(
            "worst",
            worst(|times| Some(times.frame)).unwrap_or(f64::NAN),
            worst(|times| Some(times.zxing)).unwrap_or(f64::NAN),
            worst(|times| times.still),
        ));
        let head = [
            "picture",
            "munjigi frame",
            "zxing-cpp full",
            "munjigi still",
        ];
        format!(
            "\n## Hostile frames, ms (rqrr has no bound and is left out)\n\n{}",
            table(&head, &rows)
        )
    }

    pub fn plot(&self) -> Option<String> {
        let lines = |by: fn(&Tally) -> Vec<(f32, f64)>| -> Vec<Line> {
            let line = |peer: &Peer| Some((peer.name(), by(&self.of(Kind::Sweep, *peer)?)));
            Peer::ALL.iter().filter_map(line).collect()
        };
        let charts = [
            Chart {
                title: "Codes read, by pixels a module",
                axis: "pixels a module",
                ticks: MODULES.to_vec(),
                lines: lines(by_module),
            },
            Chart {
                title: "Codes read, by width of the code",
                axis: "pixels, versions 2 to 22 together",
                ticks: (0..10).map(|step| 160.0 + 60.0 * step as f32).collect(),
                lines: lines(by_width),
            },
        ];
        let any = charts.iter().any(|chart| !chart.lines.is_empty());
        any.then(|| plot::svg(&charts))
    }
}

fn set(kind: Kind, tallies: &Tallies) -> String {
    let rows: Vec<Vec<String>> = tallies
        .iter()
        .map(|(peer, tally)| {
            let rate = match kind {
                Kind::Nothing => "-".into(),
                _ => format!("{:.1}", tally.rate()),
            };
            let ms = |part| format!("{:.1}", tally.ms(part));
            let count = |count: usize| count.to_string();
            vec![
                peer.name().into(),
                rate,
                count(tally.wrong),
                ms(0.5),
                ms(0.95),
                ms(1.0),
                count(tally.panics),
                count(tally.skipped),
            ]
        })
        .collect();
    let head = [
        "reader",
        "rate %",
        "false",
        "median ms",
        "p95 ms",
        "most ms",
        "panics",
        "skipped",
    ];
    table(&head, &rows)
}

/// Rate at each of [`MODULES`].
fn by_module(tally: &Tally) -> Vec<(f32, f64)> {
    let nearest = |size: f32| {
        let off = |module: &f32| (module - size).abs();
        MODULES
            .into_iter()
            .min_by(|one, other| off(one).total_cmp(&off(other)))
    };
    let rates = MODULES.map(|module| {
        let here = |size: &&(f32, f32, bool)| nearest(size.0) == Some(module);
        (module, rate(tally.sizes.iter().filter(here)))
    });
    rates
        .into_iter()
        .filter_map(|(at, rate)| Some((at, rate?)))
        .collect()
}

/// Rate around each width from 160 to 700 pixels.
fn by_width(tally: &Tally) -> Vec<(f32, f64)> {
    let rates = (0..10).map(|step| {
        let middle = 160.0 + 60.0 * step as f32;
        let here = |size: &&(f32, f32, bool)| (size.1 - middle).abs() <= 30.0;
        (middle, rate(tally.sizes.iter().filter(here)))
    });
    rates.filter_map(|(at, rate)| Some((at, rate?))).collect()
}

fn rate<'a>(sizes: impl Iterator<Item = &'a (f32, f32, bool)>) -> Option<f64> {
    let (read, all) = sizes.fold((0, 0), |(read, all), size| {
        (read + i32::from(size.2), all + 1)
    });
    (all > 0).then(|| 100.0 * f64::from(read) / f64::from(all))
}
