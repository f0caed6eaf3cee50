//! kill -9 at any moment: no relay byte without a committed row, no presentation admitted twice, the database whole.

use std::time::Duration;

use munjigi::{
    pass::Verdict,
    store::{EntryFilter, Store},
};

use crate::{
    relay::{ON, Relay},
    shop::{Kiosk, Shop, nothing, now, show},
};

const KILLS: usize = 50;

#[test]
fn killed_fifty_times() {
    let mut shop = Shop::new();
    let holder = shop.grown_up();
    shop.trust();
    let (relay, orders) = Relay::reporting();
    let mut presentations = 0;
    let mut text = String::new();
    let mut between_commit_and_off = 0;
    let mut iat = 0;
    for round in 0..KILLS {
        // Every presentation is shown to two lives of the kiosk: the second must not admit it again.
        if round % 2 == 0 {
            iat = (now() + 8).max(iat + 1);
            text = holder.text(iat);
            presentations += 1;
        }
        while orders.try_recv().is_ok() {}
        let kiosk = Kiosk::start(&shop.configure(&[show(&text, 20.0), nothing(1.0)], &relay.port));
        if round % 2 == 0 {
            // The relay is on for a second: a kill right after the byte falls between commit and OFF.
            while orders.recv_timeout(Duration::from_secs(60)).unwrap() != ON {}
            std::thread::sleep(Duration::from_millis(round as u64 * 7));
            kiosk.kill();
            let last =
                std::iter::from_fn(|| orders.recv_timeout(Duration::from_millis(20)).ok()).last();
            between_commit_and_off += usize::from(last.is_none());
        } else {
            // Anywhere: while it starts, reads, refuses.
            std::thread::sleep(Duration::from_millis(100 + (round as u64 * 37) % 900));
            kiosk.kill();
        }
        let store = Store::open_shared(&shop.data()).unwrap();
        let granted = EntryFilter {
            verdict: Some(Verdict::Granted),
            ..EntryFilter::default()
        };
        let rows = store.count(&granted).unwrap();
        assert!(
            relay.opened() as u64 <= rows,
            "round {round}: every relay-on byte has a committed row"
        );
        assert!(
            rows <= presentations,
            "round {round}: no presentation is admitted twice"
        );
    }
    assert!(
        between_commit_and_off >= 15,
        "only {between_commit_and_off} kills hit the open door"
    );
    let file = rusqlite::Connection::open(shop.data().join("munjigi.db")).unwrap();
    let whole: String = file
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(whole, "ok");
    eprintln!(
        "{KILLS} kills, {between_commit_and_off} of them between the commit and the relay's OFF"
    );
}
