use proptest::prelude::*;

use super::*;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const STAY: u64 = 10 * MINUTE;
const ENTERING: u64 = 7 * SECOND;

fn rules(watched: Watched) -> Rules {
    Rules {
        watched,
        stay_ms: Some(STAY),
        entering_ms: ENTERING,
    }
}

/// A free room whose contact works: the door closed, the bolt open.
fn free(watched: Watched) -> Room {
    let mut room = Room::new(rules(watched), 0).restored(State::Free, 0, None);
    let rest = match watched {
        Watched::Door => Contact::Closed,
        Watched::Bolt => Contact::Open,
    };
    room.contact(Some(rest), 0);
    room
}

/// What happens, and how the room is afterwards.
#[derive(Clone, Copy)]
enum Step {
    Grant,
    Fail,
    Clear,
    Open,
    Close,
    Lose,
    Wait,
}

fn run(room: &mut Room, steps: &[(u64, Step, State)]) {
    for (at, (now, step, expected)) in steps.iter().enumerate() {
        match step {
            Step::Grant => room.granted(Some(7), *now),
            Step::Fail => room.failed(*now),
            Step::Clear => room.cleared(*now),
            Step::Open => room.contact(Some(Contact::Open), *now),
            Step::Close => room.contact(Some(Contact::Closed), *now),
            Step::Lose => room.contact(None, *now),
            Step::Wait => room.tick(*now),
        }
        let status = room.status();
        assert_eq!(status.state, *expected, "step {at}: {status:?}");
    }
}

use State::{Entering, Free, Occupied, Overstayed, Unknown};
use Step::{Clear, Close, Fail, Grant, Lose, Open, Wait};

#[test]
fn a_visit_is_a_grant_an_opening_a_closing_and_the_same_out_again() {
    let mut room = free(Watched::Door);
    run(
        &mut room,
        &[
            (SECOND, Grant, Entering),
            (2 * SECOND, Open, Entering),
            (4 * SECOND, Close, Occupied),
        ],
    );
    assert_eq!(
        room.status(),
        Status {
            state: Occupied,
            since: Some(4 * SECOND),
            until: Some(4 * SECOND + STAY),
            seq: Some(7)
        }
    );
    run(
        &mut room,
        &[
            (4 * SECOND + STAY - 1, Wait, Occupied),
            (4 * SECOND + STAY, Wait, Overstayed),
            (5 * SECOND + STAY, Open, Overstayed),
            (6 * SECOND + STAY, Close, Free),
        ],
    );
}

#[test]
fn who_does_not_open_has_not_come() {
    run(
        &mut free(Watched::Door),
        &[
            (0, Grant, Entering),
            (ENTERING - 1, Wait, Entering),
            (ENTERING, Wait, Free),
            (MINUTE, Grant, Entering),
            (MINUTE + 1, Fail, Free),
            // A key from outside, or a door that was pulled open: nobody was let in.
            (2 * MINUTE, Open, Free),
            (2 * MINUTE + 1, Close, Free),
        ],
    );
}

#[test]
fn a_door_that_stands_open_tells_nothing_for_long() {
    run(
        &mut free(Watched::Door),
        &[
            (0, Grant, Entering),
            (1, Open, Entering),
            (OPEN_MS, Wait, Entering),
            (OPEN_MS + 1, Wait, Unknown),
            // A cut wire looks the same: visitors come in, one at a time.
            (2 * MINUTE, Grant, Entering),
            (2 * MINUTE + OPEN_MS, Wait, Unknown),
            // What it was is not known from a closing alone.
            (4 * MINUTE, Close, Unknown),
            // Somebody leaves: nobody gets in without a grant.
            (5 * MINUTE, Open, Unknown),
            (5 * MINUTE + 1, Close, Free),
        ],
    );
    run(
        &mut free(Watched::Door),
        &[
            (0, Grant, Entering),
            (1, Open, Entering),
            (2, Close, Occupied),
            (3, Open, Occupied),
            (3 + OPEN_MS, Wait, Unknown),
        ],
    );
}

#[test]
fn a_lost_contact_is_not_known_and_a_short_loss_is_nothing() {
    run(
        &mut free(Watched::Door),
        &[
            (0, Grant, Entering),
            (1, Open, Entering),
            (2, Close, Occupied),
            (10, Lose, Occupied),
            (LOST_MS, Close, Occupied),
            (MINUTE, Lose, Occupied),
            (MINUTE + LOST_MS, Wait, Unknown),
            (2 * MINUTE, Grant, Entering),
            (2 * MINUTE + ENTERING, Wait, Unknown),
            // Back again: whoever is let in now is seen.
            (3 * MINUTE, Close, Unknown),
            (4 * MINUTE, Grant, Entering),
            (4 * MINUTE + 1, Open, Entering),
            (4 * MINUTE + 2, Close, Occupied),
        ],
    );
}

#[test]
fn what_was_not_known_before_a_visitor_did_not_open_is_not_known_afterwards() {
    let mut room = Room::new(rules(Watched::Door), 0);
    run(
        &mut room,
        &[
            (0, Close, Unknown),
            (1, Grant, Entering),
            (1 + ENTERING, Wait, Unknown),
        ],
    );
}

#[test]
fn a_bolt_tells_by_itself() {
    run(
        &mut free(Watched::Bolt),
        &[
            (0, Grant, Entering),
            (SECOND, Open, Entering),
            (2 * SECOND, Close, Occupied),
            (2 * SECOND + STAY, Wait, Overstayed),
            (3 * SECOND + STAY, Open, Free),
            // Somebody went in with the one before them.
            (20 * MINUTE, Close, Occupied),
            (21 * MINUTE, Open, Free),
            (22 * MINUTE, Grant, Entering),
            (22 * MINUTE + ENTERING, Wait, Free),
        ],
    );
}

#[test]
fn a_bolt_that_is_always_locked_is_not_believed_for_ever() {
    let end = MINUTE + STAY + DOUBT_MS;
    run(
        &mut free(Watched::Bolt),
        &[
            (MINUTE, Close, Occupied),
            (end - 1, Wait, Overstayed),
            (end, Wait, Unknown),
            (end + 1, Grant, Entering),
            (end + 1 + ENTERING, Wait, Unknown),
            (end + MINUTE, Clear, Free),
            (end + MINUTE + 1, Close, Free),
        ],
    );
}

#[test]
fn staff_free_a_room_and_the_next_visit_counts() {
    run(
        &mut free(Watched::Door),
        &[
            (0, Grant, Entering),
            (1, Open, Entering),
            (2, Close, Occupied),
            (STAY + 2, Wait, Overstayed),
            (STAY + 3, Clear, Free),
            (STAY + 4, Grant, Entering),
            (STAY + 5, Open, Entering),
            (STAY + 6, Close, Occupied),
        ],
    );
}

#[test]
fn after_a_restart_the_room_is_as_it_was() {
    let again = |state, watched, now| Room::new(rules(watched), now).restored(state, 0, Some(3));
    // Somebody inside, and the door closed.
    let mut room = again(Occupied, Watched::Door, MINUTE);
    run(
        &mut room,
        &[(MINUTE, Close, Occupied), (STAY, Wait, Overstayed)],
    );
    assert_eq!((room.status().since, room.status().seq), (Some(0), Some(3)));
    // Who was on the way may be inside; who stands in the open door is coming.
    run(
        &mut again(Entering, Watched::Door, MINUTE),
        &[(MINUTE, Wait, Unknown)],
    );
    run(
        &mut again(Entering, Watched::Door, SECOND),
        &[(SECOND, Open, Entering), (2 * SECOND, Close, Occupied)],
    );
    // The bolt knows by itself.
    run(
        &mut again(Occupied, Watched::Bolt, MINUTE),
        &[(MINUTE, Open, Free)],
    );
    run(
        &mut again(Free, Watched::Bolt, MINUTE),
        &[(MINUTE, Close, Occupied)],
    );
    // A contact that does not come back.
    run(
        &mut again(Occupied, Watched::Door, MINUTE),
        &[
            (MINUTE + LOST_MS - 1, Wait, Occupied),
            (MINUTE + LOST_MS, Wait, Unknown),
        ],
    );
}

/// People before a room whose contact works.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Ask,
    /// Opens within the time of the lock, goes in and closes; each takes so long.
    Enter(u64, u64),
    Leave(u64),
    Wait(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Ask),
        (0..5 * SECOND, 1..20 * SECOND).prop_map(|(after, open)| Deed::Enter(after, open)),
        (1..20 * SECOND).prop_map(Deed::Leave),
        (0..12 * MINUTE).prop_map(Deed::Wait),
    ]
}

fn anything() -> impl Strategy<Value = (Step, u64)> {
    let step = prop_oneof![
        Just(Step::Grant),
        Just(Step::Fail),
        Just(Step::Clear),
        Just(Step::Open),
        Just(Step::Close),
        Just(Step::Lose),
        Just(Step::Wait),
    ];
    // Backwards too: a late message.
    let time = prop_oneof![0..10 * SECOND, 0..3 * 3_600 * SECOND];
    (step, time)
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Grant => "Grant",
            Self::Fail => "Fail",
            Self::Clear => "Clear",
            Self::Open => "Open",
            Self::Close => "Close",
            Self::Lose => "Lose",
            Self::Wait => "Wait",
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// As long as the contact works and nobody stays for hours, two visitors are never in it, and an empty room is free.
    #[test]
    fn never_two_at_once(
        deeds in proptest::collection::vec(deed(), 1..60),
        watched in prop_oneof![Just(Watched::Door), Just(Watched::Bolt)],
    ) {
        let mut room = free(watched);
        let (mut now, mut inside, mut unlocked) = (0, None::<u64>, None::<u64>);
        for deed in deeds {
            match deed {
                Deed::Ask => {
                    room.tick(now);
                    if room.status().state.admits() {
                        prop_assert_eq!(inside, None, "let in on somebody");
                        room.granted(Some(1), now);
                        unlocked = Some(now + 5 * SECOND);
                    }
                }
                Deed::Enter(after, open) => {
                    let at = now + after;
                    if inside.is_none() && unlocked.is_some_and(|until| at <= until) {
                        let (first, second) = match watched {
                            Watched::Door => ((Contact::Open, at), (Contact::Closed, at + open)),
                            // In at once; locked while the door is still awaited.
                            Watched::Bolt => ((Contact::Open, at), (Contact::Closed, at + SECOND)),
                        };
                        room.contact(Some(first.0), first.1);
                        room.contact(Some(second.0), second.1);
                        now = second.1;
                        inside = Some(now);
                        unlocked = None;
                        prop_assert_eq!(room.status().state, Occupied);
                    }
                }
                Deed::Leave(open) => {
                    if inside.take().is_some() {
                        room.contact(Some(Contact::Open), now);
                        now += open;
                        if watched == Watched::Door {
                            room.contact(Some(Contact::Closed), now);
                        }
                        prop_assert_eq!(room.status().state, Free);
                    }
                }
                Deed::Wait(time) => {
                    let long = inside.is_some_and(|since| now + time >= since + DOUBT_MS);
                    if !long {
                        now += time;
                        room.tick(now);
                    }
                }
            }
            let status = room.status();
            prop_assert_eq!(inside.is_some(), matches!(status.state, Occupied | Overstayed));
            prop_assert_eq!(status.state == Overstayed, inside.is_some_and(|since| now >= since + STAY));
        }
    }

    /// Whatever happened, left alone the room lets the next visitor in after a while; a lost contact sooner.
    #[test]
    fn nobody_is_kept_out_for_good(
        steps in proptest::collection::vec(anything(), 0..60),
        watched in prop_oneof![Just(Watched::Door), Just(Watched::Bolt)],
        stay_ms in prop_oneof![Just(None), Just(Some(STAY))],
        lost in any::<bool>(),
    ) {
        let rules = Rules { stay_ms, ..rules(watched) };
        let mut room = Room::new(rules, 0);
        let mut latest = 0;
        for (step, now) in steps {
            latest = latest.max(now);
            match step {
                Grant if !room.status().state.admits() => {}
                step => match step {
                    Grant => {
                        room.granted(Some(7), now);
                        prop_assert!(!room.status().state.admits());
                    }
                    Fail => room.failed(now),
                    Clear => {
                        room.cleared(now);
                        prop_assert_eq!(room.status().state, Free);
                    }
                    Open => room.contact(Some(Contact::Open), now),
                    Close => room.contact(Some(Contact::Closed), now),
                    Lose => room.contact(None, now),
                    Wait => room.tick(now),
                },
            }
            let Status { state, since, until, .. } = room.status();
            prop_assert_eq!(since.is_some(), matches!(state, Entering | Occupied | Overstayed));
            prop_assert!(since.is_none_or(|since| since <= latest));
            prop_assert!(state != Overstayed || until.is_some_and(|until| until <= latest));
        }
        if lost {
            room.contact(None, latest);
            // Who was just let in has their time; so has a loss.
            room.tick(latest + ENTERING.max(LOST_MS));
            let state = room.status().state;
            prop_assert!(state.admits(), "{state:?}");
        } else {
            room.tick(latest + STAY + DOUBT_MS);
            // From an open door to nothing known, at the latest.
            room.tick(latest + STAY + DOUBT_MS + OPEN_MS);
            prop_assert!(room.status().state.admits());
        }
    }
}
