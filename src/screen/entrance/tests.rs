use super::*;
use crate::{
    kiosk::event::Millis,
    pass::{Reason, Service},
    theme,
};

fn state(now: Instant) -> State {
    State::new(
        Shop::default(),
        Screen::default(),
        DoorKind::Door,
        Size::new(800.0, 1280.0),
        now,
    )
}

fn entry(reason: Reason, open_seconds: u64) -> Event {
    Event::Entry {
        seq: Some(1),
        verdict: reason.verdict(),
        reason,
        pass: None,
        issuer: None,
        service: Service::Entry,
        kind: None,
        at: String::new(),
        ms: Millis::default(),
        open_seconds,
    }
}

fn door(state: &'static str) -> Event {
    Event::Door {
        state,
        seq: None,
        detail: String::new(),
        at: String::new(),
    }
}

fn fault(part: Part, detail: &str) -> Event {
    Event::Fault {
        part,
        detail: detail.into(),
    }
}

const SQUARE: Corners = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];

fn reading() -> Event {
    Event::Reading {
        corners: SQUARE,
        frame: (100, 100),
    }
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What is shown this long after `start`.
fn at(state: &mut State, start: Instant, after: u64) -> Shown {
    state.update(Message::Time(0), start + ms(after));
    state.shown()
}

#[test]
fn results_stay_for_their_time() {
    for (reason, open, stays, cue) in [
        (Reason::Granted, 5, 5_000, Cue::Granted),
        (Reason::Granted, 1, 3_000, Cue::Granted),
        (Reason::Granted, 60, 10_000, Cue::Granted),
        (Reason::Expired, 0, 3_000, Cue::Refused),
        (Reason::StatusUnknown, 0, 3_000, Cue::Refused),
    ] {
        let start = Instant::now();
        let mut state = state(start);
        assert_eq!(state.on(&entry(reason, open), start), Some(cue));
        let expected = match reason.verdict() {
            Verdict::Granted => Outcome::Granted(Some(Service::Entry)),
            Verdict::Refused => Outcome::Refused(reason, Service::Entry),
            Verdict::Undecided => Outcome::Undecided(reason),
        };
        let Shown::Result {
            outcome,
            left,
            seconds,
        } = at(&mut state, start, stays - 1)
        else {
            panic!("{reason}")
        };
        assert_eq!((outcome, seconds), (expected, 1));
        assert!(left > 0.0 && left < 0.001);
        assert!(!state.wants_preview());
        assert_eq!(at(&mut state, start, stays), Shown::Idle, "{reason}");
        assert!(state.wants_preview());
    }
}

#[test]
fn a_closed_door_ends_come_in_but_never_before_it_was_read() {
    for (closed_at, ends) in [(1_000, 3_000), (4_000, 4_000)] {
        let start = Instant::now();
        let mut state = state(start);
        state.on(&entry(Reason::Granted, 8), start);
        state.on(&door("closed"), start + ms(closed_at));
        assert!(matches!(
            at(&mut state, start, ends - 1),
            Shown::Result { .. }
        ));
        assert_eq!(at(&mut state, start, ends), Shown::Idle);
    }
}

#[test]
fn a_door_that_does_not_open_is_not_come_in() {
    let start = Instant::now();
    let mut state = state(start);
    state.on(&entry(Reason::Granted, 5), start);
    assert_eq!(
        state.on(&door("failed"), start + ms(50)),
        Some(Cue::Refused)
    );
    assert!(matches!(
        state.shown(),
        Shown::Result {
            outcome: Outcome::DoorFailed,
            ..
        }
    ));
    assert_eq!(at(&mut state, start, 3_050), Shown::Idle);
    // A door that fails by itself, with nobody before it, is a matter of the fault page.
    assert_eq!(state.on(&door("failed"), start + ms(4_000)), None);
}

#[test]
fn a_code_in_view_ticks_once_and_is_forgotten_when_it_goes() {
    let start = Instant::now();
    let mut state = state(start);
    assert_eq!(state.on(&reading(), start), Some(Cue::Tick));
    assert_eq!(state.on(&reading(), start + ms(600)), None);
    assert_eq!(at(&mut state, start, 1_299), Shown::Reading);
    assert_eq!(at(&mut state, start, 1_300), Shown::Idle);
    // It never covers a result.
    state.on(&entry(Reason::Revoked, 0), start + ms(2_000));
    assert_eq!(state.on(&reading(), start + ms(2_100)), None);
    assert!(matches!(state.shown(), Shown::Result { .. }));
}

#[test]
fn a_hint_takes_the_place_of_the_sentence_and_never_of_a_result() {
    let hint = |hint| Event::Hint { hint };
    let start = Instant::now();
    let mut state = state(start);
    assert_eq!(state.on(&hint(Some(Hint::Closer)), start), None);
    assert_eq!(
        (state.shown(), state.hint()),
        (Shown::Idle, Some(Hint::Closer))
    );
    state.on(&reading(), start);
    assert_eq!(
        (state.shown(), state.hint()),
        (Shown::Reading, Some(Hint::Closer))
    );
    state.on(&hint(None), start);
    assert_eq!((state.shown(), state.hint()), (Shown::Reading, None));
    // What is no pass is refused once; while it stays in view, nothing is being checked.
    state.on(&entry(Reason::NotAPass, 0), start);
    state.on(&hint(Some(Hint::NotAPass)), start + ms(700));
    assert!(matches!(state.shown(), Shown::Result { .. }));
    assert_eq!(at(&mut state, start, 3_000), Shown::Idle);
    assert_eq!(state.hint(), Some(Hint::NotAPass));
}

#[test]
fn the_next_visitor_replaces_the_last_ones_result() {
    let start = Instant::now();
    let mut state = state(start);
    state.on(&entry(Reason::Expired, 0), start);
    state.on(&entry(Reason::Granted, 5), start + ms(500));
    assert!(matches!(
        state.shown(),
        Shown::Result {
            outcome: Outcome::Granted(_),
            ..
        }
    ));
}

#[test]
fn faults_that_keep_visitors_out_take_the_page_and_others_do_not() {
    let start = Instant::now();
    for (part, page) in [
        (Part::Camera, true),
        (Part::Door, true),
        (Part::Storage, true),
        (Part::Contact, false),
        (Part::Trust, false),
        (Part::Formats, false),
        (Part::Clock, false),
    ] {
        let mut state = state(start);
        state.on(&fault(part, "gone"), start);
        assert_eq!(
            state.shown(),
            if page {
                Shown::Fault(part)
            } else {
                Shown::Idle
            }
        );
        assert_eq!(state.wants_preview(), !page);
        // What was decided is shown even so.
        state.on(&entry(Reason::LogFailed, 0), start);
        assert!(matches!(state.shown(), Shown::Result { .. }));
        state.on(&fault(part, ""), start);
        assert_eq!(at(&mut state, start, 3_000), Shown::Idle);
    }
    let trust = |state| Event::Trust {
        state,
        detail: String::new(),
        class: None,
        road: None,
        at: String::new(),
    };
    let mut state = state(start);
    state.on(&trust("missing"), start);
    assert_eq!(state.shown(), Shown::Fault(Part::Trust));
    state.on(&trust("failed"), start);
    assert_eq!(state.shown(), Shown::Fault(Part::Trust));
    state.on(&trust("loaded"), start);
    assert_eq!(state.shown(), Shown::Idle);
}

#[test]
fn the_language_is_forgotten_after_a_while() {
    let start = Instant::now();
    let mut state = state(start);
    state.update(Message::Language, start);
    assert_eq!(state.language(), Language::En);
    at(&mut state, start, 59_999);
    assert_eq!(state.language(), Language::En);
    at(&mut state, start, 60_000);
    assert_eq!(state.language(), Language::Ko);
}

#[test]
fn the_call_page_gives_way_to_a_visitor_and_to_time() {
    let start = Instant::now();
    let mut state = state(start);
    assert_eq!(state.update(Message::Call, start), Action::Called);
    assert_eq!(state.shown(), Shown::Call);
    state.update(Message::Back, start);
    assert_eq!(state.shown(), Shown::Idle);
    state.update(Message::Call, start);
    assert_eq!(at(&mut state, start, 29_999), Shown::Call);
    assert_eq!(at(&mut state, start, 30_000), Shown::Idle);
    state.update(Message::Call, start + ms(40_000));
    state.on(&entry(Reason::Granted, 5), start + ms(41_000));
    assert!(matches!(state.shown(), Shown::Result { .. }));
}

#[test]
fn only_a_clock_held_for_two_seconds_leads_to_staff() {
    let start = Instant::now();
    let mut state = state(start);
    state.update(Message::Hold, start);
    assert_eq!(
        state.update(Message::Time(0), start + ms(1_999)),
        Action::None
    );
    state.update(Message::Release, start + ms(1_999));
    assert_eq!(
        state.update(Message::Time(0), start + ms(2_500)),
        Action::None
    );
    state.update(Message::Hold, start + ms(3_000));
    assert_eq!(
        state.update(Message::Time(0), start + ms(5_000)),
        Action::Staff
    );
    // Once, not again and again while the finger stays.
    assert_eq!(
        state.update(Message::Time(0), start + ms(5_100)),
        Action::None
    );
}

#[test]
fn the_clock_is_seouls() {
    assert_eq!(seoul_clock(0), "09:00");
    assert_eq!(seoul_clock(15 * 3600 - 60), "23:59");
    assert_eq!(seoul_clock(15 * 3600), "00:00");
}

#[test]
fn in_the_dark_the_ground_is_a_lamp() {
    let start = Instant::now();
    let mut state = state(start);
    let light = |lamp| Event::Light {
        lamp,
        light: crate::camera::exposure::Light::Good,
    };
    assert_eq!(state.ground(), theme::GROUND);
    assert_eq!(state.on(&light(true), start), None);
    assert_eq!((state.ground(), state.shown()), (theme::LAMP, Shown::Idle));
    state.on(&light(false), start);
    assert_eq!(state.ground(), theme::GROUND);
}

#[test]
fn a_challenge_follows_the_refusal_and_ends_with_its_answer_or_its_time() {
    let challenge = |text: Option<&str>, seconds| Event::Challenge {
        text: text.map(Into::into),
        seconds,
    };
    let asked = challenge(Some("MJQ1:ABC"), 60);
    let start = Instant::now();
    let mut state = state(start);
    state.on(&entry(Reason::Stale, 0), start);
    assert_eq!(state.on(&asked, start), None);
    assert!(matches!(at(&mut state, start, 2_999), Shown::Result { .. }));
    assert!(!state.wants_preview());
    let shown = at(&mut state, start, 3_000);
    assert!(matches!(shown, Shown::Challenge { seconds: 57, .. }));
    assert!(state.wants_preview(), "the answer is held to the camera");
    // A code in view does not take the page away.
    state.on(&reading(), start + ms(5_000));
    assert!(matches!(state.shown(), Shown::Challenge { .. }));
    state.on(&fault(Part::Door, "gone"), start + ms(6_000));
    assert_eq!(state.shown(), Shown::Fault(Part::Door));
    state.on(&fault(Part::Door, ""), start + ms(6_000));

    // Answered.
    state.on(&challenge(None, 0), start + ms(8_000));
    state.on(&entry(Reason::Granted, 5), start + ms(8_000));
    assert_eq!(at(&mut state, start, 13_000), Shown::Idle);

    // Not answered; the kiosk says so too, but the page does not depend on it.
    state.on(&asked, start + ms(20_000));
    let last = at(&mut state, start, 79_999);
    assert!(matches!(last, Shown::Challenge { seconds: 1, .. }));
    assert_eq!(at(&mut state, start, 80_000), Shown::Idle);
}

#[test]
fn the_end_of_a_stay_is_heard_once() {
    use crate::gate::room::State as Room;
    let room = |state, left_seconds| Event::Room {
        state,
        since: Some("2026-11-24T05:02:31Z".into()),
        left_seconds,
        seq: Some(1),
        at: String::new(),
    };
    let start = Instant::now();
    let mut state = state(start);
    assert_eq!(state.on(&room(Room::Occupied, Some(60)), start), None);
    let over = room(Room::Overstayed, Some(0));
    assert_eq!(state.on(&over, start + ms(60_000)), Some(Cue::Overstayed));
    assert_eq!(state.on(&over, start + ms(61_000)), None);
    assert_eq!(state.shown(), Shown::Idle);
    // Decisions are shown all the same.
    state.on(&entry(Reason::Occupied, 0), start + ms(62_000));
    assert!(matches!(state.shown(), Shown::Result { .. }));
    assert_eq!(state.on(&room(Room::Free, None), start + ms(63_000)), None);
}

#[test]
fn a_stick_is_told_of_for_a_while_and_longer_while_it_is_read() {
    use crate::kiosk::event::StickState;
    let start = Instant::now();
    let mut state = state(start);
    let after = |state: &mut State, state_is: StickState, seconds: u64| {
        state.on(&Event::Stick { state: state_is }, start);
        let later = start + Duration::from_secs(seconds);
        state.update(Message::Time(0), later);
        state.stick.map(|(told, _)| told)
    };
    let reading = StickState::Reading;
    assert_eq!(after(&mut state, reading, 150), Some(reading));
    let updated = StickState::Updated;
    assert_eq!(after(&mut state, updated, 19), Some(updated));
    assert_eq!(after(&mut state, updated, 20), None);
}
