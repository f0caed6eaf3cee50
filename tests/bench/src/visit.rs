//! From a frame handed to the scanner to the byte on the relay's line: the kiosk's own steps on one thread, SQLite on disk,
//! a pseudo-terminal as the relay board, a drawn phone with another live pass for every visit.

use std::{
    io::Read,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use munjigi::{
    camera::{Source, phone::Phone},
    clock::{Clock, SystemClock},
    config,
    door::{self, Pulse},
    gate::{Policy, access::Pace, presence::Presence},
    kiosk::{Event, challenge::Challenges, room::Room, visit::Visits},
    pass::{Reason, Service},
    scan,
};
use nix::{
    pty::openpty,
    sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr},
    unistd::ttyname,
};
use serde_json::json;
use tokio::sync::{broadcast, watch};

use crate::{quantile, shop::Shop};

const VISITS: u32 = 300;

pub fn run() {
    for grade in ["easy", "medium"] {
        measure(grade);
    }
}

fn measure(grade: &str) {
    let mut shop = Shop::new();
    let mut acts = Vec::new();
    for number in 0..VISITS {
        let mut seed = [1; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        let (_, credential) = shop.issue(seed);
        let name = |kind: &str| shop.folder.path().join(format!("{number}.{kind}"));
        std::fs::write(name("cwt"), credential).unwrap();
        let digits: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        std::fs::write(name("key"), digits).unwrap();
        acts.push(
            json!({"show": "live", "wallet_key": name("key"), "credential": name("cwt"), "aud": "E",
                         "seconds": 0.15, "grade": grade}),
        );
    }
    let script = shop.folder.path().join("script.json");
    std::fs::write(
        &script,
        json!({"acts": acts, "fps": 240, "seed": 11}).to_string(),
    )
    .unwrap();
    let mut phone = Phone::open(&script).unwrap();
    let (store, trust) = shop.trust();

    let pty = openpty(None, None).unwrap();
    let mut raw = tcgetattr(&pty.slave).unwrap();
    cfmakeraw(&mut raw);
    tcsetattr(&pty.slave, SetArg::TCSANOW, &raw).unwrap();
    let port = ttyname(&pty.slave).unwrap();
    let (sender, orders) = mpsc::channel();
    let mut board = std::fs::File::from(pty.master);
    std::thread::spawn(move || {
        let mut order = [0; 4];
        while board.read_exact(&mut order).is_ok() {
            if order[2] == 1 && sender.send(Instant::now()).is_err() {
                break;
            }
        }
    });
    let relay = config::Door {
        driver: config::DoorDriver::SerialLcus,
        port,
        ..config::Door::default()
    };
    let (door_events, door_told) = mpsc::channel();
    let pulse = Pulse::start(door::opener(&relay), Duration::from_secs(10), door_events);
    door_told.recv_timeout(Duration::from_secs(5)).unwrap();

    let (events, mut told) = broadcast::channel(64);
    let (_stores, store) = watch::channel(Some(store));
    let (_trusts, trust) = watch::channel(Arc::new(trust));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let mut visits = Visits {
        policy: Policy::new(Service::Entry),
        unlock: Duration::from_secs(1),
        store,
        trust,
        formats: watch::channel(Arc::default()).1,
        door: Arc::new(pulse),
        room: Room::new(None, mpsc::channel().1, events.clone(), clock.clone()),
        commands: mpsc::channel().1,
        pace: Pace::new(1_000),
        clock,
        ways: Vec::new(),
        challenges: Challenges::new("E".parse().unwrap(), events.clone()),
        events,
        presence: Presence::new(),
        started: Instant::now(),
    };

    let (mut totals, mut scans, mut verifies, mut commits) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut frames = 0;
    while let Some(frame) = phone.next().unwrap() {
        frames += 1;
        let handed = Instant::now();
        let found = scan::read(&frame.luma, scan::Effort::Frame);
        visits.see(&found, handed);
        while let Ok(event) = told.try_recv() {
            if let Event::Entry {
                reason: Reason::Granted,
                ms,
                ..
            } = event
            {
                let byte = orders.recv_timeout(Duration::from_secs(5)).unwrap();
                totals.push(byte.duration_since(handed).as_secs_f64() * 1000.0);
                scans.push(ms.scan);
                verifies.push(ms.verify);
                commits.push(ms.commit);
            }
        }
    }
    let line = |name: &str, samples: &mut Vec<f64>| {
        println!(
            "visit, {grade}: {name:<20} median {:5.1} ms, p99 {:5.1} ms",
            quantile(samples, 0.5),
            quantile(samples, 0.99)
        );
    };
    println!(
        "visit, {grade}: {} of {VISITS} phones admitted, {frames} frames",
        totals.len()
    );
    line("scan", &mut scans);
    line("verify", &mut verifies);
    line("commit", &mut commits);
    line("frame to relay byte", &mut totals);
}
