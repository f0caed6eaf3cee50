//! A drawn phone before a drawn webcam, for the demonstration and for tests: it shows live passes that are signed at that
//! moment, screenshots of them, printed passes and other people's codes, with perspective, blur, noise and glare.
//!
//! What it shows is a script, a JSON file (see [`script`]).

mod draw;
mod lens;
pub mod script;
pub mod studio;

use std::{path::Path, sync::Arc, time::Instant};

use super::{CameraError, Frame, Source, replay::Pace};
use crate::{
    clock,
    pass::{compose, symbol::Medium},
};
use draw::Card;
use lens::{Dice, Lens};
use script::{Act, Script, Show};

/// Size of the frames.
pub const WIDTH: usize = 1280;
/// Size of the frames.
pub const HEIGHT: usize = 720;
/// A wallet signs anew this often, in seconds.
const SIGNS_EVERY: u64 = 5;

/// The drawn phone.
pub struct Phone {
    name: String,
    script: Script,
    lens: Lens,
    dice: Dice,
    pace: Pace,
    /// Which act, since when, and what is in the hand.
    act: usize,
    since: Option<Instant>,
    hand: Option<Hand>,
    /// The last live text, for somebody who photographed it.
    last_live: Option<String>,
    seq: u64,
}

/// What is held up.
struct Hand {
    text: String,
    /// When a wallet made it, seconds since 1970.
    signed: u64,
    card: Card,
    pose: lens::Pose,
}

impl Phone {
    /// Reads the script.
    ///
    /// # Errors
    /// [`CameraError`] when it is missing or says what cannot be done.
    pub fn open(script: &Path) -> Result<Self, CameraError> {
        let name = script.display().to_string();
        let script = script::read(script)?;
        let mut dice = Dice::new(script.seed);
        Ok(Self {
            lens: Lens::new(&mut dice),
            pace: Pace::new(script.fps),
            name,
            script,
            dice,
            act: 0,
            since: None,
            hand: None,
            last_live: None,
            seq: 0,
        })
    }

    /// Goes on to the next act when its time has come; `false` at the end of a script that is played once.
    fn advance(&mut self) -> bool {
        let now = Instant::now();
        loop {
            let Some(act) = self.script.acts.get(self.act) else {
                if !self.script.repeat {
                    return false;
                }
                self.act = 0;
                continue;
            };
            let since = *self.since.get_or_insert(now);
            if now.duration_since(since).as_secs_f64() < act.seconds {
                return true;
            }
            self.act += 1;
            self.since = None;
            self.hand = None;
        }
    }

    /// Puts what the act shows into the hand, and signs it anew when it is time.
    fn hold(&mut self) -> Result<(), CameraError> {
        let now = clock::unix_ms() / 1000;
        let Act {
            show,
            printed,
            grade,
            ..
        } = &self.script.acts[self.act];
        let text = match show {
            Show::Nothing => return Ok(()),
            Show::Text(text) => text.clone(),
            Show::Again => self.last_live.clone().unwrap_or_default(),
            Show::File(path) => match std::fs::read_to_string(path) {
                Ok(text) if !text.trim().is_empty() => text.trim().to_string(),
                _ => {
                    self.hand = None;
                    return Ok(());
                }
            },
            Show::Live(wallet) => match &self.hand {
                Some(hand) if now.abs_diff(hand.signed) < SIGNS_EVERY => return Ok(()),
                _ => compose::text(&compose::presentation(
                    &wallet.credential,
                    &wallet.audience,
                    now,
                    None,
                    &wallet.key,
                )),
            },
        };
        let live = matches!(show, Show::Live(_));
        if live {
            self.last_live = Some(text.clone());
        }
        if self.hand.as_ref().is_some_and(|hand| hand.text == text) {
            return Ok(());
        }
        let failed = |problem| CameraError::Picture {
            name: self.name.clone(),
            problem,
        };
        let medium = match (printed, live) {
            (true, _) => Medium::Paper,
            (false, true) => Medium::Live,
            (false, false) => Medium::Screen,
        };
        let card = Card::draw(&text, medium).map_err(failed)?;
        let pose = match self.hand.take() {
            Some(hand) => hand.pose,
            None => lens::Pose::new(*grade, &mut self.dice),
        };
        self.hand = Some(Hand {
            text,
            signed: now,
            card,
            pose,
        });
        Ok(())
    }
}

impl Source for Phone {
    fn name(&self) -> String {
        format!("drawn phone ({})", self.name)
    }

    fn next(&mut self) -> Result<Option<Frame>, CameraError> {
        if !self.advance() {
            return Ok(None);
        }
        self.hold()?;
        let hand = self.hand.as_ref().map(|hand| (&hand.card, &hand.pose));
        let luma = self.lens.film(hand, self.seq, &mut self.dice);
        self.pace.wait();
        self.seq += 1;
        Ok(Some(Frame {
            seq: self.seq - 1,
            luma: Arc::new(luma),
            at: Instant::now(),
        }))
    }
}

#[cfg(test)]
mod tests;
