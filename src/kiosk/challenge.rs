//! The challenge that is shown: one nonce at a time, for a minute, for one admission.

use std::time::{Duration, Instant};

use tokio::sync::broadcast;

use super::event::Event;
use crate::pass::{self, Audience};

/// How long a wallet has time to answer.
pub const LASTS: Duration = Duration::from_secs(60);

/// Asks, and remembers what was asked. A restart forgets it, and with it every answer.
pub struct Challenges {
    audience: Audience,
    events: broadcast::Sender<Event>,
    asked: Option<Asked>,
}

struct Asked {
    nonce: [u8; 8],
    until: Instant,
}

impl Challenges {
    /// Asks nothing yet.
    #[must_use]
    pub fn new(audience: Audience, events: broadcast::Sender<Event>) -> Self {
        Self {
            audience,
            events,
            asked: None,
        }
    }

    /// The nonce that counts now; one whose time is over is taken back.
    pub fn nonce(&mut self, now: Instant) -> Option<[u8; 8]> {
        if self.asked.as_ref().is_some_and(|asked| now >= asked.until) {
            self.end();
        }
        self.asked.as_ref().map(|asked| asked.nonce)
    }

    /// Asks a visitor whose pass only lacks the right time. What is asked already stays: somebody may be at it, and shows
    /// the old code once more by mistake.
    pub fn ask(&mut self, now: Instant) {
        if self.nonce(now).is_some() {
            return;
        }
        let mut nonce = [0; 8];
        if let Err(error) = getrandom::fill(&mut nonce) {
            tracing::error!(%error, "the system gives no random numbers: no challenge is shown");
            return;
        }
        self.asked = Some(Asked {
            nonce,
            until: now + LASTS,
        });
        let challenge = pass::Challenge {
            audience: self.audience.clone(),
            nonce,
        };
        self.tell(Some(challenge.text()), LASTS.as_secs());
    }

    /// Somebody was admitted: whoever it was, the nonce is gone.
    pub fn end(&mut self) {
        if self.asked.take().is_some() {
            self.tell(None, 0);
        }
    }

    fn tell(&self, text: Option<String>, seconds: u64) {
        let _ = self.events.send(Event::Challenge { text, seconds });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::Challenge;

    fn told(events: &mut broadcast::Receiver<Event>) -> Vec<(Option<Challenge>, u64)> {
        std::iter::from_fn(|| events.try_recv().ok())
            .map(|event| match event {
                Event::Challenge { text, seconds } => {
                    (text.map(|text| Challenge::parse(&text).unwrap()), seconds)
                }
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn one_nonce_at_a_time_for_a_minute_and_never_twice() {
        let (sender, mut events) = broadcast::channel(16);
        let audience: Audience = "E:SH0P1".parse().unwrap();
        let mut challenges = Challenges::new(audience.clone(), sender);
        let start = Instant::now();
        assert_eq!(challenges.nonce(start), None);
        challenges.end();
        assert_eq!(told(&mut events), [], "nothing to take back");

        challenges.ask(start);
        let first = challenges.nonce(start).unwrap();
        challenges.ask(start + LASTS - Duration::from_millis(1));
        let asked = Challenge {
            audience,
            nonce: first,
        };
        assert_eq!(told(&mut events), [(Some(asked), 60)]);
        let last = start + LASTS - Duration::from_millis(1);
        assert_eq!(challenges.nonce(last), Some(first));
        assert_eq!(challenges.nonce(start + LASTS), None);
        assert_eq!(told(&mut events), [(None, 0)]);

        challenges.ask(start + LASTS);
        assert_ne!(challenges.nonce(start + LASTS), Some(first));
        challenges.end();
        challenges.end();
        assert_eq!(challenges.nonce(start + LASTS), None);
        assert_eq!(told(&mut events).len(), 2, "asked once, taken back once");
    }
}
