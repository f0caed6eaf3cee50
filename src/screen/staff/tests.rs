use super::*;
use crate::{
    gate::Standing,
    pass::Reason,
    store::{Blocked, Entry, EntryKind, Role},
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
        _ => panic!("the pad is not shown"),
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

/// Past the pad as the owner; gives what was asked for.
fn entered(state: &mut State) -> Rows {
    entered_as(state, "owner", Role::Owner)
}

fn entered_as(state: &mut State, name: &str, role: Role) -> Rows {
    answer(state, Answer::HasStaff(true));
    type_code(state, "274906");
    let ok = StaffCheck::Ok {
        name: name.into(),
        role,
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

fn touch(state: &mut State, message: Message) -> Action {
    state.update(message, Instant::now())
}

fn blocked_by(who: &str) -> Blocked {
    Blocked {
        number: "7KQ2M9F".into(),
        who: who.into(),
        why: "lost".into(),
        at: NOW as u64,
    }
}

#[test]
fn a_pass_is_blocked_from_its_entry_and_the_table_is_where_it_was() {
    let mut state = state(Instant::now());
    let wanted = entered_as(&mut state, "helper", Role::Helper);
    let mut rows: Vec<Entry> = (0..40).map(|at| entry(40 - at)).collect();
    rows[30].pass = Some("7KQ2M9F".into());
    let seq = rows[30].seq;
    answer(&mut state, Answer::Rows(wanted, rows, 40));
    touch(&mut state, Message::Turn(1));
    let Page::Entries(table) = &state.page else {
        panic!()
    };
    let first = table.first;
    assert!(first > 0);

    // An entry without a pass has nothing to block.
    assert_eq!(touch(&mut state, Message::Open(40)), Action::None);
    assert_eq!(touch(&mut state, Message::Block("lost")), Action::None);
    touch(&mut state, Message::Back);
    assert_eq!(
        touch(&mut state, Message::Open(seq)),
        Action::Ask(Request::BlockOf("7KQ2M9F".into()))
    );
    answer(&mut state, Answer::BlockOf("7KQ2M9F".into(), None));
    assert_eq!(touch(&mut state, Message::Ask(true)), Action::None);
    assert_eq!(
        touch(&mut state, Message::Block("lost")),
        Action::Ask(Request::Block {
            who: "helper".into(),
            number: "7KQ2M9F".into(),
            why: "lost",
        })
    );
    let by = blocked_by("helper");
    answer(&mut state, Answer::BlockOf("7KQ2M9F".into(), Some(by)));
    touch(&mut state, Message::Back);
    let Page::Entries(table) = &state.page else {
        panic!()
    };
    assert_eq!((table.first, table.rows.len()), (first, 40));
}

#[test]
fn a_block_is_taken_back_by_two_touches_in_a_row() {
    let mut state = state(Instant::now());
    let _ = entered(&mut state);
    assert_eq!(
        touch(&mut state, Message::Tab(Tab::Blocked)),
        Action::Ask(Request::Blocked("owner".into()))
    );
    let other = Blocked {
        number: "QWNZ9B5".into(),
        ..blocked_by("helper")
    };
    answer(
        &mut state,
        Answer::Blocked(vec![blocked_by("owner"), other]),
    );
    let unblock = |number: &str| Message::Unblock(number.into());
    assert_eq!(touch(&mut state, unblock("7KQ2M9F")), Action::None);
    assert_eq!(touch(&mut state, Message::Turn(1)), Action::None);
    assert_eq!(touch(&mut state, unblock("7KQ2M9F")), Action::None);
    assert_eq!(touch(&mut state, unblock("QWNZ9B5")), Action::None);
    assert_eq!(
        touch(&mut state, unblock("QWNZ9B5")),
        Action::Ask(Request::Unblock {
            who: "owner".into(),
            number: "QWNZ9B5".into(),
        })
    );
    answer(&mut state, Answer::BlockOf("QWNZ9B5".into(), None));
    let Page::Blocked(blocks) = &state.page else {
        panic!()
    };
    assert_eq!(blocks.all, Some(vec![blocked_by("owner")]));
}

#[test]
fn helpers_see_ways_back_only_where_they_may_go_them() {
    let mut state = state(Instant::now());
    let _ = entered_as(&mut state, "helper", Role::Helper);
    assert!(state.may_unblock(&blocked_by("helper")));
    assert!(!state.may_unblock(&blocked_by("owner")));
}

pub(super) fn issuer(id: &str) -> Issuer {
    let stand = |service| Stand {
        service,
        standing: Standing::Aged {
            age: 86_400,
            grace: None,
        },
        forbidden: None,
    };
    Issuer {
        id: id.into(),
        ko: None,
        en: Some("Hanbit".into()),
        services: Service::ALL.map(stand),
        keys: Vec::new(),
        lists: (0..200)
            .map(|at| ListLine {
                uri: format!("k:{at}"),
                passes: 8,
                iat: None,
            })
            .collect(),
        repository: Repository {
            anchor: "01234567".into(),
            from: "/media/stick/repo".into(),
            updated: NOW as u64,
            expires: None,
            failed: None,
        },
    }
}

#[test]
fn the_owner_chooses_for_the_issuer_that_is_open_and_a_helper_does_not() {
    for (role, asks) in [(Role::Owner, true), (Role::Helper, false)] {
        let mut state = state(Instant::now());
        let _ = entered_as(&mut state, "kim", role);
        assert_eq!(
            touch(&mut state, Message::Tab(Tab::Issuers)),
            Action::Ask(Request::Issuers)
        );
        answer(
            &mut state,
            Answer::Issuers(vec![issuer("hanbit"), issuer("mirae")]),
        );
        // None is open yet.
        let choose = Message::Choose(Service::Adult, false);
        assert_eq!(touch(&mut state, choose.clone()), Action::None);
        touch(&mut state, Message::Issuer("mirae".into()));
        let wanted = Action::Ask(Request::Choose {
            who: "kim".into(),
            issuer: "mirae".into(),
            service: Service::Adult,
            open: false,
        });
        let action = touch(&mut state, choose);
        assert_eq!(action == wanted, asks, "{action:?}");
    }
}

#[test]
fn every_list_of_an_issuer_is_reached_by_turning() {
    for (width, height) in [(800.0, 1280.0), (1280.0, 800.0), (480.0, 480.0), (1.0, 1.0)] {
        let mut state = state(Instant::now());
        state.update(Message::Resized(Size::new(width, height)), Instant::now());
        let _ = entered(&mut state);
        touch(&mut state, Message::Tab(Tab::Issuers));
        answer(&mut state, Answer::Issuers(vec![issuer("hanbit")]));
        touch(&mut state, Message::Issuer("hanbit".into()));
        let mut turns = 0;
        loop {
            let Page::Issuers(issuers) = &state.page else {
                panic!()
            };
            let page = issuers.page;
            touch(&mut state, Message::Turn(1));
            let Page::Issuers(issuers) = &state.page else {
                panic!()
            };
            if issuers.page == page {
                assert_eq!(page + 1, issuers.pages(&state.scale));
                break;
            }
            turns += 1;
        }
        assert!((5..200).contains(&turns), "{width}x{height}: {turns}");
        touch(&mut state, Message::Back);
        let Page::Issuers(issuers) = &state.page else {
            panic!()
        };
        assert_eq!((issuers.page, issuers.opened()), (0, None));
    }
}
