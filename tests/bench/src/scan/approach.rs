//! How long somebody waits who brings a phone before the camera: frames from the first one that can be read at all (by
//! `still`) to the first that is read in passing (by `frame`).

use std::{num::NonZero, sync::Mutex, thread};

use munjigi::camera::phone::studio::{APPROACH, Approach};

use super::{
    peers::{Outcome, Peer},
    sets::number_of,
    text,
};
use crate::quantile;

/// A reader that finds nothing in so many frames before has not been able to read yet.
const UNREAD: usize = 4;

/// Frames waited, for every phone that was read.
pub struct Waits {
    pub frame: Vec<f64>,
    pub zxing: Vec<f64>,
    /// Phones that `frame` never read.
    pub never: usize,
}

impl Waits {
    pub fn quantile(samples: &[f64], part: f64) -> f64 {
        if samples.is_empty() {
            return f64::NAN;
        }
        quantile(&mut samples.to_vec(), part)
    }
}

/// Time is counted in frames here, so all cores may help.
pub fn run(seed: u64, phones: u64) -> Waits {
    let next = Mutex::new(0..phones);
    let waits = Mutex::new(Waits {
        frame: Vec::new(),
        zxing: Vec::new(),
        never: 0,
    });
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                loop {
                    let Some(number) = next.lock().unwrap().next() else {
                        break;
                    };
                    let [frame, zxing] = wait(number_of(seed, 99, number));
                    let mut waits = waits.lock().unwrap();
                    waits.never += usize::from(frame.is_none());
                    // Somebody who is never read waits to the end.
                    waits.frame.push(frame.unwrap_or(APPROACH as f64));
                    waits.zxing.push(zxing.unwrap_or(APPROACH as f64));
                }
            });
        }
    });
    waits.into_inner().unwrap()
}

/// Frames from the first readable one to the first that munjigi's frame and zxing-cpp read.
fn wait(seed: u64) -> [Option<f64>; 2] {
    let text = text::of_a_pass(seed);
    // Version 11-L is what a live pass has: it holds 321 bytes.
    let text = &text[..300];
    let approach = Approach::new(text, seed).unwrap();
    let reads = |peer: Peer, picture: &_| match peer.read(picture) {
        Outcome::Read(codes) => codes.concat().iter().any(|told| told == text.as_bytes()),
        _ => false,
    };
    let mut pictures = Vec::new();
    let mut first: [Option<usize>; 2] = [None; 2];
    for number in 0..APPROACH {
        let picture = approach.frame(number);
        for (first, peer) in first.iter_mut().zip([Peer::Frame, Peer::Zxing]) {
            if first.is_none() && reads(peer, &picture) {
                *first = Some(number);
            }
        }
        pictures.push(picture);
        if first.iter().all(Option::is_some) {
            break;
        }
    }
    // Back from there: `still` is slow, and far before it reads nothing either.
    let mut readable = first[0].unwrap_or(APPROACH);
    let mut at = readable;
    while at > 0 && readable - at < UNREAD {
        at -= 1;
        if reads(Peer::Still, &pictures[at]) {
            readable = at;
        }
    }
    // zxing-cpp may be ahead of both.
    first.map(|first| first.map(|first| first as f64 - readable as f64))
}
