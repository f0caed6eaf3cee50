//! Rooms for one visit at a time, and doors that are free or closed, end to end: a file stands in for the contact.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use munjigi::store::{EntryFilter, EntryKind, Store};
use serde_json::Value;

use crate::{
    command::{munjigi, text},
    relay::{ON, Relay},
    shop::{Kiosk, Shop, held, now, of_kind},
};

/// Emulated seconds are real ones, but a busy machine draws frames slowly.
const PATIENCE: Duration = Duration::from_secs(120);
/// Long enough for a code that was in view to count as gone.
const GONE: Duration = Duration::from_millis(4_500);
const OPEN: &str = r#"{"command":"open"}"#;

/// A door with a contact, before which the test holds up phones.
struct Door {
    shop: Shop,
    kiosk: Kiosk,
    relay: Relay,
    config: PathBuf,
    /// Rows in the log when the board got each ON.
    rows_at_on: Arc<Mutex<Vec<u64>>>,
}

impl Door {
    /// `more` follows the table `[door]`.
    fn new(shop: Shop, more: &str) -> Self {
        let rows_at_on = Arc::new(Mutex::new(Vec::new()));
        let (counted, data) = (rows_at_on.clone(), shop.data());
        let relay = Relay::new(move |order| {
            if order == ON {
                let store = Store::open_shared(&data).unwrap();
                let rows = store.count(&EntryFilter::default()).unwrap();
                counted.lock().unwrap().push(rows);
            }
        });
        let config = shop.configure(&[held(600.0)], &relay.port);
        let text = std::fs::read_to_string(&config).unwrap() + more;
        std::fs::write(&config, text).unwrap();
        std::fs::write(shop.path("contact"), "closed").unwrap();
        Self {
            kiosk: Kiosk::start(&config),
            shop,
            relay,
            config,
            rows_at_on,
        }
    }

    fn contact(&self, says: &str) {
        std::fs::write(self.shop.path("contact"), says).unwrap();
        let seen = |event: &Value| event["event"] == "contact" && event["state"] == says;
        self.kiosk.until(PATIENCE, seen);
    }

    /// Waits until the room is like this.
    fn room(&self, state: &str) -> Value {
        let seen = self.kiosk.until(PATIENCE, |event| {
            event["event"] == "room" && event["state"] == state
        });
        seen.last().unwrap().clone()
    }

    /// Waits for the next decision.
    fn entry(&self) -> Value {
        let seen = self
            .kiosk
            .until(PATIENCE, |event| event["event"] == "entry");
        seen.last().unwrap().clone()
    }

    fn show(&self, text: &str) -> Value {
        self.shop.hold(text);
        self.entry()
    }

    fn gone(&self) {
        self.shop.hold("");
        std::thread::sleep(GONE);
    }

    /// Somebody who was let in goes through the door and closes it.
    fn goes_in(&self) -> Value {
        self.contact("open");
        self.contact("closed");
        self.room("occupied")
    }

    fn opened(&self, times: usize) {
        let end = Instant::now() + GONE;
        while self.relay.opened() < times && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(self.relay.opened(), times);
    }

    fn store(&self) -> Store {
        Store::open_shared(&self.shop.data()).unwrap()
    }
}

fn contact(table: &str) -> String {
    format!("[door.{table}]\ndriver = \"simulated\"\npath = \"contact\"\n")
}

#[test]
fn a_restroom_is_for_one_visit_at_a_time() {
    let mut shop = Shop::new();
    let (first, second) = (shop.grown_up(), shop.grown_up());
    shop.trust();
    let door = Door::new(shop, &(contact("contact") + "[room]\nsingle = true\n"));
    door.room("unknown");
    let granted = door.show(&first.text(now()));
    assert_eq!(granted["reason"], "granted");
    let inside = door.goes_in();
    assert_eq!(inside["seq"], granted["seq"]);
    assert_eq!(inside["left_seconds"], Value::Null);

    // The next one is told that it is in use, by pass number: nothing is wrong with that pass.
    door.gone();
    let presentation = second.text(now() + 8);
    let refused = door.show(&presentation);
    assert_eq!(
        (&refused["verdict"], &refused["reason"]),
        (&"refused".into(), &"occupied".into())
    );
    assert_eq!(refused["pass"], second.number);
    door.opened(1);

    // Nobody was let in, and somebody comes out.
    door.gone();
    door.contact("open");
    door.contact("closed");
    door.room("free");
    // That presentation was not used up.
    let granted = door.show(&presentation);
    assert_eq!(granted["reason"], "granted", "{granted}");
    door.opened(2);
    // Who does not open has not come.
    door.room("free");

    let Door {
        kiosk,
        shop,
        rows_at_on,
        ..
    } = door;
    assert_eq!(kiosk.stop(), 0);
    assert_eq!(
        *rows_at_on.lock().unwrap(),
        [1, 3],
        "the row was on disk before the relay moved"
    );
    let data = shop.data();
    let verified = munjigi(&["log", "verify", "--data", data.to_str().unwrap()], "");
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified));
}

#[test]
fn a_room_in_use_stays_in_use_through_a_kill_and_the_end_of_the_stay_is_recorded() {
    let mut shop = Shop::new();
    let (first, second) = (shop.grown_up(), shop.grown_up());
    shop.trust();
    let room = "[room]\nsingle = true\nstay_minutes = 1\n";
    let mut door = Door::new(shop, &(contact("contact") + room));
    let entry = door.show(&first.text(now()));
    let inside = door.goes_in();
    assert!(inside["left_seconds"].as_u64().unwrap() >= 58, "{inside}");
    door.shop.hold("");
    let killed = std::mem::replace(&mut door.kiosk, Kiosk::start(&door.config));
    // Only one kiosk has the folder: the second one ends, and the first is killed.
    assert_eq!(door.kiosk.child.wait().unwrap().code(), Some(3));
    killed.kill();
    door.kiosk = Kiosk::start(&door.config);

    let again = door.room("occupied");
    assert_eq!(
        (&again["seq"], &again["since"]),
        (&entry["seq"], &again["since"])
    );
    let left = again["left_seconds"].as_u64().unwrap();
    assert!(left < 60, "the time before the kill counts: {again}");
    let refused = door.show(&second.text(now()));
    assert_eq!(refused["reason"], "occupied");
    door.shop.hold("");

    let over = door.room("overstayed");
    assert_eq!(over["seq"], entry["seq"]);
    let outcome = || {
        let all = EntryFilter {
            limit: 10,
            ..EntryFilter::default()
        };
        door.store()
            .entries(&all)
            .unwrap()
            .last()
            .unwrap()
            .outcome
            .clone()
    };
    let begin = Instant::now();
    while outcome().as_deref() != Some("overstayed") && begin.elapsed() < GONE {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(outcome().as_deref(), Some("overstayed"));
    // Nothing was locked or unlocked by it.
    door.opened(1);

    // Staff look, and say that nobody is in it.
    door.kiosk.say(r#"{"command":"vacate"}"#);
    door.room("free");
    let granted = door.show(&second.text(now()));
    assert_eq!(granted["reason"], "granted");
    let data = door.shop.data();
    assert_eq!(door.kiosk.stop(), 0);
    let db = rusqlite::Connection::open(data.join("munjigi.db")).unwrap();
    let who: String = db
        .query_row(
            "SELECT who FROM access WHERE what = 'room set free'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(who, "standard input");
    let overstays: i64 = db
        .query_row(
            "SELECT count(*) FROM outcome WHERE state = 'overstayed'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(overstays, 1, "told once");
}

#[test]
fn a_free_door_opens_without_a_pass_and_never_without_a_row() {
    let mut shop = Shop::new();
    let visitor = shop.grown_up();
    shop.trust();
    let more = "access = \"free\"\n".to_string() + &contact("contact") + "[room]\nsingle = true\n";
    let mut door = Door::new(shop, &more);
    let seen = door
        .kiosk
        .until(PATIENCE, |event| event["event"] == "ready");
    assert_eq!(of_kind(&seen, "access")[0]["access"], "free");

    // Pressed again and again while the door is open: one opening, one row.
    for _ in 0..5 {
        door.kiosk.say(OPEN);
    }
    door.kiosk.say("open the door");
    let entry = door.entry();
    assert_eq!(
        (&entry["reason"], &entry["kind"]),
        (&"granted".into(), &"free".into())
    );
    assert_eq!(
        (&entry["pass"], &entry["issuer"]),
        (&Value::Null, &Value::Null)
    );
    door.opened(1);
    door.goes_in();
    // Beyond the pace: the room is in use for everybody.
    std::thread::sleep(Duration::from_millis(2_500));
    door.kiosk.say(OPEN);
    let refused = door.entry();
    assert_eq!(
        (&refused["reason"], &refused["kind"]),
        (&"occupied".into(), &"free".into())
    );
    door.contact("open");
    door.contact("closed");
    door.room("free");
    // A pass is taken as well.
    let granted = door.show(&visitor.text(now()));
    assert_eq!(
        (&granted["reason"], &granted["kind"]),
        (&"granted".into(), &"live".into())
    );
    door.opened(2);
    assert_eq!(*door.rows_at_on.lock().unwrap(), [1, 3]);

    let rows = door
        .store()
        .entries(&EntryFilter {
            limit: 10,
            ..EntryFilter::default()
        })
        .unwrap();
    let kinds: Vec<_> = rows.iter().rev().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [EntryKind::Free, EntryKind::Free, EntryKind::Live].map(Some)
    );
    assert!(rows.last().unwrap().pass.is_none());
    let data = door.shop.data();
    assert_eq!(door.kiosk.stop(), 0);
    let listed = munjigi(&["log", "export", "--data", data.to_str().unwrap()], "");
    let listed = text(&listed);
    assert!(
        listed.contains(",granted,granted,entry,free,,,opened\n"),
        "{listed}"
    );
}

#[test]
fn a_closed_door_and_one_that_asks_for_passes_do_not_open_to_a_command() {
    let mut shop = Shop::new();
    let visitor = shop.grown_up();
    shop.trust();
    let mut door = Door::new(shop, "access = \"closed\"\n");
    let refused = door.show(&visitor.text(now()));
    assert_eq!(
        (&refused["verdict"], &refused["reason"]),
        (&"refused".into(), &"closed".into())
    );
    door.kiosk.say(OPEN);
    let refused = door.entry();
    assert_eq!(
        (&refused["reason"], &refused["kind"]),
        (&"closed".into(), &"free".into())
    );
    assert_eq!(door.relay.opened(), 0);
    let Door { shop, kiosk, .. } = door;
    assert_eq!(kiosk.stop(), 0);

    let mut door = Door::new(shop, "");
    door.gone();
    door.kiosk.say(OPEN);
    let granted = door.show(&visitor.text(now()));
    assert_eq!(
        (&granted["reason"], &granted["seq"]),
        (&"granted".into(), &3.into()),
        "the command left no row"
    );
    assert_eq!(door.kiosk.stop(), 0);
}

#[test]
fn a_lost_contact_is_a_fault_and_keeps_nobody_out_and_the_doctor_names_it() {
    let mut shop = Shop::new();
    let (first, second) = (shop.grown_up(), shop.grown_up());
    shop.trust();
    let room = "[room]\nsingle = true\ncontact = \"bolt\"\n";
    let door = Door::new(shop, &(contact("bolt") + room));
    // Closed is locked from inside, whoever is there.
    door.room("occupied");
    let refused = door.show(&first.text(now()));
    assert_eq!(refused["reason"], "occupied");
    door.gone();
    door.contact("open");
    door.room("free");
    assert_eq!(door.show(&first.text(now()))["reason"], "granted");
    door.contact("closed");
    door.room("occupied");
    door.shop.hold("");

    std::fs::remove_file(door.shop.path("contact")).unwrap();
    let seen = door
        .kiosk
        .until(PATIENCE, |event| event["event"] == "fault");
    let fault = seen.last().unwrap();
    assert_eq!(fault["part"], "contact");
    let detail = fault["detail"].as_str().unwrap();
    assert!(
        detail.contains("the contact of the bolt: ") && detail.contains("run munjigi doctor"),
        "{detail}"
    );
    let doctor = || {
        let config = door.config.to_str().unwrap();
        text(&munjigi(&["doctor", "--config", config], ""))
    };
    assert!(doctor().contains("Write open or closed into the file of door.bolt.path"));
    door.room("unknown");
    assert_eq!(door.show(&second.text(now()))["reason"], "granted");
    door.opened(2);

    std::fs::write(door.shop.path("contact"), "open").unwrap();
    let mended = |event: &Value| event["event"] == "fault" && event["detail"] == "";
    door.kiosk.until(PATIENCE, mended);
    let said = doctor();
    assert!(
        said.contains("contact: the bolt is not locked")
            || said.contains(": the bolt is not locked, or a wire is cut"),
        "{said}"
    );
    assert_eq!(door.kiosk.stop(), 0);
}
