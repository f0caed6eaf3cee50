//! What one reader made of one set.

use std::time::Instant;

use super::{
    peers::{Code, Outcome, Peer},
    sets::Sample,
};
use crate::quantile;

/// A picture that took longer is not read a second time.
const SLOW_MS: f64 = 60.0;

#[derive(Default, Clone)]
pub struct Tally {
    pub pictures: usize,
    pub right: usize,
    /// Texts that are in none of the pictures they were read from.
    pub wrong: usize,
    pub panics: usize,
    pub skipped: usize,
    /// Milliseconds of every picture.
    pub ms: Vec<f64>,
    /// Pixels a module, width of the code, and whether it was read.
    pub sizes: Vec<(f32, f32, bool)>,
}

impl Tally {
    /// Reads a sample; the quicker of two readings counts, so that another program's moment does not.
    pub fn add(&mut self, peer: Peer, sample: &Sample) {
        self.pictures += 1;
        let (outcome, mut ms) = timed(peer, sample);
        let codes = match outcome {
            Outcome::Skipped => {
                self.skipped += 1;
                return;
            }
            Outcome::Panicked => {
                self.panics += 1;
                Vec::new()
            }
            Outcome::Read(codes) => codes,
        };
        if ms < SLOW_MS {
            ms = ms.min(timed(peer, sample).1);
        }
        self.ms.push(ms);
        let is = |code: &Code, expected: &[u8]| code.iter().any(|told| same(told, expected));
        let right = sample
            .expect
            .iter()
            .all(|expected| codes.iter().any(|code| is(code, expected)));
        self.right += usize::from(right);
        let wrong = codes
            .iter()
            .filter(|code| !sample.expect.iter().any(|expected| is(code, expected)));
        self.wrong += wrong.count();
        if let Some((module, width)) = sample.size {
            self.sizes.push((module, width, right));
        }
    }

    /// Per cent of all pictures, skipped ones too.
    pub fn rate(&self) -> f64 {
        100.0 * self.right as f64 / self.pictures.max(1) as f64
    }

    /// Milliseconds that this part of the pictures took at most.
    pub fn ms(&self, part: f64) -> f64 {
        if self.ms.is_empty() {
            return f64::NAN;
        }
        quantile(&mut self.ms.clone(), part)
    }

    /// This and another set as one.
    pub fn with(mut self, other: &Self) -> Self {
        self.pictures += other.pictures;
        self.right += other.right;
        self.wrong += other.wrong;
        self.panics += other.panics;
        self.skipped += other.skipped;
        self.ms.extend(&other.ms);
        self.sizes.extend(&other.sizes);
        self
    }
}

fn timed(peer: Peer, sample: &Sample) -> (Outcome, f64) {
    let begin = Instant::now();
    let outcome = peer.read(&sample.luma);
    (outcome, begin.elapsed().as_secs_f64() * 1000.0)
}

/// Files end in a new line that no code has, and on some systems lines end in two letters.
fn same(told: &[u8], expected: &[u8]) -> bool {
    let bare = |text: &[u8]| -> Vec<u8> {
        let text = text.trim_ascii_end();
        text.iter().copied().filter(|byte| *byte != b'\r').collect()
    };
    told == expected || bare(told) == bare(expected)
}
