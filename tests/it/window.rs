//! The kiosk in a real window on a real X server: a visitor's pass turns it green, a revoked one red, and a finger on the
//! clock leads to the staff pages.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use munjigi::{
    store::{EntryFilter, EntryKind, Role, Store},
    theme,
};

use crate::shop::{MUNJIGI, Shop, nothing, now};

const PATIENCE: Duration = Duration::from_secs(90);
const CODE: &str = "918273";
/// Where things are on an upright screen of 800x1280.
const CLOCK: (u32, u32) = (712, 50);
/// The middle of the idle page, and a button of the row about the room.
const BUTTON: (u32, u32) = (400, 850);
const VACATE: (u32, u32) = (680, 130);
const COLUMNS: [u32; 3] = [205, 400, 594];
const ROWS: [u32; 4] = [584, 720, 854, 989];

/// A child that does not outlive the test.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An X server with nothing on it.
struct Screen {
    display: String,
    _server: Ends,
}

impl Screen {
    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
                "800x1280x24",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (Debian: xvfb)");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut number)
            .unwrap();
        Self {
            display: format!(":{}", number.trim()),
            _server: Ends(server),
        }
    }

    /// The screen as it is, pixel by pixel.
    fn picture(&self) -> Vec<[u8; 3]> {
        let output = Command::new("import")
            .args([
                "-display",
                &self.display,
                "-window",
                "root",
                "-depth",
                "8",
                "rgb:-",
            ])
            .output()
            .expect("import (Debian: imagemagick)");
        let (pixels, _) = output.stdout.as_chunks::<3>();
        pixels.to_vec()
    }

    /// How much of the screen has a colour, 0 to 1.
    fn share(&self, colour: iced::Color) -> f64 {
        let picture = self.picture();
        let wanted = rgb(colour);
        picture.iter().filter(|pixel| **pixel == wanted).count() as f64
            / picture.len().max(1) as f64
    }

    fn wait_for(&self, colour: iced::Color, what: &str) {
        let begin = Instant::now();
        while self.share(colour) < 0.4 {
            assert!(begin.elapsed() < PATIENCE, "never {what}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn touch(&self, (x, y): (u32, u32), time: Duration) {
        for part in [format!("mousemove {x} {y} mousedown 1"), "mouseup 1".into()] {
            let words = part.split(' ');
            let told = Command::new("xdotool")
                .args(words)
                .env("DISPLAY", &self.display)
                .status();
            assert!(told.expect("xdotool (Debian: xdotool)").success());
            std::thread::sleep(time);
        }
    }

    fn type_code(&self) {
        for digit in CODE.bytes().map(|digit| u32::from(digit - b'0')) {
            let place = match digit {
                0 => (COLUMNS[1], ROWS[3]),
                digit => (
                    COLUMNS[(digit as usize - 1) % 3],
                    ROWS[(digit as usize - 1) / 3],
                ),
            };
            self.touch(place, Duration::from_millis(150));
        }
    }
}

fn rgb(colour: iced::Color) -> [u8; 3] {
    let [red, green, blue, _] = colour.into_rgba8();
    [red, green, blue]
}

/// White pixels in the part of the ring, its outer edge, that shows the time that has passed.
fn left_over(picture: &[[u8; 3]]) -> usize {
    // The ring is the first thing below the clock, in the middle, and 360 pixels high.
    let top = (150..600).find(|y| picture[y * 800 + 400] != rgb(theme::REFUSED));
    let centre = (400.0, top.unwrap() as f64 + 180.0);
    let at = |degrees: f64, radius: f64| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (x, y) = (centre.0 + cos * radius, centre.1 - sin * radius);
        picture[y.round() as usize * 800 + x.round() as usize]
    };
    // Where the circle reaches beyond the box around its middle line: near its top and its left.
    let angles = (96..104).chain(166..178).map(f64::from);
    let passed = angles.flat_map(|degrees| [175.0, 177.0].map(|radius| at(degrees, radius)));
    passed.filter(|pixel| *pixel == rgb(theme::PAPER)).count()
}

fn kiosk(config: &Path, display: &str) -> Ends {
    let kiosk = Command::new(MUNJIGI)
        .args(["kiosk", "--config"])
        .arg(config)
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("ICED_BACKEND", "tiny-skia")
        .spawn();
    Ends(kiosk.unwrap())
}

/// A shop whose staff have a code, and its configuration with a window.
fn with_window(
    shop: &mut Shop,
    acts: &[serde_json::Value],
    relay: &Path,
    more: &str,
) -> std::path::PathBuf {
    shop.trust();
    let store = Store::open_shared(&shop.data()).unwrap();
    assert!(
        store
            .set_staff("owner", Some(Role::Owner), CODE, now(), false)
            .unwrap()
    );
    let config = shop.configure(acts, relay);
    let text = std::fs::read_to_string(&config).unwrap() + more + "[screen]\nfull_screen = false\n";
    std::fs::write(&config, text).unwrap();
    config
}

#[test]
fn a_touch_on_the_large_button_opens_a_free_door_and_staff_free_its_room() {
    let mut shop = Shop::new();
    let (relay, orders) = crate::relay::Relay::reporting();
    std::fs::write(shop.path("contact"), "closed").unwrap();
    let more = "access = \"free\"\n[door.contact]\ndriver = \"simulated\"\npath = \"contact\"\n[room]\nsingle = true\n";
    let config = with_window(&mut shop, &[nothing(600.0)], &relay.port, more);
    let screen = Screen::start();
    let _kiosk = kiosk(&config, &screen.display);
    // A part of the page has the button's colour; after the touch, the whole of it.
    let begin = Instant::now();
    while !(0.2..0.4).contains(&screen.share(theme::GRANTED)) {
        assert!(begin.elapsed() < PATIENCE, "there is no button");
        std::thread::sleep(Duration::from_millis(200));
    }
    while orders.try_recv().is_ok() {}
    screen.touch(BUTTON, Duration::from_millis(200));
    screen.wait_for(theme::GRANTED, "green");
    assert_eq!(orders.recv_timeout(PATIENCE), Ok(crate::relay::ON));
    let store = Store::open_shared(&shop.data()).unwrap();
    let rows = || {
        let all = EntryFilter {
            limit: 10,
            ..EntryFilter::default()
        };
        store.entries(&all).unwrap()
    };
    assert_eq!(rows()[0].kind, Some(EntryKind::Free));
    assert_eq!(rows()[0].pass, None);

    // In, and the door closed: nobody else is offered a button.
    for says in ["open", "closed"] {
        std::fs::write(shop.path("contact"), says).unwrap();
        std::thread::sleep(Duration::from_millis(500));
    }
    let begin = Instant::now();
    while !(0.2..0.4).contains(&screen.share(theme::UNDECIDED)) {
        assert!(
            begin.elapsed() < PATIENCE,
            "the room is not shown as in use"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    screen.touch(BUTTON, Duration::from_millis(200));
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(rows().len(), 1);

    // Staff look, and say that it is free.
    screen.touch(CLOCK, Duration::from_millis(2_400));
    screen.type_code();
    let db = rusqlite::Connection::open(shop.data().join("munjigi.db")).unwrap();
    let accessed = |what: &str| {
        let count = "SELECT count(*) FROM access WHERE who = 'owner' AND what LIKE ?1";
        let begin = Instant::now();
        while db
            .query_row(count, [what], |row| row.get::<_, i64>(0))
            .unwrap()
            == 0
        {
            assert!(begin.elapsed() < PATIENCE, "never {what}");
            std::thread::sleep(Duration::from_millis(200));
        }
    };
    accessed("entries %");
    std::thread::sleep(Duration::from_millis(500));
    screen.touch(VACATE, Duration::from_millis(200));
    accessed("room set free");
    assert_eq!(
        store.room().unwrap().unwrap().state,
        munjigi::gate::room::State::Free
    );
}

#[test]
fn visitors_see_colours_and_staff_see_the_entries() {
    let mut shop = Shop::new();
    let (visitor, revoked) = (shop.grown_up(), shop.grown_up());
    shop.revoke(&revoked.number);
    let acts = [
        nothing(3.0),
        shop.live(&visitor, 4.0),
        nothing(4.0),
        shop.live(&revoked, 4.0),
        nothing(600.0),
    ];
    let (relay, _orders) = crate::relay::Relay::reporting();
    let config = with_window(&mut shop, &acts, &relay.port, "");
    let store = Store::open_shared(&shop.data()).unwrap();

    let screen = Screen::start();
    let _kiosk = kiosk(&config, &screen.display);
    screen.wait_for(theme::GRANTED, "green");
    screen.wait_for(theme::REFUSED, "red");
    std::thread::sleep(Duration::from_millis(1_500));
    let picture = screen.picture();
    assert_eq!(picture[0], rgb(theme::REFUSED), "the page is still there");
    assert_eq!(left_over(&picture), 0, "the ring leaves nothing behind");
    screen.wait_for(theme::GROUND, "idle again");

    screen.touch(CLOCK, Duration::from_millis(2_400));
    screen.type_code();
    // Looking at the log is itself recorded: that is how it is known that the entries are on the screen.
    let db = rusqlite::Connection::open(shop.data().join("munjigi.db")).unwrap();
    let begin = Instant::now();
    let looked = loop {
        let looked: Result<String, _> =
            db.query_row("SELECT what FROM access WHERE who = 'owner'", [], |row| {
                row.get(0)
            });
        match looked {
            Ok(looked) => break looked,
            Err(_) => assert!(begin.elapsed() < PATIENCE, "the staff pages did not open"),
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert!(looked.starts_with("entries "), "{looked}");
    let rows = store
        .entries(&EntryFilter {
            limit: 10,
            ..EntryFilter::default()
        })
        .unwrap();
    let reasons: Vec<&str> = rows.iter().rev().map(|row| row.reason.code()).collect();
    assert_eq!(reasons, ["granted", "revoked"]);
}
