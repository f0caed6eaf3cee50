//! Revocation at scale: five issuers with ten million passes each, 5 % of them revoked. What their lists take in memory, a
//! look-up, a start from the disk, an update of one shard, and what decisions notice of it.

mod publish;

use std::{
    hint::black_box,
    path::Path,
    process::Command,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use munjigi::{
    gate::{Admission, Clock, Now, Policy, judge},
    pass::{Audience, Service, compose},
    store::{NewEntry, Store},
    trust::{Status, Trust, repository},
};

use crate::{
    quantile,
    shop::{Shop, now},
};
use publish::{Publisher, SHARD, SHARDS};

const ISSUERS: u8 = 5;
const LOOK_UPS: usize = 5_000_000;
const DECISIONS: usize = 1_500;
const UPDATES: usize = 20;
/// The command by which this program measures a start in a process of its own.
const START: &str = "trust-start";

pub fn run() {
    let mut shop = Shop::new();
    let (key, credential) = shop.issue([7; 32]);
    let (store, _) = shop.trust();
    let mut publishers: Vec<Publisher> = (0..ISSUERS)
        .map(|number| Publisher::new(&shop.folder.path().join(format!("repo{number}")), number))
        .collect();
    let mut stored = 0;
    for publisher in &mut publishers {
        publisher.publish(now());
        let (snapshot, _) = repository::pin(&publisher.root(), &publisher.folder, now()).unwrap();
        stored += snapshot
            .targets
            .iter()
            .map(|(_, bytes)| bytes.len())
            .sum::<usize>();
        store.save_trust(&snapshot, None).unwrap();
    }
    println!(
        "trust: {ISSUERS} issuers with {SHARDS} lists of {SHARD} passes each, 5 % revoked: {:.2} MB on the disk",
        stored as f64 / 1e6
    );
    drop(store);
    start(&shop.data());

    let store = Store::open(&shop.data()).unwrap();
    let mut held = repository::Held::default();
    let trust = repository::restore_beside(&store.load_trust().unwrap(), &mut held).unwrap();
    look_up(&trust);
    let trust = RwLock::new(Arc::new(trust));
    let decide = Decide {
        store: &store,
        trust: &trust,
        text: compose::text(&compose::presentation(
            &credential,
            &Audience {
                service: Service::Entry,
                venue: None,
            },
            now(),
            None,
            &key,
        )),
    };
    updates(&store, &trust, &mut held, &mut publishers[0], &decide);
}

/// A start in a process of its own: nothing is warm but the disk's pages.
fn start(data: &Path) {
    let program = std::env::current_exe().unwrap();
    let status = Command::new(program).arg(START).arg(data).status();
    assert!(status.unwrap().success());
}

/// What that process does, if this is it.
pub fn started(arguments: &[String]) -> bool {
    let [command, data] = arguments else {
        return false;
    };
    if command != START {
        return false;
    }
    let before = crate::resident("self");
    let begin = Instant::now();
    let store = Store::open(Path::new(data)).unwrap();
    let opened = begin.elapsed();
    let trust = store.trusted().unwrap();
    let whole = begin.elapsed();
    let bytes: usize = trust.lists.values().map(|list| list.bytes.capacity()).sum();
    let passes: usize = trust.lists.values().map(|list| list.passes()).sum();
    println!(
        "trust: start {:.0} ms, of it {:.0} ms for opening and checking the database; {:.1} million passes in {:.2} MB of lists, \
         {:.1} MB resident more than before",
        ms(whole),
        ms(opened),
        passes as f64 / 1e6,
        bytes as f64 / 1e6,
        crate::resident("self") - before
    );
    true
}

/// By URI and index, at random, as decisions do.
fn look_up(trust: &Trust) {
    let uris: Vec<&str> = trust.lists.keys().map(String::as_str).collect();
    let mut dice = publish::Dice(1);
    let places: Vec<(&str, u64)> = (0..LOOK_UPS)
        .map(|_| {
            let roll = dice.next();
            (
                uris[roll as usize % uris.len()],
                (roll >> 32) % SHARD as u64,
            )
        })
        .collect();
    let begin = Instant::now();
    let mut revoked = 0;
    for (uri, idx) in &places {
        let status = trust.lists[*uri].get(black_box(*idx));
        revoked += usize::from(status == Status::Revoked);
    }
    println!(
        "trust: look-up {:.0} ns ({} of {LOOK_UPS} revoked)",
        begin.elapsed().as_nanos() as f64 / LOOK_UPS as f64,
        black_box(revoked)
    );
}

/// Decisions with nothing else, then with one update after the other.
fn updates(
    store: &Store,
    trust: &RwLock<Arc<Trust>>,
    held: &mut repository::Held,
    publisher: &mut Publisher,
    decide: &Decide<'_>,
) {
    let mut idle: Vec<f64> = (0..DECISIONS).map(|_| decide.once()).collect();
    let anchor = repository::anchor(&publisher.root());
    let running = AtomicBool::new(true);
    let (mut during, mut times, mut bytes) = (Vec::new(), Vec::new(), 0);
    std::thread::scope(|scope| {
        let decisions = scope.spawn(|| {
            let mut all = Vec::new();
            while running.load(Ordering::Relaxed) {
                all.push(decide.once());
            }
            all
        });
        for number in 0..UPDATES {
            publisher.revoke(number % SHARDS);
            bytes = publisher.publish(now());
            let begin = Instant::now();
            let snapshots = store.load_trust().unwrap();
            let old = snapshots.iter().find(|old| old.anchor == anchor).unwrap();
            let (new, _) = repository::update(old, publisher.folder.as_path(), now()).unwrap();
            store.save_trust(&new, Some(old)).unwrap();
            drop(snapshots);
            let loaded = store.load_trust().unwrap();
            let fresh = repository::restore_beside(&loaded, held).unwrap();
            *trust.write().unwrap() = Arc::new(fresh);
            times.push(ms(begin.elapsed()));
        }
        running.store(false, Ordering::Relaxed);
        during = decisions.join().unwrap();
    });
    println!(
        "trust: update of one shard: median {:.0} ms, most {:.0} ms; {:.1} kB of changed files",
        quantile(&mut times, 0.5),
        quantile(&mut times, 1.0),
        bytes as f64 / 1e3
    );
    let (calm, busy) = (quantile(&mut idle, 0.99), quantile(&mut during, 0.99));
    println!(
        "trust: decisions with their row on the disk: idle median {:.2} ms, p99 {calm:.2} ms; during updates median {:.2} ms, \
         p99 {busy:.2} ms ({} decisions): ratio {:.2}",
        quantile(&mut idle, 0.5),
        quantile(&mut during, 0.5),
        during.len(),
        busy / calm
    );
}

struct Decide<'a> {
    store: &'a Store,
    trust: &'a RwLock<Arc<Trust>>,
    text: String,
}

impl Decide<'_> {
    /// One judgement and its row, in milliseconds.
    fn once(&self) -> f64 {
        let policy = Policy::new(Service::Entry);
        let at = Now {
            unix: now(),
            clock: Clock::Synced,
        };
        let begin = Instant::now();
        let trust = self.trust.read().unwrap().clone();
        let judgement = judge(self.text.as_bytes(), &trust, &policy, at, None);
        let entry = NewEntry {
            reason: judgement.reason,
            admission: Admission::of(&judgement, at.unix),
            pass: judgement.pass.as_ref().map(|pass| pass.number.clone()),
            issuer: judgement.issuer.clone(),
            service: policy.service,
            kind: judgement.kind.map(Into::into),
            room: None,
            notice: None,
            at_ms: at.unix * 1000,
        };
        self.store
            .record(entry, &policy, Duration::from_secs(10))
            .unwrap();
        ms(begin.elapsed())
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
