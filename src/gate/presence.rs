//! Who is in view: a phone that is held up is one visit, however many frames and presentations it takes.
//!
//! Times are milliseconds of a clock that never goes back; where it starts does not matter.

use super::{Judgement, replay::PassId};
use crate::pass::Reason;

/// Out of view for this long, and the next sight is a new visit.
const GONE_MS: u64 = 3_000;
/// A pass in view is one visit for this long at most.
const LONGEST_MS: u64 = 30_000;
/// A decision that could not be recorded is tried again after this.
const AGAIN_MS: u64 = 1_000;
/// Of codes that are no pass of a trusted issuer one is decided in this time: anybody can show new ones at every frame.
const ANONYMOUS_MS: u64 = 1_000;
/// Codes that are remembered; a stranger can hold up many.
const REMEMBERED: usize = 16;

/// What a sight of a code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// To be decided and recorded.
    New,
    /// A valid presentation of a pass that was just admitted: no second opening, no entry, but it is used up.
    Admitted,
    /// What was decided a moment ago, still in view.
    Known,
}

/// A decision about a code that may still be in view.
#[derive(Debug, Clone)]
struct Decided {
    text: Vec<u8>,
    pass: Option<PassId>,
    /// What the stateless checks had said.
    judged: Reason,
    /// What was decided.
    reason: Reason,
    /// The last presentation of an admitted pass: it is used up.
    replay_id: Option<[u8; 16]>,
    since: u64,
    last_seen: u64,
}

/// Remembers who is in view.
#[derive(Debug, Default)]
pub struct Presence {
    decided: Vec<Decided>,
    /// When a code that is no pass of a trusted issuer was decided last.
    anonymous: Option<u64>,
}

impl Presence {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A code was seen and judged at `now`.
    pub fn sight(&mut self, judgement: &Judgement, text: &[u8], now: u64) -> Sight {
        self.decided
            .retain(|decided| now.saturating_sub(decided.last_seen) <= GONE_MS);
        let same_pass =
            |decided: &Decided| judgement.pass.is_some() && decided.pass == judgement.pass;
        let admitted = self
            .decided
            .iter_mut()
            .find(|decided| same_pass(decided) && decided.reason == Reason::Granted);
        if let Some(admitted) = admitted {
            let in_time = now.saturating_sub(admitted.since) <= LONGEST_MS;
            let used_up =
                judgement.replay_id.is_some() && judgement.replay_id == admitted.replay_id;
            match judgement.reason {
                Reason::Granted if in_time => {
                    admitted.last_seen = now;
                    admitted.replay_id = judgement.replay_id;
                    return Sight::Admitted;
                }
                // The visit is over, and this presentation belonged to it: the next one begins a new visit.
                Reason::Granted if used_up => {
                    admitted.last_seen = now;
                    return Sight::Known;
                }
                // A wallet that went to sleep in the visitor's hand, or whose clock is wrong and whose answer to a challenge
                // is used up: the door is open already.
                Reason::Stale | Reason::FromFuture | Reason::ClockUnknown if in_time => {
                    admitted.last_seen = now;
                    return Sight::Known;
                }
                _ => {}
            }
        }
        let known = self.decided.iter_mut().find(|decided| {
            let same_text = decided.text == text && decided.judged == judgement.reason;
            // A new presentation of a pass that holds is worth a new decision; unless it was not the pass that failed, or
            // its visits are over for good.
            let worth_it = judgement.reason == Reason::Granted
                && !matches!(decided.reason, Reason::LogFailed | Reason::UsedUp);
            let refused_again =
                same_pass(decided) && !worth_it && decided.judged == judgement.reason;
            decided.reason != Reason::Granted && (same_text || refused_again)
        });
        if let Some(known) = known {
            known.last_seen = now;
            let again = known.reason == Reason::LogFailed
                && judgement.reason == Reason::Granted
                && now.saturating_sub(known.since) >= AGAIN_MS;
            return if again { Sight::New } else { Sight::Known };
        }
        let crowded = self
            .anonymous
            .is_some_and(|last| now.saturating_sub(last) < ANONYMOUS_MS);
        if judgement.pass.is_none() && crowded {
            Sight::Known
        } else {
            Sight::New
        }
    }

    /// A new sight was decided.
    pub fn decided(&mut self, judgement: &Judgement, text: &[u8], reason: Reason, now: u64) {
        if judgement.pass.is_none() {
            self.anonymous = Some(now);
        }
        self.decided
            .retain(|decided| decided.pass.is_none() || decided.pass != judgement.pass);
        if self.decided.len() >= REMEMBERED {
            self.decided.remove(0);
        }
        self.decided.push(Decided {
            text: text.to_vec(),
            pass: judgement.pass.clone(),
            judged: judgement.reason,
            reason,
            replay_id: judgement.replay_id,
            since: now,
            last_seen: now,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::Kind;

    fn judgement(number: Option<&str>, reason: Reason) -> Judgement {
        let pass = number.map(|number| PassId {
            thumbprint: [1; 32],
            uri: "k:1".into(),
            idx: 7,
            number: number.into(),
        });
        Judgement {
            reason,
            kind: Some(Kind::Live),
            pass,
            issuer: None,
            replay_id: None,
            iat: None,
            by_challenge: false,
            reference: None,
            limit: None,
        }
    }

    /// Sights at a time each; a new one is decided as `decision`.
    fn run(sights: &[(u64, &Judgement, &str)], decision: Reason) -> Vec<Sight> {
        let mut presence = Presence::new();
        sights
            .iter()
            .map(|(now, judgement, text)| {
                let sight = presence.sight(judgement, text.as_bytes(), *now);
                if sight == Sight::New {
                    presence.decided(judgement, text.as_bytes(), decision, *now);
                }
                sight
            })
            .collect()
    }

    #[test]
    fn a_phone_in_view_is_one_visit_until_it_was_gone_for_three_seconds() {
        let pass = judgement(Some("A"), Reason::Granted);
        let other = judgement(Some("B"), Reason::Granted);
        use Sight::{Admitted, New};
        assert_eq!(
            run(
                &[
                    (0, &pass, "a"),
                    (2_900, &pass, "b"),
                    (5_900, &pass, "c"),
                    (5_901, &other, "x"),
                    (8_901, &pass, "d")
                ],
                Reason::Granted
            ),
            [New, Admitted, Admitted, New, New]
        );
    }

    #[test]
    fn thirty_seconds_at_most() {
        let pass = judgement(Some("A"), Reason::Granted);
        let sights: Vec<(u64, &Judgement, &str)> =
            (0..=20).map(|at| (at * 2_000, &pass, "a")).collect();
        let seen = run(&sights, Reason::Granted);
        assert_eq!(seen.iter().filter(|sight| **sight == Sight::New).count(), 2);
        assert_eq!(seen[16], Sight::New, "at 32 s");

        // The presentation that is on the phone at that moment belongs to the visit that is over.
        let signed = |id: u8| Judgement {
            replay_id: Some([id; 16]),
            ..judgement(Some("A"), Reason::Granted)
        };
        let (first, second) = (signed(1), signed(2));
        let mut sights: Vec<(u64, &Judgement, &str)> =
            (0..=16).map(|at| (at * 2_000, &first, "a")).collect();
        sights.push((33_000, &second, "b"));
        let seen = run(&sights, Reason::Granted);
        assert_eq!(seen[16..], [Sight::Known, Sight::New]);
    }

    #[test]
    fn what_was_refused_is_told_once_while_in_view() {
        let revoked = judgement(Some("A"), Reason::Revoked);
        let stranger = judgement(None, Reason::NotAPass);
        let replayed = judgement(Some("A"), Reason::Granted);
        use Sight::{Known, New};
        let cases = [
            (
                vec![(0, &revoked, "a"), (100, &revoked, "b")],
                Reason::Revoked,
                [New, Known],
            ),
            (
                vec![(0, &stranger, "a"), (100, &stranger, "a")],
                Reason::NotAPass,
                [New, Known],
            ),
            (
                vec![(0, &stranger, "a"), (999, &stranger, "b")],
                Reason::NotAPass,
                [New, Known],
            ),
            (
                vec![(0, &stranger, "a"), (1_000, &stranger, "b")],
                Reason::NotAPass,
                [New, New],
            ),
            (
                vec![(0, &stranger, "a"), (3_001, &stranger, "a")],
                Reason::NotAPass,
                [New, New],
            ),
            // A replayed screenshot stays refused; a presentation signed anew is looked at.
            (
                vec![(0, &replayed, "a"), (100, &replayed, "a")],
                Reason::Replayed,
                [New, Known],
            ),
            (
                vec![(0, &replayed, "a"), (100, &replayed, "b")],
                Reason::Replayed,
                [New, New],
            ),
            // Signing anew gives no visit back.
            (
                vec![(0, &replayed, "a"), (100, &replayed, "b")],
                Reason::UsedUp,
                [New, Known],
            ),
            // What could not be recorded is tried again, but not at every frame.
            (
                vec![(0, &replayed, "a"), (999, &replayed, "b")],
                Reason::LogFailed,
                [New, Known],
            ),
            (
                vec![(0, &replayed, "a"), (1_000, &replayed, "a")],
                Reason::LogFailed,
                [New, New],
            ),
        ];
        for (sights, decision, expected) in cases {
            assert_eq!(run(&sights, decision), expected, "{sights:?}");
        }
    }

    #[test]
    fn a_wallet_that_falls_asleep_after_its_admission_is_no_error() {
        let pass = judgement(Some("A"), Reason::Granted);
        for reason in [Reason::Stale, Reason::FromFuture, Reason::ClockUnknown] {
            let late = judgement(Some("A"), reason);
            assert_eq!(
                run(&[(0, &pass, "a"), (100, &late, "a")], Reason::Granted),
                [Sight::New, Sight::Known],
                "{reason}"
            );
        }
    }
}
