use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::{
    gate::{self, Policy},
    pass::{Reason, Service},
    store::{EntryFilter, NewEntry},
};

const DAY: u64 = 86_400;
const START: u64 = 1_795_449_600;

/// Stands in for a machine's clock, which a test cannot set.
struct SetClock {
    now: AtomicU64,
    floor: AtomicU64,
}

impl Clock for SetClock {
    fn now(&self) -> gate::Now {
        gate::Now {
            unix: self.now.load(Ordering::Relaxed),
            clock: gate::Clock::Synced,
        }
    }
    fn unix_ms(&self) -> u64 {
        self.now.load(Ordering::Relaxed) * 1000
    }
    fn floor(&self) -> u64 {
        self.floor.load(Ordering::Relaxed)
    }
    fn raise_floor(&self, to: u64) {
        let _ = self.floor.fetch_max(to, Ordering::Relaxed);
    }
}

fn entries(keep: &Keep) -> u64 {
    let store = keep.store.borrow().clone().unwrap();
    store.count(&EntryFilter::default()).unwrap()
}

fn faults(events: &mut broadcast::Receiver<Event>) -> Vec<(Part, bool)> {
    std::iter::from_fn(|| events.try_recv().ok())
        .filter_map(|event| match event {
            Event::Fault { part, detail } => Some((part, !detail.is_empty())),
            _ => None,
        })
        .collect()
}

#[test]
fn a_clock_that_jumps_into_the_future_erases_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SetClock {
        now: START.into(),
        floor: START.into(),
    });
    let (sender, mut events) = broadcast::channel(64);
    let mut keep = Keep::new(sender, clock.clone(), 28);
    keep.round(folder.path()).unwrap();
    let entry = NewEntry {
        reason: Reason::NotAPass,
        admission: None,
        pass: None,
        issuer: None,
        service: Service::Entry,
        kind: None,
        room: None,
        notice: None,
        at_ms: START * 1000,
    };
    let store = keep.store.borrow().clone().unwrap();
    store
        .record(entry, &Policy::new(Service::Entry), Duration::from_secs(10))
        .unwrap();
    drop(store);
    let _ = faults(&mut events);

    // A battery clock gone mad.
    clock.now.store(START + 9_000 * DAY, Ordering::Relaxed);
    keep.round(folder.path()).unwrap();
    assert_eq!(entries(&keep), 1);
    assert_eq!(faults(&mut events), [(Part::Clock, true)]);
    assert!(clock.floor() < START + DAY);
    clock.now.store(START + 60, Ordering::Relaxed);
    keep.round(folder.path()).unwrap();
    assert_eq!(faults(&mut events), [(Part::Clock, false)]);

    // And time as it goes by.
    for day in 1..=29 {
        clock.now.store(START + day * DAY, Ordering::Relaxed);
        keep.round(folder.path()).unwrap();
        assert_eq!(entries(&keep), u64::from(day <= 28), "day {day}");
    }
}

#[test]
fn old_trust_is_told() {
    let expires = i64::try_from(START + 100).ok();
    assert_eq!(age(&Trust::default(), expires, START), None);
    let expired = age(&Trust::default(), expires, START + 100).unwrap();
    assert!(expired.contains("has expired"));
}

#[test]
fn what_the_owner_forbids_is_in_force_at_the_next_round() {
    let folder = tempfile::tempdir().unwrap();
    let settings = crate::issuer::IssuerSettings {
        name_en: Some("Hanbit".into()),
        entries: 4096,
        ..crate::issuer::IssuerSettings::default()
    };
    let mut issuer =
        crate::issuer::Issuer::create(&folder.path().join("issuer"), settings, START).unwrap();
    let repo = folder.path().join("repo");
    issuer.publish(&repo, START).unwrap();
    let root = std::fs::read(issuer.root_file()).unwrap();
    let (snapshot, _) = repository::pin(&root, &repo, START).unwrap();

    let clock = Arc::new(SetClock {
        now: START.into(),
        floor: START.into(),
    });
    let mut keep = Keep::new(broadcast::channel(64).0, clock, 28);
    let data = folder.path().join("data");
    keep.round(&data).unwrap();
    // Another process: the command line, or the staff pages.
    let other = Store::open_shared(&data).unwrap();
    other.save_trust(&snapshot, None).unwrap();
    for (forbidden, opens) in [(None, true), (Some(true), false), (Some(false), true)] {
        if let Some(forbidden) = forbidden {
            other
                .set_forbidden("shop", Service::Adult, forbidden, "owner", START)
                .unwrap();
        }
        keep.round(&data).unwrap();
        let trust = keep.trust.borrow().clone();
        let services = &trust.keys[0].services;
        assert_eq!(services.contains(&Service::Adult), opens, "{forbidden:?}");
        assert!(services.contains(&Service::Entry));
    }
}
