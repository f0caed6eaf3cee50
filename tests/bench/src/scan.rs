//! The scanner and its peers on the same pictures in the same run, one thread.
//!
//! `scan [FOLDER...] [--out DIR] [--dump DIR] [--seed N] [--frames N] [--folders-only] [--soak MINUTES]`

mod approach;
mod folder;
mod goals;
mod hostile;
mod peers;
mod plot;
mod report;
mod sets;
mod soak;
mod table;
mod tally;
mod text;
#[cfg(feature = "zbar")]
mod zbar;

use std::path::{Path, PathBuf};

use peers::Peer;
use report::{Report, Tallies};
use sets::Set;

struct Arguments {
    folders: Vec<String>,
    /// Where the tables and the plot go.
    out: Option<PathBuf>,
    /// Where the drawn pictures go; then nothing is measured.
    dump: Option<PathBuf>,
    seed: u64,
    /// Phones of a grade.
    frames: u64,
    folders_only: bool,
    /// Minutes in which nothing but memory is measured.
    soak: Option<u64>,
}

pub fn run(arguments: &[String]) {
    let arguments = read(arguments);
    peers::quiet();
    if let Some(minutes) = arguments.soak {
        return soak::run(arguments.seed, minutes);
    }
    let drawn = if arguments.folders_only {
        Vec::new()
    } else {
        sets::drawn(arguments.seed, arguments.frames)
    };
    if let Some(folder) = &arguments.dump {
        return drawn.into_iter().for_each(|set| dump(set, folder));
    }
    let mut report = Report::default();
    let mut lines = String::from("set,picture,reader,read,false,ms\n");
    for set in sets::folders(&arguments.folders).chain(drawn) {
        eprintln!("{} ...", set.name);
        report
            .sets
            .push((set.name.clone(), set.kind, measure(set, &mut lines)));
    }
    if !arguments.folders_only {
        eprintln!("approach ...");
        report.waits = Some(approach::run(arguments.seed, arguments.frames * 4 / 3));
        // Last: a reader that never ends would disturb all that comes after it.
        eprintln!("hostile frames ...");
        report.hostile = hostile::measure();
    }
    let text = report.text();
    println!("{text}");
    if let Some(out) = &arguments.out {
        std::fs::create_dir_all(out).unwrap();
        std::fs::write(out.join("scan.md"), text.trim_start()).unwrap();
        std::fs::write(out.join("scan.csv"), lines).unwrap();
        if let Some(plot) = report.plot() {
            std::fs::write(out.join("scan.svg"), plot).unwrap();
        }
    }
}

/// Every reader on every picture, in turn, so that a slow moment of the machine is everybody's.
fn measure(set: Set, lines: &mut String) -> Tallies {
    let mut tallies = Tallies::new();
    for (number, sample) in set.samples.enumerate() {
        for peer in Peer::ALL {
            if number == 0 {
                // The first reading of a program pays for its pages and tables.
                drop(peer.read(&sample.luma));
            }
            let tally = tallies.entry(*peer).or_default();
            let (right, wrong) = (tally.right, tally.wrong);
            tally.add(*peer, &sample);
            *lines += &format!(
                "{},{},{},{},{},{:.2}\n",
                set.name,
                sample.name,
                peer.name(),
                tally.right - right,
                tally.wrong - wrong,
                tally.ms.last().copied().unwrap_or(f64::NAN)
            );
        }
    }
    tallies
}

fn dump(set: Set, folder: &Path) {
    let folder = folder.join(&set.name);
    std::fs::create_dir_all(&folder).unwrap();
    for sample in set.samples {
        let mut picture =
            format!("P5\n{} {}\n255\n", sample.luma.width, sample.luma.height).into_bytes();
        picture.extend(&sample.luma.data);
        let path = folder.join(&sample.name);
        let named = |end: &str| format!("{}.{end}", path.display());
        std::fs::write(named("pgm"), picture).unwrap();
        std::fs::write(named("txt"), sample.expect.concat()).unwrap();
    }
}

fn read(arguments: &[String]) -> Arguments {
    let mut read = Arguments {
        folders: Vec::new(),
        out: None,
        dump: None,
        seed: 20_261_123,
        frames: 150,
        folders_only: false,
        soak: None,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut value = || {
            rest.next()
                .unwrap_or_else(|| panic!("{argument} needs a value"))
        };
        match argument.as_str() {
            "--out" => read.out = Some(value().into()),
            "--dump" => read.dump = Some(value().into()),
            "--seed" => read.seed = value().parse().expect("--seed needs a number"),
            "--frames" => read.frames = value().parse().expect("--frames needs a number"),
            "--soak" => read.soak = Some(value().parse().expect("--soak needs minutes")),
            "--folders-only" => read.folders_only = true,
            option if option.starts_with("--") => panic!("{option} is no option"),
            folder => read.folders.push(folder.into()),
        }
    }
    read
}
