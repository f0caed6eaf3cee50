//! A store's till is told of every entry, and counts each once, whoever is killed.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    os::unix::{net::UnixStream, process::ExitStatusExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use munjigi::{
    gate::Policy,
    issuer::Eligibility,
    pass::{Reason, Reference, Service},
    store::{NewEntry, Notice, Store, Way},
};
use serde_json::Value;

use crate::{
    record::visit,
    relay::Relay,
    shop::{DAY, Holder, Kiosk, Shop, held, now},
};

const PATIENCE: Duration = Duration::from_secs(180);
const SECRET: &[u8; 32] = b"a secret of thirty-two bytes    ";
/// How every payment reference here begins; nothing else does by chance.
const REFERENCE: [u8; 7] = [0xA7, 0x5C, 0x91, 0x3E, 0xD2, 0x68, 0xF0];

fn reference(number: u8) -> [u8; 8] {
    let mut reference = [number; 8];
    reference[..7].copy_from_slice(&REFERENCE);
    reference
}

/// The till's program, and the database that it counts in: both outlive each other.
struct Till {
    port: u16,
    folder: tempfile::TempDir,
    running: Option<Child>,
}

impl Till {
    fn new() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            port: free.local_addr().unwrap().port(),
            folder: tempfile::tempdir().unwrap(),
            running: None,
        }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("till.db")
    }

    /// Starts it; for the moods see `till.py`.
    fn up(&mut self, mood: &str) {
        let mut child = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/till.py"))
            .arg(self.port.to_string())
            .arg(self.database())
            .arg(mood)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut open = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut open).unwrap();
        assert_eq!(open, "open\n");
        self.running = Some(child);
    }

    /// SIGKILL, whatever it is doing.
    fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.kill();
            let _ = running.wait();
        }
    }

    /// Waits until it has killed itself.
    fn dead(&mut self) {
        let status = self.running.take().unwrap().wait().unwrap();
        assert_eq!(status.signal(), Some(9), "{status}");
    }

    fn read<T>(&self, query: &str, row: impl Fn(&rusqlite::Row<'_>) -> T) -> Vec<T> {
        let db = rusqlite::Connection::open(self.database()).unwrap();
        let mut query = db.prepare(query).unwrap();
        let rows = query.query_map((), |found| Ok(row(found))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Requests so far; every one was signed as it should be.
    fn received(&self) -> usize {
        let genuine = self.read("SELECT genuine FROM request", |row| {
            row.get::<_, bool>(0).unwrap()
        });
        assert!(genuine.iter().all(|genuine| *genuine));
        genuine.len()
    }

    /// Entries by their webhook-id, in the order in which each came first.
    fn ledger(&self) -> Vec<(String, Value)> {
        self.read("SELECT id, body FROM counted ORDER BY at", |row| {
            let body: String = row.get(1).unwrap();
            (row.get(0).unwrap(), serde_json::from_str(&body).unwrap())
        })
    }

    /// The last byte of each reference, in the order in which they were counted.
    fn counted(&self) -> Vec<u8> {
        let reference = |(_, body): (String, Value)| {
            let reference = hex::decode(body["data"]["reference"].as_str().unwrap()).unwrap();
            assert_eq!((reference.len(), &reference[..7]), (8, &REFERENCE[..]));
            reference[7]
        };
        self.ledger().into_iter().map(reference).collect()
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        self.kill();
    }
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A store whose camera sees what the test decides on.
struct Market {
    shop: Shop,
    relay: Relay,
    visitors: Vec<Holder>,
    config: PathBuf,
}

impl Market {
    fn new(visitors: u8, till: &str) -> Self {
        let mut shop = Shop::new();
        let holder = |number| Eligibility::Reference(reference(number));
        let visitors = (0..visitors)
            .map(|number| shop.holder(now() - DAY, holder(number)))
            .collect();
        shop.trust();
        let secret = format!("whsec_{}\n", BASE64.encode(SECRET));
        std::fs::write(shop.path("till.secret"), secret).unwrap();
        let (relay, _orders) = Relay::reporting();
        let config = shop.configure(&[held(600.0)], &relay.port);
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(
            &config,
            format!("{text}service = \"store\"\n[till]\n{till}"),
        )
        .unwrap();
        Self {
            shop,
            relay,
            visitors,
            config,
        }
    }

    fn start(&self) -> Kiosk {
        self.shop.hold("");
        Kiosk::start(&self.config)
    }

    /// A visitor comes in; gives the events until then.
    fn admit(&self, kiosk: &Kiosk, visitor: usize) -> Vec<Value> {
        self.shop.hold(&self.visitors[visitor].text(now()));
        let seen = kiosk.until(PATIENCE, |event| event["event"] == "entry");
        self.shop.hold("");
        assert_eq!(seen.last().unwrap()["reason"], "granted", "{seen:#?}");
        seen
    }

    fn files(&self) -> Vec<u8> {
        let read = |name: &str| std::fs::read(self.shop.data().join(name)).unwrap_or_default();
        ["munjigi.db", "munjigi.db-wal"].map(read).concat()
    }
}

fn until_waiting(kiosk: &Kiosk, some: bool) -> u64 {
    let seen = kiosk.until(PATIENCE, |event| {
        event["event"] == "outbox" && (event["waiting"] != 0) == some
    });
    seen.last().unwrap()["waiting"].as_u64().unwrap()
}

#[test]
fn entries_are_counted_once_in_order_whoever_is_killed() {
    let mut till = Till::new();
    let market = Market::new(
        7,
        &format!(
            "url = \"http://127.0.0.1:{}/entries\"\nsecret = \"till.secret\"\nkiosk = \"north\"\n",
            till.port
        ),
    );

    // The till is down: the entry waits through a kill of the kiosk, and the door does not.
    let kiosk = market.start();
    let seen = market.admit(&kiosk, 0);
    assert!(
        seen.iter()
            .all(|event| !event.to_string().contains("a75c91"))
    );
    assert_eq!(until_waiting(&kiosk, true), 1);
    kiosk.kill();
    assert_eq!(market.relay.opened(), 1);
    let clear = market.files().windows(7).any(|part| part == REFERENCE);
    assert!(!clear, "no reference lies in the files");
    let config = market.config.to_str().unwrap();
    let doctor = crate::command::munjigi(&["doctor", "--config", config], "");
    let said = crate::command::text(&doctor);
    assert!(said.contains("1 entries wait, the oldest for"), "{said}");

    // It comes up, counts, and is killed before it can answer; the kiosk is killed too.
    till.up("dies");
    let kiosk = market.start();
    market.admit(&kiosk, 1);
    till.dead();
    assert_eq!(till.received(), 1);
    kiosk.kill();

    // The till answers slowly; both are killed while the kiosk waits for that.
    till.up("slow");
    let kiosk = market.start();
    wait_for("a request", || till.received() == 2);
    kiosk.kill();
    till.kill();

    // It has a bad day, while more visitors come.
    till.up("fails");
    let kiosk = market.start();
    market.admit(&kiosk, 2);
    market.admit(&kiosk, 3);
    let before = till.received();
    wait_for("another attempt", || till.received() > before);
    till.kill();
    market.admit(&kiosk, 4);
    assert_eq!(till.counted(), [0], "the first one holds up the others");

    // And a good one; the kiosk is killed right after each entry.
    till.up("answers");
    until_waiting(&kiosk, false);
    market.admit(&kiosk, 5);
    kiosk.kill();
    let kiosk = market.start();
    market.admit(&kiosk, 6);
    kiosk.kill();
    let kiosk = market.start();
    wait_for("everything is told", || till.counted().len() == 7);
    wait_for("the outbox is empty", || {
        let store = Store::open_shared(&market.shop.data()).unwrap();
        store.outbox_backlog().unwrap().waiting == 0
    });
    assert_eq!(kiosk.stop(), 0);
    till.kill();

    assert_eq!(till.counted(), [0, 1, 2, 3, 4, 5, 6]);
    assert!(till.received() > 7 + 2, "some were told more than once");
    for (at, (id, body)) in till.ledger().iter().enumerate() {
        assert!(id.starts_with("msg_") && id.len() == 36, "{id}");
        assert_eq!(body["type"], "store.entry");
        assert_eq!(body["data"]["entry"], at + 1);
        assert_eq!(body["data"]["kiosk"], "north");
        let told: jiff::Timestamp = body["timestamp"].as_str().unwrap().parse().unwrap();
        assert!(told.as_second().abs_diff(now() as i64) < 600);
    }
}

#[test]
fn nothing_goes_in_the_clear_where_https_is_set() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let market = Market::new(
        1,
        &format!("url = \"https://127.0.0.1:{port}/entries\"\nsecret = \"till.secret\"\n"),
    );
    let kiosk = market.start();
    market.admit(&kiosk, 0);
    // A till without TLS: each attempt begins a handshake and ends with that.
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().unwrap();
        let mut first = [0; 3];
        stream.read_exact(&mut first).unwrap();
        assert_eq!(first[..2], [0x16, 0x03], "a TLS record with a handshake");
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    }
    assert_eq!(until_waiting(&kiosk, true), 1);
    assert_eq!(kiosk.stop(), 0);
}

#[test]
fn programs_of_this_machine_get_a_line_for_each_entry() {
    let market = Market::new(4, "socket = \"till.sock\"\n");
    let socket = market.shop.path("till.sock");
    let kiosk = market.start();
    kiosk.until(PATIENCE, |event| event["event"] == "ready");
    let connect = |path: &Path| {
        let mut connected = None;
        wait_for("the socket", || {
            connected = UnixStream::connect(path).ok();
            connected.is_some()
        });
        let stream = connected.unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        BufReader::new(stream)
    };
    let line = |reader: &mut BufReader<UnixStream>| -> Value {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    };
    let [mut one, mut other] = [connect(&socket), connect(&socket)];
    market.admit(&kiosk, 0);
    let told = line(&mut one);
    assert_eq!(told, line(&mut other));
    assert_eq!(told["type"], "store.entry");
    assert_eq!(told["data"]["reference"], hex::encode(reference(0)));
    assert_eq!(told["data"]["entry"], 1);
    assert!(told["data"]["kiosk"].is_null());
    drop((one, other));

    // Nobody is there: the entries wait, also for a kiosk that was killed and left its socket behind.
    market.admit(&kiosk, 1);
    market.admit(&kiosk, 2);
    kiosk.kill();
    let kiosk = market.start();
    market.admit(&kiosk, 3);
    assert!(until_waiting(&kiosk, true) >= 2);
    let mut late = connect(&socket);
    let told: Vec<Value> = (0..3).map(|_| line(&mut late)).collect();
    let references: Vec<&str> = told
        .iter()
        .map(|told| told["data"]["reference"].as_str().unwrap())
        .collect();
    assert_eq!(
        references,
        [1, 2, 3].map(|number| hex::encode(reference(number)))
    );
    until_waiting(&kiosk, false);
    assert_eq!(kiosk.stop(), 0);
}

#[test]
fn a_full_outbox_keeps_what_it_has_and_the_door_opens() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let policy = Policy::new(Service::Store);
    let entry = |number: u8, ways: &[Way]| NewEntry {
        service: Service::Store,
        notice: Some(Notice {
            reference: Reference(reference(number)),
            ways: ways.to_vec(),
        }),
        ..visit(now() + u64::from(number) * 100)
    };
    let record = |entry: NewEntry| store.record(entry, &policy, PATIENCE).unwrap().reason;
    let waiting = || store.outbox_backlog().unwrap().waiting;
    assert_eq!(record(entry(1, &[Way::Url])), Reason::Granted);
    // What is refused is nobody's bill.
    assert_eq!(record(entry(1, &[Way::Url])), Reason::Replayed);
    assert_eq!(waiting(), 1);
    let first = store.outbox_first(Way::Url).unwrap().unwrap();
    assert_eq!((first.seq, first.reference), (1, Reference(reference(1))));
    assert_eq!(store.outbox_first(Way::Socket).unwrap(), None);

    // As if a million had come since.
    let db = rusqlite::Connection::open(folder.path().join("munjigi.db")).unwrap();
    let copy = "INSERT INTO outbox SELECT way, 1000000, id, seq, at_ms, reference FROM outbox";
    db.execute(copy, []).unwrap();
    assert_eq!(waiting(), 1_000_000);
    assert_eq!(record(entry(2, &[Way::Url, Way::Socket])), Reason::Granted);
    assert_eq!(waiting(), 1_000_000);
    let other = store.outbox_first(Way::Socket).unwrap().unwrap();
    assert_eq!(other.reference, Reference(reference(2)));

    // One is told: there is room for one more.
    assert_eq!(store.outbox_first(Way::Url).unwrap().unwrap(), first);
    store.outbox_told(Way::Url, &first).unwrap();
    assert_eq!(record(entry(3, &[Way::Url])), Reason::Granted);
    let rows: i64 = db
        .query_row("SELECT count(*) FROM outbox WHERE n = 1000001", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(rows, 1);
}
