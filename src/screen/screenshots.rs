//! Every page as a picture: what `assets/screenshots` holds. The pictures are made anew by each run of the tests; a
//! change of the screens shows in `git status`.

use std::{path::Path, sync::Arc, time::Instant};

use iced::{Element, Rectangle, Settings, Size};
use iced_test::Simulator;
use image::{
    RgbImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

use super::{entrance, staff};
use crate::{
    camera::{Source, exposure::Light, phone::Phone, preview::Preview},
    config::{DoorKind, Language, Screen, Shop},
    gate::{Access, Standing, room::State},
    kiosk::event::{Event, Millis, Part, StickState},
    pass::{Challenge, Reason, Service},
    scan::Hint,
    store::{Blocked, Entry, EntryKind, Role, StaffCheck},
    theme::{self, Scale},
};

/// 2026-11-24, 20:14 in Seoul.
const NOW: i64 = 1_795_518_840;
const PORTRAIT: Size = Size::new(800.0, 1280.0);
const LANDSCAPE: Size = Size::new(1280.0, 800.0);

fn settings() -> Settings {
    Settings {
        fonts: theme::FONTS.iter().map(|font| (*font).into()).collect(),
        default_font: theme::REGULAR,
        ..Settings::default()
    }
}

/// Writes a page as `assets/screenshots/NAME.png`.
fn take<M>(name: &str, size: Size, view: Element<'_, M>) {
    keep(name, &drawn(size, view));
}

/// Draws a page.
fn drawn<M>(size: Size, view: Element<'_, M>) -> RgbImage {
    let mut page: Simulator<'_, M> = Simulator::with_size(settings(), size, view);
    let folder = tempfile::tempdir().unwrap();
    let snapshot = page.snapshot(&theme::theme()).unwrap();
    assert!(
        snapshot
            .matches_image(folder.path().join("page.png"))
            .unwrap()
    );
    let written = std::fs::read_dir(folder.path()).unwrap().next().unwrap();
    // Drawn at twice the size; shown at the size of the panel.
    let drawn = image::open(written.unwrap().path()).unwrap().to_rgb8();
    let (width, height) = (size.width as u32, size.height as u32);
    image::imageops::resize(&drawn, width, height, image::imageops::Triangle)
}

fn keep(name: &str, shown: &RgbImage) {
    let colours: std::collections::BTreeSet<_> = shown.pixels().map(|pixel| pixel.0).collect();
    assert!(colours.len() > 8, "{name} is empty");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.png"));
    let same = image::open(&file).is_ok_and(|kept| kept.to_rgb8() == *shown);
    if !same {
        let file = std::fs::File::create(file).unwrap();
        let small = PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive);
        shown.write_with_encoder(small).unwrap();
    }
}

fn entrance(size: Size, language: Language) -> (entrance::State, Instant) {
    before(DoorKind::Door, size, language)
}

/// The entrance before a door or a machine.
fn before(kind: DoorKind, size: Size, language: Language) -> (entrance::State, Instant) {
    let screen = Screen {
        language,
        ..Screen::default()
    };
    set(screen, kind, size)
}

fn set(screen: Screen, kind: DoorKind, size: Size) -> (entrance::State, Instant) {
    let shop = Shop {
        name: "한빛 무인상점".into(),
        phone: "02-0000-0000".into(),
    };
    let now = Instant::now();
    let mut state = entrance::State::new(shop, screen, kind, size, now);
    state.update(entrance::Message::Time(NOW), now);
    (state, now)
}

/// A hand with a phone, drawn as the demo draws it.
fn preview() -> (Arc<Preview>, [[f32; 2]; 4]) {
    let text = format!("MJ1:{}", "0123456789ABCDEF".repeat(26));
    let act = serde_json::json!({"show": "text", "text": text, "seconds": 60, "grade": "easy"});
    let script = serde_json::json!({"acts": [act], "fps": 60, "seed": 20_241_031});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script.json");
    std::fs::write(&file, script.to_string()).unwrap();
    let frame = Phone::open(&file).unwrap().next().unwrap().unwrap().luma;
    let corners = crate::scan::read(&frame, crate::scan::Effort::Frame)[0].corners;
    let preview = crate::camera::preview::make(&frame, 640, 480, true).unwrap();
    (Arc::new(preview), corners)
}

fn entry(reason: Reason) -> Event {
    Event::Entry {
        seq: Some(1),
        verdict: reason.verdict(),
        reason,
        pass: None,
        issuer: None,
        service: Service::Entry,
        kind: Some(EntryKind::Live),
        at: String::new(),
        ms: Millis::default(),
        open_seconds: 5,
    }
}

/// Somebody who may buy what not everybody may.
fn grown_up() -> Event {
    asked_for(Reason::Granted, Service::Adult)
}

/// A decision at a door that asks for this service.
fn asked_for(reason: Reason, service: Service) -> Event {
    let mut event = entry(reason);
    if let Event::Entry { service: asked, .. } = &mut event {
        *asked = service;
    }
    event
}

fn challenge() -> Event {
    let challenge = Challenge {
        audience: "E:SH0P1".parse().unwrap(),
        nonce: [7; 8],
    };
    Event::Challenge {
        text: Some(challenge.text()),
        seconds: 60,
    }
}

fn fault(part: Part) -> Event {
    Event::Fault {
        part,
        detail: "gone".into(),
    }
}

fn lamp() -> Event {
    Event::Light {
        lamp: true,
        light: Light::Good,
    }
}

#[test]
fn the_entrance() {
    let (picture, corners) = preview();
    let layouts = [
        (PORTRAIT, Language::Ko, "ko-portrait"),
        (LANDSCAPE, Language::En, "en-landscape"),
    ];
    for (size, language, layout) in layouts {
        let reading = Event::Reading {
            corners,
            frame: (1280, 720),
        };
        let events = [
            ("idle", None),
            ("reading", Some(reading)),
            ("lamp", Some(lamp())),
            ("granted", Some(entry(Reason::Granted))),
            ("refused", Some(entry(Reason::Expired))),
            ("young", Some(asked_for(Reason::TooYoung, Service::Adult))),
            ("used-up", Some(entry(Reason::UsedUp))),
            ("undecided", Some(entry(Reason::StatusUnknown))),
            ("fault", Some(fault(Part::Door))),
        ];
        for (name, event) in events {
            let (mut state, now) = entrance(size, language);
            state.update(entrance::Message::Preview(picture.clone()), now);
            if let Some(event) = event {
                state.on(&event, now);
                let later = now + std::time::Duration::from_millis(600);
                state.update(entrance::Message::Time(NOW), later);
            }
            take(&format!("{name}-{layout}"), size, state.view());
        }
        let (mut state, now) = entrance(size, language);
        state.update(entrance::Message::Preview(picture.clone()), now);
        state.on(&challenge(), now);
        let later = now + std::time::Duration::from_secs(18);
        state.update(entrance::Message::Time(NOW), later);
        take(&format!("challenge-{layout}"), size, state.view());
        let (mut state, now) = before(DoorKind::Vend, size, language);
        state.on(&grown_up(), now);
        take(&format!("machine-{layout}"), size, state.view());
        let screen = Screen {
            language,
            enrol: "https://pass.example.org/#start".into(),
            ..Screen::default()
        };
        let (mut state, now) = set(screen, DoorKind::Door, size);
        state.update(entrance::Message::Preview(picture.clone()), now);
        take(&format!("enrol-{layout}"), size, state.view());
        let (mut state, now) = entrance(size, language);
        state.update(entrance::Message::Call, now);
        take(&format!("call-{layout}"), size, state.view());
    }
}

/// Every hint, on one sheet for each panel: the pages small, side by side.
#[test]
fn the_hints() {
    let (picture, _) = preview();
    let layouts = [
        (PORTRAIT, Language::Ko, 4, "ko-portrait"),
        (LANDSCAPE, Language::En, 3, "en-landscape"),
    ];
    for (size, language, columns, layout) in layouts {
        let (width, height) = (size.width as u32 * 2 / 5, size.height as u32 * 2 / 5);
        let rows = (Hint::ALL.len() as u32).div_ceil(columns);
        let mut sheet = RgbImage::from_pixel(
            columns * (width + 8) - 8,
            rows * (height + 8) - 8,
            image::Rgb([128; 3]),
        );
        for (at, hint) in (0..).zip(Hint::ALL) {
            let (mut state, now) = entrance(size, language);
            state.update(entrance::Message::Preview(picture.clone()), now);
            state.on(&Event::Hint { hint: Some(hint) }, now);
            let page = drawn(size, state.view());
            let page = image::imageops::resize(&page, width, height, image::imageops::Triangle);
            let (x, y) = (at % columns * (width + 8), at / columns * (height + 8));
            image::imageops::replace(&mut sheet, &page, x.into(), y.into());
        }
        keep(&format!("hints-{layout}"), &sheet);
    }
}

/// Where a text of this letter lies, what of that is seen, and whether that is all of it.
fn bounds<M>(page: &mut Simulator<'_, M>, text: &str, letter: f32) -> (Rectangle, Rectangle, bool) {
    let found = page.find(text).unwrap();
    let (all, seen) = (found.bounds(), found.visible_bounds().unwrap());
    let lines = text.lines().count() as f32;
    let whole = (seen.width - all.width).abs() < 0.1
        && (seen.height - all.height).abs() < 0.1
        && all.height > lines * letter * 1.2;
    (all, seen, whole)
}

/// Every hint fits on every panel, with whatever is below it: nothing is cut.
#[test]
fn every_hint_has_room() {
    for size in [PORTRAIT, LANDSCAPE, Size::new(800.0, 480.0)] {
        for language in [Language::Ko, Language::En] {
            for hint in Hint::ALL {
                let (mut state, now) = entrance(size, language);
                state.on(&Event::Hint { hint: Some(hint) }, now);
                let words = crate::text::words(language);
                let mut page: Simulator<'_, entrance::Message> =
                    Simulator::with_size(settings(), size, state.view());
                let letter = state.scale().body;
                for text in [(words.hint)(hint), words.no_picture, words.call] {
                    let (all, seen, whole) = bounds(&mut page, text, letter);
                    assert!(whole, "{hint:?} in {size:?}: {text} ({all:?}, {seen:?})");
                    let lines = text.lines().count() as f32;
                    // Not broken where nobody would break it.
                    let broken = all.height > (lines + 0.5) * state.scale().title * 1.28;
                    assert!(!broken, "{hint:?} in {size:?}: {text} ({all:?})");
                }
            }
        }
    }
}

/// Who plugged in a stick is told when to pull it out, on every panel.
#[test]
fn what_is_said_of_a_stick_has_room() {
    for size in [PORTRAIT, LANDSCAPE, Size::new(800.0, 480.0)] {
        for language in [Language::Ko, Language::En] {
            for stick in StickState::ALL {
                let (mut state, now) = entrance(size, language);
                state.on(&fault(Part::Trust), now);
                state.on(&Event::Stick { state: stick }, now);
                let words = crate::text::words(language);
                let mut page: Simulator<'_, entrance::Message> =
                    Simulator::with_size(settings(), size, state.view());
                let letter = state.scale().body;
                for text in [(words.stick)(stick), words.call] {
                    let (all, seen, whole) = bounds(&mut page, text, letter);
                    assert!(whole, "{stick:?} in {size:?}: {text} ({all:?}, {seen:?})");
                    let lines = text.lines().count() as f32;
                    let broken = all.height > (lines + 0.5) * letter * 1.28;
                    assert!(!broken, "{stick:?} in {size:?}: {text} ({all:?})");
                }
            }
        }
    }
    let (picture, _) = preview();
    for (size, language, stick, layout) in [
        (PORTRAIT, Language::Ko, StickState::Updated, "ko-portrait"),
        (LANDSCAPE, Language::En, StickState::Refused, "en-landscape"),
    ] {
        let (mut state, now) = entrance(size, language);
        state.update(entrance::Message::Preview(picture.clone()), now);
        state.on(&Event::Stick { state: stick }, now);
        take(&format!("stick-{layout}"), size, state.view());
    }
}

/// The page that asks fits on every panel, and its code can be read.
#[test]
fn a_challenge_has_room_and_can_be_read() {
    let (picture, _) = preview();
    let Event::Challenge { text, .. } = challenge() else {
        panic!()
    };
    for size in [PORTRAIT, LANDSCAPE, Size::new(800.0, 480.0)] {
        for language in [Language::Ko, Language::En] {
            let (mut state, now) = entrance(size, language);
            state.update(entrance::Message::Preview(picture.clone()), now);
            state.on(&challenge(), now);
            let words = crate::text::words(language);
            let mut page: Simulator<'_, entrance::Message> =
                Simulator::with_size(settings(), size, state.view());
            for said in [words.challenge, words.challenge_then, words.call] {
                let (all, seen, whole) = bounds(&mut page, said, 0.8 * state.scale().body);
                assert!(whole, "{size:?}: {said} ({all:?}, {seen:?})");
            }
            let shown = image::DynamicImage::from(drawn(size, state.view())).into_luma8();
            let luma = crate::camera::Luma::new(
                shown.width() as usize,
                shown.height() as usize,
                shown.into_raw(),
            );
            let found = crate::scan::read(&luma.unwrap(), crate::scan::Effort::Still);
            let read = |code: &crate::scan::Found| {
                Some(code.text.as_slice()) == text.as_deref().map(str::as_bytes)
            };
            assert!(found.iter().any(read), "{size:?}: {found:?}");
        }
    }
}

/// Every reason fits on every panel: nothing is cut. Who is too young is told from which age on.
#[test]
fn every_reason_has_room() {
    for size in [PORTRAIT, LANDSCAPE, Size::new(800.0, 480.0)] {
        for language in [Language::Ko, Language::En] {
            let asked = Reason::ALL
                .iter()
                .flat_map(|reason| Service::ALL.map(|service| (*reason, service)));
            for (reason, service) in asked {
                let (mut state, now) = entrance(size, language);
                state.on(&asked_for(reason, service), now);
                let words = crate::text::words(language);
                let said = match reason {
                    Reason::Granted => continue,
                    Reason::TooYoung => (words.too_young)(service),
                    reason => (words.reason)(reason),
                };
                let mut page: Simulator<'_, entrance::Message> =
                    Simulator::with_size(Settings::default(), size, state.view());
                let scale = state.scale();
                for (text, letter) in [(said.0, scale.title), (said.1, scale.body)] {
                    let (all, seen, whole) = bounds(&mut page, text, letter);
                    assert!(whole, "{reason} in {size:?}: {text} ({all:?}, {seen:?})");
                }
            }
        }
    }
}

/// Before a machine nobody is told of a door, and the words fit on every panel.
#[test]
fn a_machine_has_words_of_its_own_and_room_for_them() {
    for size in [PORTRAIT, LANDSCAPE, Size::new(800.0, 480.0)] {
        for language in [Language::Ko, Language::En] {
            let words = crate::text::words(language);
            let failed = (words.door_failed)(DoorKind::Vend);
            let broken = (words.fault)(Part::Door, DoorKind::Vend);
            let mut unheard = grown_up();
            if let Event::Entry { open_seconds, .. } = &mut unheard {
                *open_seconds = 0;
            }
            for (event, (title, next)) in [
                (
                    grown_up(),
                    (words.use_machine, (words.checked)(Service::Adult)),
                ),
                (unheard, failed),
                (fault(Part::Door), broken),
            ] {
                let (mut state, now) = before(DoorKind::Vend, size, language);
                state.on(&event, now);
                let mut page: Simulator<'_, entrance::Message> =
                    Simulator::with_size(settings(), size, state.view());
                let scale = state.scale();
                for (text, letter) in [(title, scale.title), (next, scale.body)] {
                    let (all, seen, whole) = bounds(&mut page, text, letter);
                    assert!(whole, "{size:?}: {text} ({all:?}, {seen:?})");
                }
            }
        }
    }
}

/// The pages of a room and of a free door.
#[test]
fn the_rooms() {
    let (picture, _) = preview();
    let layouts = [
        (PORTRAIT, Language::Ko, "ko-portrait"),
        (LANDSCAPE, Language::En, "en-landscape"),
    ];
    for (size, language, layout) in layouts {
        for (name, events) in rooms() {
            let (mut state, now) = entrance(size, language);
            state.update(entrance::Message::Preview(picture.clone()), now);
            for event in events {
                state.on(&event, now);
            }
            take(&format!("{name}-{layout}"), size, state.view());
        }
    }
}

/// What the kiosk tells for each of the pages.
fn rooms() -> Vec<(&'static str, Vec<Event>)> {
    let free = || Event::Access {
        access: Access::Free,
    };
    vec![
        ("room-free", vec![room(State::Free)]),
        ("room-in-use", vec![room(State::Occupied)]),
        ("room-overstayed", vec![room(State::Overstayed)]),
        ("room-unknown", vec![room(State::Unknown)]),
        (
            "room-refused",
            vec![room(State::Occupied), entry(Reason::Occupied)],
        ),
        ("open-button", vec![free()]),
        ("open-button-room", vec![free(), room(State::Free)]),
        (
            "closed",
            vec![Event::Access {
                access: Access::Closed,
            }],
        ),
    ]
}

/// In use since 14:02, with seven minutes left.
fn room(state: State) -> Event {
    let inside = matches!(state, State::Occupied | State::Overstayed);
    Event::Room {
        state,
        since: inside.then(|| "2026-11-24T05:02:31Z".into()),
        left_seconds: (state == State::Occupied).then_some(400),
        seq: None,
        at: String::new(),
    }
}

/// Whatever the room is like, the page fits on every panel: nothing is cut.
#[test]
fn every_room_has_room() {
    for size in [PORTRAIT, LANDSCAPE, Size::new(800.0, 480.0)] {
        for language in [Language::Ko, Language::En] {
            for (name, events) in rooms() {
                let (mut state, now) = entrance(size, language);
                for event in &events {
                    state.on(event, now);
                }
                let words = crate::text::words(language);
                let mut said = vec![words.call];
                if name == "room-refused" {
                    let (title, next) = (words.reason)(Reason::Occupied);
                    said.extend([title, next]);
                } else {
                    said.push(words.no_picture);
                    let room = state.room().map(|room| (words.room)(room.state));
                    let button = name.starts_with("open").then_some(words.open);
                    said.extend(room.into_iter().chain(button));
                }
                let mut page: Simulator<'_, entrance::Message> =
                    Simulator::with_size(settings(), size, state.view());
                let letter = 0.8 * state.scale().body;
                let line = state.room().and_then(|room| room.line(words, now));
                let line = line.filter(|_| name != "room-refused" && !name.starts_with("closed"));
                for text in said.into_iter().chain(line.as_deref()) {
                    let (all, seen, whole) = bounds(&mut page, text, letter);
                    assert!(whole, "{name} in {size:?}: {text} ({all:?}, {seen:?})");
                    let below = seen.y + seen.height <= size.height;
                    assert!(below, "{name} in {size:?}: {text} ({seen:?})");
                }
            }
        }
    }
}

/// A finger on the large button asks for the door, and there is none while somebody is in the room.
#[test]
fn the_button_opens_and_is_not_there_while_the_room_is_in_use() {
    let words = crate::text::words(Language::En);
    for (events, there) in [
        (vec![], false),
        (vec![Access::Free], true),
        (vec![Access::Closed], false),
    ] {
        for (state, admits) in [
            (State::Free, true),
            (State::Unknown, true),
            (State::Occupied, false),
            (State::Entering, false),
        ] {
            let (mut page, now) = entrance(PORTRAIT, Language::En);
            for access in &events {
                page.on(&Event::Access { access: *access }, now);
            }
            page.on(&room(state), now);
            let mut seen: Simulator<'_, entrance::Message> =
                Simulator::with_size(settings(), PORTRAIT, page.view());
            let pressed = seen.click(words.open).is_ok();
            assert_eq!(pressed, there && admits, "{events:?} {state:?}");
            let asked: Vec<entrance::Message> = seen.into_messages().collect();
            for message in asked {
                assert_eq!(page.update(message, now), entrance::Action::Open);
            }
        }
    }
}

#[test]
fn the_staff_pages() {
    let layouts = [
        (PORTRAIT, Language::Ko, "ko-portrait"),
        (PORTRAIT, Language::En, "en-portrait"),
        (LANDSCAPE, Language::En, "en-landscape"),
    ];
    for (size, language, layout) in layouts {
        let now = Instant::now();
        let mut state = staff::State::new(language, Scale::new(size, 10.1), NOW, now);
        state.update(staff::Message::Answer(staff::Answer::HasStaff(true)), now);
        for digit in [2, 7, 4] {
            state.update(staff::Message::Digit(digit), now);
        }
        take(&format!("code-{layout}"), size, state.view());
        let mut first = staff::State::new(language, Scale::new(size, 10.1), NOW, now);
        first.update(staff::Message::Answer(staff::Answer::HasStaff(false)), now);
        for digit in [2, 7, 4, 9, 0, 6, 2, 7, 4, 9, 0, 6] {
            first.update(staff::Message::Digit(digit), now);
        }
        first.update(staff::Message::Answer(staff::Answer::Set(true)), now);
        take(&format!("code-saved-{layout}"), size, first.view());
        let ok = StaffCheck::Ok {
            name: "owner".into(),
            role: Role::Owner,
        };
        let asked = state.update(staff::Message::Answer(staff::Answer::Checked(ok)), now);
        let staff::Action::Ask(staff::Request::Rows(rows)) = asked else {
            panic!("{asked:?}")
        };
        let answer = staff::Answer::Rows(rows, entries(), 128);
        state.update(staff::Message::Answer(answer), now);
        take(&format!("entries-{layout}"), size, state.view());
        let (mut door, _) = entrance(size, language);
        door.on(&room(State::Overstayed), now);
        state.update(staff::Message::Room(door.room().cloned()), now);
        take(&format!("entries-room-{layout}"), size, state.view());
    }
}

/// A day like any other.
fn entries() -> Vec<Entry> {
    let reasons = [
        Reason::Granted,
        Reason::Granted,
        Reason::Expired,
        Reason::Granted,
        Reason::NotAPass,
        Reason::Granted,
        Reason::StatusUnknown,
        Reason::LockedOut,
        Reason::UnknownIssuer,
    ];
    // Wide letters: a number must never be cut.
    let numbers = ["7KQ2M9F", "QWNZ9B5", "TGCXGEM", "WMWQ8M3"];
    (0..50_u64)
        .map(|at| {
            let reason = reasons[at as usize % reasons.len()];
            let known = !matches!(reason, Reason::NotAPass | Reason::UnknownIssuer);
            Entry {
                seq: 128 - at,
                at_ms: (NOW as u64 - at * 611) * 1000,
                reason,
                pass: known.then(|| numbers[at as usize % numbers.len()].to_string()),
                issuer: known.then(|| "hanbit".to_string()),
                service: Service::Entry,
                kind: known.then_some(if at % 9 == 4 {
                    EntryKind::Printed
                } else {
                    EntryKind::Live
                }),
                outcome: match (reason, at) {
                    (Reason::Granted, 5) => Some("door_failed".into()),
                    (Reason::Granted, _) => Some("opened".into()),
                    _ => None,
                },
            }
        })
        .collect()
}

/// The pages behind the tabs, as the owner sees them.
#[test]
fn the_other_staff_pages() {
    for (size, language, layout) in [
        (PORTRAIT, Language::Ko, "ko-portrait"),
        (LANDSCAPE, Language::En, "en-landscape"),
    ] {
        let now = Instant::now();
        let mut state = staff::State::new(language, Scale::new(size, 10.1), NOW, now);
        let mut on = |message| state.update(message, now);
        use staff::{Answer, Message, Tab};
        let ok = StaffCheck::Ok {
            name: "owner".into(),
            role: Role::Owner,
        };
        on(Message::Answer(Answer::HasStaff(true)));
        let staff::Action::Ask(staff::Request::Rows(rows)) =
            on(Message::Answer(Answer::Checked(ok)))
        else {
            panic!()
        };
        on(Message::Answer(Answer::Rows(rows, entries(), 128)));
        on(Message::Open(127));
        on(Message::Answer(Answer::BlockOf("QWNZ9B5".into(), None)));
        on(Message::Ask(true));
        take(&format!("entry-{layout}"), size, state.view());

        let mut on = |message| state.update(message, now);
        on(Message::Tab(Tab::Blocked));
        on(Message::Answer(Answer::Blocked(blocked())));
        on(Message::Unblock("TGCXGEM".into()));
        take(&format!("blocked-{layout}"), size, state.view());

        let mut on = |message| state.update(message, now);
        on(Message::Tab(Tab::Issuers));
        on(Message::Answer(Answer::Issuers(issuers())));
        take(&format!("issuers-{layout}"), size, state.view());
        let mut on = |message| state.update(message, now);
        on(Message::Issuer("hanbit".into()));
        take(&format!("issuer-{layout}"), size, state.view());
    }
}

fn blocked() -> Vec<Blocked> {
    let one = |number: &str, who: &str, why: &str, days: u64| Blocked {
        number: number.into(),
        who: who.into(),
        why: why.into(),
        at: NOW as u64 - days * 86_400,
    };
    vec![
        one("WMWQ8M3", "helper 1", "misuse", 0),
        one("TGCXGEM", "owner", "lost", 3),
        one("7KQ2M9F", "command line", "card found in the street", 20),
    ]
}

fn issuers() -> Vec<staff::Issuer> {
    use staff::{Issuer, KeyLine, ListLine, Repository, Stand};
    const DAY: u64 = 86_400;
    let now = NOW as u64;
    let aged = |days: u64, grace: Option<u64>| Standing::Aged {
        age: days * DAY,
        grace: grace.map(|days| days * DAY),
    };
    let stands = |all: [Standing; 3], forbidden: Option<Service>| {
        let mut all = all.into_iter();
        Service::ALL.map(|service| Stand {
            service,
            standing: all.next().unwrap(),
            forbidden: (forbidden == Some(service)).then(|| "owner".into()),
        })
    };
    let key = |kid: &str, services: &[Service], until: u64, distrusted| KeyLine {
        kid: kid.into(),
        services: services.into(),
        verify_until: now + until * DAY,
        distrusted,
    };
    let list = |uri: &str, days: Option<u64>| ListLine {
        uri: uri.into(),
        passes: days.map_or(0, |_| 1 << 20),
        iat: days.map(|days| now - days * DAY),
    };
    let issuer = |id: &str, ko: &str, en: &str| Issuer {
        id: id.into(),
        ko: Some(ko.into()),
        en: Some(en.into()),
        services: stands(
            [aged(0, None), aged(0, Some(7)), Standing::NotOffered],
            None,
        ),
        keys: vec![key("c464d8b4", &Service::ALL, 700, false)],
        lists: vec![list("k:3.12", Some(0))],
        repository: Repository {
            anchor: "5f1d0a77".into(),
            from: "https://pass.example.org/trust".into(),
            updated: now - 3_600,
            expires: None,
            failed: None,
        },
    };
    let mut hanbit = issuer("hanbit", "한빛", "Hanbit");
    hanbit.services = stands(
        [aged(3, None), aged(3, Some(7)), aged(4, Some(3))],
        Some(Service::Adult),
    );
    hanbit.keys = vec![
        key("c464d8b4", &Service::ALL, 700, false),
        key("0a91be22", &[Service::Entry], 12, false),
        key("77aa0193", &Service::ALL, 400, true),
    ];
    hanbit.lists = vec![
        list("k:3.12", Some(3)),
        list("k:3.13", Some(4)),
        list("k:3.14", None),
    ];
    hanbit.repository.updated = now - 3 * DAY;
    hanbit.repository.failed = Some((now - 600, "no network".into()));
    let mut city = issuer("city-seoul", "서울시민카드", "Seoul Citizen Card");
    city.services = stands([aged(9, None), Standing::NoList, aged(1, Some(3))], None);
    vec![city, hanbit, issuer("mirae", "미래", "Mirae")]
}
