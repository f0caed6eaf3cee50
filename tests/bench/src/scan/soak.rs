//! Whether the scanner's memory stays as it is: one `Follow` reads phones that come in, the second reader looks at one of
//! their frames, and somebody holds up every hostile picture; again and again.

use std::time::{Duration, Instant};

use munjigi::{
    camera::phone::studio::{APPROACH, Approach},
    scan::{Follow, second},
};

use super::{hostile, sets::number_of, text};

/// Memory is told this often.
const EVERY: Duration = Duration::from_secs(60);

/// Runs for so many minutes and prints a line for each.
pub fn run(seed: u64, minutes: u64) {
    let text = &text::of_a_pass(seed)[..300];
    let mut pictures = Vec::new();
    for phone in 0..2 {
        let approach = Approach::new(text, number_of(seed, 98, phone)).unwrap();
        pictures.extend((0..APPROACH).map(|number| approach.frame(number)));
    }
    let last = pictures.len() - 1;
    pictures.extend(hostile::pictures().into_iter().map(|(_, picture)| picture));
    let mut follow = Follow::new();
    let (mut frames, mut read) = (0_u64, 0_u64);
    let begin = Instant::now();
    let mut next = Duration::ZERO;
    let (mut first, mut most) = (None, 0.0);
    println!("| minute |  frames | codes |  MB |\n| -----: | ------: | ----: | --: |");
    loop {
        for (at, picture) in pictures.iter().enumerate() {
            read += follow.read(picture).found.len() as u64;
            if at == last {
                read += second(picture).len() as u64;
            }
        }
        frames += pictures.len() as u64;
        if begin.elapsed() >= next {
            let now = crate::resident("self");
            // What the first round allocated is not counted as growth.
            let first = *first.get_or_insert(now);
            most = f64::max(most, now - first);
            let minute = next.as_secs() / 60;
            println!("| {minute:>6} | {frames:>7} | {read:>5} | {now:>3.0} |");
            if minute >= minutes {
                break;
            }
            next += EVERY;
        }
    }
    println!("\nmost above the first round: {most:.1} MB");
}
