//! The record: what is written stays as it was written, what is erased is gone, what is used up is used up.

use std::{path::Path, time::Duration};

use munjigi::{
    gate::{Admission, Limit, PassId, Policy, age},
    pass::{Kind, Reason, Service},
    store::{EntryFilter, EntryKind, NewEntry, Role, StaffCheck, Store, StoreError, TrustSnapshot},
};

use crate::command::{munjigi, text};

const NUMBER: &str = "7KQ2M9F";
const NOW: u64 = 1_795_449_600;
const PATIENCE: Duration = Duration::from_secs(10);

/// A visit of one pass whose presentation was signed at `iat`.
pub fn visit(iat: u64) -> NewEntry {
    let mut replay_id = [0; 16];
    replay_id[..8].copy_from_slice(&iat.to_be_bytes());
    NewEntry {
        reason: Reason::Granted,
        admission: Some(Admission {
            pass: PassId {
                thumbprint: [1; 32],
                uri: "k:1".into(),
                idx: 7,
                number: NUMBER.into(),
            },
            kind: Kind::Live,
            replay_id: Some(replay_id),
            iat: Some(iat),
            by_challenge: false,
            limit: None,
            now: iat,
        }),
        pass: Some(NUMBER.into()),
        issuer: Some("hanbit".into()),
        service: Service::Entry,
        kind: Some(EntryKind::Live),
        room: None,
        notice: None,
        at_ms: iat * 1000,
    }
}

fn record(store: &Store, entry: NewEntry) -> Reason {
    let policy = Policy::new(Service::Entry);
    store.record(entry, &policy, PATIENCE).unwrap().reason
}

/// Every byte of the database, its log of changes included.
fn files(folder: &Path) -> Vec<u8> {
    let names = ["munjigi.db", "munjigi.db-wal"];
    let read = names.map(|name| std::fs::read(folder.join(name)).unwrap_or_default());
    read.concat()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_changed_or_missing_row_is_found() {
    for (change, said) in [
        (
            "UPDATE entry SET reason = 'granted', verdict = 'granted' WHERE seq = 2",
            "entry 2 was changed",
        ),
        (
            "UPDATE entry SET at_ms = at_ms + 1 WHERE seq = 3",
            "entry 3 was changed",
        ),
        ("DELETE FROM entry WHERE seq = 1", "entry 1 is missing"),
        ("DELETE FROM leaf WHERE n = 2", "leaves 2 to 2 are missing"),
        ("DELETE FROM leaf WHERE n = 3", "1 entries have no leaf"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        {
            let store = Store::open(folder.path()).unwrap();
            assert_eq!(record(&store, visit(NOW)), Reason::Granted);
            assert_eq!(record(&store, visit(NOW)), Reason::Replayed);
            assert_eq!(record(&store, visit(NOW + 60)), Reason::Granted);
        }
        let data = folder.path().to_str().unwrap();
        let whole = munjigi(&["log", "verify", "--data", data], "");
        assert_eq!(whole.status.code(), Some(0), "{}", text(&whole));
        let db = rusqlite::Connection::open(folder.path().join("munjigi.db")).unwrap();
        assert_eq!(db.execute(change, []).unwrap(), 1);
        drop(db);
        let broken = munjigi(&["log", "verify", "--data", data], "");
        assert_eq!(broken.status.code(), Some(1), "{change}");
        assert!(text(&broken).contains(said), "{change}: {}", text(&broken));
    }
}

#[test]
fn no_pass_number_lies_in_the_files_and_what_is_erased_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let today = age::seoul_day(NOW);
    assert_eq!(record(&store, visit(NOW - 86_400)), Reason::Granted);
    assert_eq!(record(&store, visit(NOW)), Reason::Granted);
    let by_pass = EntryFilter {
        pass: Some(NUMBER.into()),
        limit: 10,
        ..EntryFilter::default()
    };
    assert_eq!(
        store.entries(&by_pass).unwrap().len(),
        2,
        "found by its keyed hash"
    );
    assert!(
        !holds(&files(folder.path()), NUMBER.as_bytes()),
        "no number in the clear"
    );

    let db = rusqlite::Connection::open(folder.path().join("munjigi.db")).unwrap();
    let sealed = |day: i64| -> Vec<u8> {
        db.query_row("SELECT pass FROM entry WHERE day = ?1", [day], |row| {
            row.get(0)
        })
        .unwrap()
    };
    let (old, new) = (sealed(today - 1), sealed(today));
    drop(db);
    assert!(holds(&files(folder.path()), &old));
    let receipt = store.erase_older_than(today, NOW).unwrap();
    assert_eq!((receipt.entries, receipt.before), (1, today));
    let left = files(folder.path());
    assert!(
        !holds(&left, &old),
        "overwritten, in the log of changes too"
    );
    assert!(holds(&left, &new));
    assert_eq!(store.entries(&by_pass).unwrap().len(), 1);

    drop(store);
    let data = folder.path().to_str().unwrap();
    let whole = munjigi(&["log", "verify", "--data", data], "");
    assert!(
        text(&whole).starts_with("whole: 2 leaves"),
        "{}",
        text(&whole)
    );
}

#[test]
fn of_two_who_ask_at_once_one_is_admitted() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [0, 1].map(|_| Store::open_shared(folder.path()).unwrap());
    for round in 0..20 {
        let granted: usize = std::thread::scope(|scope| {
            let asked = stores
                .each_ref()
                .map(|store| scope.spawn(move || record(store, visit(NOW + round))));
            let reasons = asked.map(|asked| asked.join().unwrap());
            assert!(reasons.contains(&Reason::Replayed), "{reasons:?}");
            reasons
                .iter()
                .filter(|reason| **reason == Reason::Granted)
                .count()
        });
        assert_eq!(granted, 1, "round {round}");
    }
}

#[test]
fn a_visitor_who_was_sent_away_was_not_admitted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let policy = Policy::new(Service::Entry);
    // Another process holds the database for longer than a visitor waits.
    let other = rusqlite::Connection::open(folder.path().join("munjigi.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let late = store.record(visit(NOW), &policy, Duration::from_millis(300));
    assert!(late.is_err());
    other.execute_batch("COMMIT").unwrap();
    // The same presentation is as good as new, and the row tells why it was not taken.
    assert_eq!(record(&store, visit(NOW)), Reason::Granted);
    let rows = store
        .entries(&EntryFilter {
            limit: 10,
            ..EntryFilter::default()
        })
        .unwrap();
    let reasons: Vec<Reason> = rows.iter().rev().map(|row| row.reason).collect();
    assert_eq!(reasons, [Reason::LogFailed, Reason::Granted]);
}

#[test]
fn staff_codes_lock_for_longer_and_longer() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let set = |code: &str, replace: bool| {
        store
            .set_staff("owner", Some(Role::Owner), code, NOW, replace)
            .unwrap()
    };
    assert!(set("918273", false));
    assert!(!set("111213", false), "a name is taken once");
    let check = |code: &str, at: u64| store.check_code(code, at).unwrap();
    let right = StaffCheck::Ok {
        name: "owner".into(),
        role: Role::Owner,
    };
    assert_eq!(check("918273", NOW), right);
    assert_eq!(check("000001", NOW), StaffCheck::Wrong);
    assert_eq!(check("000002", NOW), StaffCheck::Wrong);
    assert_eq!(check("000003", NOW), StaffCheck::LockedUntil(NOW + 30));
    assert_eq!(
        check("918273", NOW + 29),
        StaffCheck::LockedUntil(NOW + 30),
        "the right one waits too"
    );
    assert_eq!(
        check("000004", NOW + 30),
        StaffCheck::LockedUntil(NOW + 90),
        "twice as long"
    );
    assert!(set("827364", true), "a new code is the way out");
    assert_eq!(check("827364", NOW + 31), right);
    assert!(!holds(&files(folder.path()), b"827364"));
}

#[test]
fn a_lost_key_is_not_replaced_by_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(record(&store, visit(NOW)), Reason::Granted);
    drop(store);
    std::fs::remove_file(folder.path().join("key")).unwrap();
    let error = Store::open(folder.path()).err().unwrap().to_string();
    assert!(
        error.contains("the key of the data folder is gone"),
        "{error}"
    );
}

#[test]
fn files_are_for_their_owner_alone_whatever_the_folder_allows() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(record(&store, visit(NOW)), Reason::Granted);
    for name in ["munjigi.db", "munjigi.db-wal", "key", "lock"] {
        let file = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn an_update_that_was_overtaken_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let version = |number: u8| TrustSnapshot {
        anchor: "a".into(),
        metadata: vec![("timestamp.json".into(), vec![number])],
        ..TrustSnapshot::default()
    };
    store.save_trust(&version(1), None).unwrap();
    store.save_trust(&version(3), Some(&version(1))).unwrap();
    // It was verified against version 1, which is no longer in force.
    let late = store.save_trust(&version(2), Some(&version(1)));
    assert!(matches!(late, Err(StoreError::Overtaken)));
    let again = store.save_trust(&version(2), None);
    assert!(matches!(again, Err(StoreError::Overtaken)));
    assert_eq!(store.load_trust().unwrap()[0].metadata[0].1, [3]);
}

/// The same visit with a pass for so many visits that ends at `exp`.
fn limited(iat: u64, visits: u8, exp: u64) -> NewEntry {
    let mut entry = visit(iat);
    if let Some(admission) = &mut entry.admission {
        admission.limit = Some(Limit { visits, exp });
    }
    entry
}

#[test]
fn visits_are_counted_for_as_long_as_the_pass_lasts() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let year = 366 * 86_400;
    // Somebody else's issuer gives it for three years.
    let exp = NOW + 3 * year;
    assert_eq!(record(&store, limited(NOW, 2, exp)), Reason::Granted);
    assert_eq!(record(&store, limited(NOW, 2, exp)), Reason::Replayed);
    // A phone that stays in view is one visit.
    store.remember(limited(NOW + 5, 2, exp).admission.unwrap());
    assert_eq!(record(&store, limited(NOW + 60, 2, exp)), Reason::Granted);
    assert_eq!(record(&store, limited(NOW + 120, 2, exp)), Reason::UsedUp);
    // A refusal uses nothing up.
    assert_eq!(record(&store, limited(NOW + 180, 3, exp)), Reason::Granted);
    drop(store);

    // Started again, and everything erased that may be: what is counted outlives the pass.
    let store = Store::open(folder.path()).unwrap();
    let last = exp - 1;
    store
        .erase_older_than(age::seoul_day(last) + 1, last)
        .unwrap();
    assert_eq!(record(&store, limited(last, 3, exp)), Reason::UsedUp);
    let later = exp + 2 * year;
    store
        .erase_older_than(age::seoul_day(later), later)
        .unwrap();
    let db = rusqlite::Connection::open(folder.path().join("munjigi.db")).unwrap();
    let known: u32 = db
        .query_row("SELECT count(*) FROM memory", [], |row| row.get(0))
        .unwrap();
    assert_eq!(known, 0, "not kept for ever either");
}

#[test]
fn a_block_names_who_and_why_and_no_number_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert!(store.block(NUMBER, "helper 1", "misuse", NOW).unwrap());
    assert!(!store.block(NUMBER, "owner", "lost", NOW + 1).unwrap());
    let block = store.block_of(NUMBER).unwrap().unwrap();
    assert_eq!(
        (block.who.as_str(), block.why.as_str(), block.at),
        ("helper 1", "misuse", NOW)
    );
    assert_eq!(store.blocked().unwrap(), [block]);
    assert_eq!(record(&store, visit(NOW)), Reason::LockedOut);
    assert!(store.unblock(NUMBER, "owner", NOW + 2).unwrap());
    assert!(!store.unblock(NUMBER, "owner", NOW + 3).unwrap());
    assert_eq!(store.block_of(NUMBER).unwrap(), None);
    assert_eq!(record(&store, visit(NOW + 5)), Reason::Granted);
    let bytes = files(folder.path());
    assert!(!holds(&bytes, NUMBER.as_bytes()));
    assert!(holds(&bytes, b"unblock a pass"));
}
