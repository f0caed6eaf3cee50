use super::*;
use crate::{
    pass::{Reason, Service},
    store::{EntryKind, Role},
};

/// 2026-11-24, noon in Seoul.
const NOW: i64 = 1_795_489_200;

fn state(now: Instant) -> State {
    let scale = Scale::new(Size::new(800.0, 1280.0), 10.1);
    State::new(Language::En, scale, NOW, now)
}

fn type_code(state: &mut State, code: &str) -> Action {
    let mut action = Action::None;
    for digit in code.bytes() {
        action = state.update(Message::Digit(digit - b'0'), Instant::now());
    }
    action
}

fn answer(state: &mut State, answer: Answer) -> Action {
    state.update(Message::Answer(answer), Instant::now())
}

fn code(code: &str) -> Zeroizing<String> {
    Zeroizing::new(code.into())
}

fn note(state: &State) -> Option<Note> {
    match &state.page {
        Page::Pad(pad) => pad.note,
        Page::Entries(_) => panic!("the table is shown"),
    }
}

fn entry(seq: u64) -> Entry {
    Entry {
        seq,
        at_ms: seq,
        reason: Reason::Granted,
        pass: None,
        issuer: None,
        service: Service::Entry,
        kind: Some(EntryKind::Live),
        outcome: None,
    }
}

/// Past the pad; gives what was asked for.
fn entered(state: &mut State) -> Rows {
    answer(state, Answer::HasStaff(true));
    type_code(state, "274906");
    let ok = StaffCheck::Ok {
        name: "owner".into(),
        role: Role::Owner,
    };
    match answer(state, Answer::Checked(ok)) {
        Action::Ask(Request::Rows(rows)) => rows,
        other => panic!("{other:?}"),
    }
}

fn asked(action: Action) -> Rows {
    match action {
        Action::Ask(Request::Rows(rows)) => rows,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_start_asks_twice_for_a_code() {
    let mut state = state(Instant::now());
    // Nothing is typed before it is known what for.
    assert_eq!(type_code(&mut state, "274906"), Action::None);
    answer(&mut state, Answer::HasStaff(false));
    assert_eq!(note(&state), Some(Note::Hint));
    assert_eq!(type_code(&mut state, "111111"), Action::None);
    assert_eq!(note(&state), Some(Note::Weak));
    assert_eq!(type_code(&mut state, "274906"), Action::None);
    assert_eq!(type_code(&mut state, "274907"), Action::None);
    assert_eq!(note(&state), Some(Note::Different));
    type_code(&mut state, "274906");
    assert_eq!(
        type_code(&mut state, "274906"),
        Action::Ask(Request::First(code("274906")))
    );
    answer(&mut state, Answer::Set(true));
    assert_eq!(note(&state), Some(Note::Saved));
    assert_eq!(
        type_code(&mut state, "274906"),
        Action::Ask(Request::Check(code("274906")))
    );
}

#[test]
fn a_wrong_code_is_told_and_a_lock_counts_down() {
    let mut state = state(Instant::now());
    answer(&mut state, Answer::HasStaff(true));
    type_code(&mut state, "135799");
    // While the question is on its way, fingers change nothing.
    assert_eq!(type_code(&mut state, "274906"), Action::None);
    answer(&mut state, Answer::Checked(StaffCheck::Wrong));
    assert_eq!(note(&state), Some(Note::Wrong));
    type_code(&mut state, "135799");
    let until = NOW as u64 + 30;
    answer(&mut state, Answer::Checked(StaffCheck::LockedUntil(until)));
    state.update(Message::Time(NOW + 29), Instant::now());
    assert_eq!(note(&state), Some(Note::LockedUntil(until)));
    state.update(Message::Time(NOW + 30), Instant::now());
    assert_eq!(note(&state), None);
}

#[test]
fn erase_takes_the_last_digit() {
    let mut state = state(Instant::now());
    answer(&mut state, Answer::HasStaff(true));
    type_code(&mut state, "27490");
    state.update(Message::Erase, Instant::now());
    assert_eq!(type_code(&mut state, "1"), Action::None);
    assert_eq!(
        type_code(&mut state, "2"),
        Action::Ask(Request::Check(code("274912")))
    );
}

#[test]
fn nobody_touches_it_for_a_minute() {
    let start = Instant::now();
    let mut state = state(start);
    let second = Duration::from_secs(1);
    state.update(Message::Erase, start + 30 * second);
    assert_eq!(
        state.update(Message::Time(NOW), start + 89 * second),
        Action::None
    );
    assert_eq!(
        state.update(Message::Time(NOW), start + 90 * second),
        Action::Close
    );
}

#[test]
fn filters_ask_anew_from_the_first_page_and_the_future_is_empty() {
    let mut state = state(Instant::now());
    let today = entered(&mut state);
    assert_eq!((today.day, today.verdict, today.page), (20_781, None, 0));
    assert_eq!(today.who, "owner");
    let refused = asked(state.update(Message::Result(Some(Verdict::Refused)), Instant::now()));
    assert_eq!(refused.verdict, Some(Verdict::Refused));
    let before = asked(state.update(Message::Day(-1), Instant::now()));
    assert_eq!((before.day, before.verdict), (20_780, refused.verdict));
    for _ in 0..2 {
        assert_eq!(
            asked(state.update(Message::Day(1), Instant::now())).day,
            20_781
        );
    }
    // An answer to an older question is not shown.
    answer(&mut state, Answer::Rows(before, vec![entry(1)], 1));
    let Page::Entries(table) = &state.page else {
        panic!()
    };
    assert!(table.rows.is_empty());
}

#[test]
fn turning_goes_through_every_row_and_back() {
    let mut state = state(Instant::now());
    let mut wanted = entered(&mut state);
    let all: Vec<Entry> = (0..120).map(|at| entry(120 - at)).collect();
    let page = |rows: &Rows| {
        let from = (rows.page * PAGE) as usize;
        all[from..all.len().min(from + PAGE as usize)].to_vec()
    };
    let fit = entries::fit(&state.scale, false);
    let mut seen = Vec::new();
    let mut turns = 0;
    answer(&mut state, Answer::Rows(wanted.clone(), page(&wanted), 120));
    loop {
        let Page::Entries(table) = &state.page else {
            panic!()
        };
        seen.extend(
            table
                .rows
                .iter()
                .skip(table.first)
                .take(fit)
                .map(|row| row.seq),
        );
        if !table.has_older(fit) {
            break;
        }
        turns += 1;
        if let Action::Ask(Request::Rows(rows)) = state.update(Message::Turn(1), Instant::now()) {
            wanted = rows;
            answer(&mut state, Answer::Rows(wanted.clone(), page(&wanted), 120));
        }
    }
    assert_eq!(seen, (1..=120).rev().collect::<Vec<_>>());
    assert_eq!(state.update(Message::Turn(1), Instant::now()), Action::None);
    for _ in 0..turns {
        if let Action::Ask(Request::Rows(rows)) = state.update(Message::Turn(-1), Instant::now()) {
            answer(&mut state, Answer::Rows(rows.clone(), page(&rows), 120));
        }
    }
    let Page::Entries(table) = &state.page else {
        panic!()
    };
    assert_eq!((table.wanted.page, table.first), (0, 0));
    assert_eq!(
        state.update(Message::Turn(-1), Instant::now()),
        Action::None
    );
}

#[test]
fn at_least_three_rows_on_any_window() {
    for (width, height) in [(800.0, 1280.0), (1280.0, 800.0), (480.0, 480.0), (1.0, 1.0)] {
        let fit = entries::fit(&Scale::new(Size::new(width, height), 10.1), false);
        assert!((3..=50).contains(&fit), "{width}x{height}: {fit}");
    }
}

#[test]
fn staff_say_that_the_room_is_free_in_their_own_name() {
    let now = Instant::now();
    let mut state = state(now);
    // Not before somebody is known.
    assert_eq!(state.update(Message::Vacate, now), Action::None);
    entered(&mut state);
    assert_eq!(
        state.update(Message::Vacate, now),
        Action::Vacate("owner".into())
    );
}
