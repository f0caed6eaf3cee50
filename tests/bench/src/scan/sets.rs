//! The pictures: every set is an iterator, so that a thousand frames need not be in memory at once.

use std::path::Path;

use munjigi::camera::{
    Luma,
    phone::{script::Grade, studio},
};

use super::{folder, text};

/// A picture and what is to be read in it.
pub struct Sample {
    pub name: String,
    pub luma: Luma,
    /// Every content; empty where no code is shown.
    pub expect: Vec<Vec<u8>>,
    /// Pixels a module and width of the code, where the renderer knows them.
    pub size: Option<(f32, f32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Photographs,
    Easy,
    Medium,
    Hard,
    Nothing,
    Sweep,
}

pub struct Set {
    pub name: String,
    pub kind: Kind,
    pub samples: Box<dyn Iterator<Item = Sample>>,
}

/// Version and length of a text that nearly fills it, in bytes (level L for version 2, M for the others).
const VERSIONS: [(usize, usize); 9] = [
    (2, 22),
    (5, 77),
    (7, 114),
    (9, 170),
    (11, 235),
    (13, 315),
    (15, 390),
    (18, 530),
    (22, 745),
];
pub const MODULES: [f32; 8] = [1.6, 2.0, 2.4, 2.8, 3.2, 4.0, 5.0, 6.5];
/// Pictures of one version and size.
const OF_EACH: u64 = 6;
/// A wider code leaves no room around it in 720 rows.
const WIDEST: f32 = 690.0;

pub fn folders(folders: &[String]) -> impl Iterator<Item = Set> {
    folders.iter().map(|folder| {
        let path = Path::new(folder);
        Set {
            name: path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy()
                .into(),
            kind: Kind::Photographs,
            samples: folder::samples(path),
        }
    })
}

/// The renderer's sets: so many phones of a grade, two thirds as many pictures without a code, the sweep.
pub fn drawn(seed: u64, frames: u64) -> Vec<Set> {
    let grades = [
        (Grade::Easy, Kind::Easy, "easy"),
        (Grade::Medium, Kind::Medium, "medium"),
        (Grade::Hard, Kind::Hard, "hard"),
    ];
    let phones = grades.into_iter().map(|(grade, kind, name)| Set {
        name: name.into(),
        kind,
        samples: Box::new((0..frames).map(move |number| {
            let seed = number_of(seed, kind as u64, number);
            let text = text::of_a_pass(seed);
            let shot = studio::frame(grade, &text, seed).unwrap();
            sample(format!("{number:03}"), shot, &text)
        })),
    });
    let mut sets: Vec<Set> = phones.collect();
    sets.push(Set {
        name: "nocode".into(),
        kind: Kind::Nothing,
        samples: Box::new((0..frames * 2 / 3).map(move |number| Sample {
            name: format!("{number:03}"),
            luma: studio::nothing(seed.wrapping_mul(3_000).wrapping_add(number)),
            expect: Vec::new(),
            size: None,
        })),
    });
    sets.push(Set {
        name: "sweep".into(),
        kind: Kind::Sweep,
        samples: Box::new(sweep(seed, (frames * OF_EACH).div_ceil(150))),
    });
    sets
}

fn sweep(seed: u64, of_each: u64) -> impl Iterator<Item = Sample> {
    let sizes = VERSIONS
        .into_iter()
        .flat_map(|version| MODULES.map(|module| (version, module)))
        .filter(|((version, _), module)| (17 + 4 * version) as f32 * module <= WIDEST);
    sizes.flat_map(move |((version, length), module)| {
        (0..of_each).map(move |number| {
            let kind = (version * 100) as u64 + (module * 10.0) as u64;
            let seed = number_of(seed, kind, number);
            let text = text::of_length(length, seed);
            let shot = studio::sweep(&text, module, seed).unwrap();
            assert_eq!(shot.modules, 17 + 4 * version, "a text of {length} bytes");
            sample(format!("v{version:02}_p{module:.1}_{number}"), shot, &text)
        })
    })
}

fn sample(name: String, shot: studio::Shot, text: &str) -> Sample {
    let sides: f32 = (0..4)
        .map(|at| {
            let (a, b) = (shot.corners[at], shot.corners[(at + 1) % 4]);
            (a[0] - b[0]).hypot(a[1] - b[1])
        })
        .sum();
    let width = sides / 4.0;
    Sample {
        name,
        luma: shot.luma,
        expect: vec![text.as_bytes().to_vec()],
        size: Some((width / shot.modules as f32, width)),
    }
}

/// A seed of its own for every picture.
pub fn number_of(seed: u64, kind: u64, number: u64) -> u64 {
    seed.wrapping_mul(1_000_003)
        .wrapping_add(kind)
        .wrapping_mul(1_000_003)
        .wrapping_add(number)
}
