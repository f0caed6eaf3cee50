//! The whole way, from a phone before the camera to bytes on the relay's line.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use munjigi::{
    issuer::Eligibility,
    pass::{Verdict, compose},
    store::{EntryFilter, Store},
};

use crate::{
    relay::{OFF, ON, Relay},
    shop::{DAY, Kiosk, Shop, nothing, now, of_kind, show},
};

/// Emulated seconds are real ones, but a busy machine draws frames slowly.
const PATIENCE: Duration = Duration::from_secs(180);

fn granted(data: &std::path::Path) -> u64 {
    let filter = EntryFilter {
        verdict: Some(Verdict::Granted),
        ..EntryFilter::default()
    };
    Store::open_shared(data).unwrap().count(&filter).unwrap()
}

#[test]
fn a_live_pass_opens_the_door_and_everything_else_does_not() {
    let mut shop = Shop::new();
    let visitor = shop.grown_up();
    let guest = shop.grown_up();
    let expired = shop.holder(now() - 40 * DAY, Eligibility::Over14);
    let revoked = shop.grown_up();
    let birthday_soon = munjigi::gate::age::seoul_day(now()) + 5;
    let young = shop.holder(now() - DAY, Eligibility::From(birthday_soon));
    shop.revoke(&revoked.number);
    shop.trust();

    // A presentation that stays within the window for the first two times it is shown.
    let shown_twice = guest.text(now() + 8);
    let mut issuer_forged = visitor.credential.clone();
    *issuer_forged.last_mut().unwrap() ^= 1;
    let mut holder_forged = visitor.token(now());
    *holder_forged.last_mut().unwrap() ^= 1;
    let forged_by_issuer = crate::shop::Holder {
        credential: issuer_forged,
        ..shop.grown_up()
    };
    let exchanged = exchange_cnf(&visitor, &guest);

    let scenes = [
        (shown_twice.clone(), "granted"),
        (shown_twice, "replayed"),
        (expired.text(now()), "expired"),
        (revoked.text(now()), "revoked"),
        (young.text(now()), "too_young"),
        (forged_by_issuer.text(now()), "bad_signature"),
        (compose::text(&holder_forged), "bad_signature"),
        (exchanged, "bad_signature"),
        (
            "https://example.org/somebody-elses-code".to_string(),
            "not_a_pass",
        ),
    ];
    let mut acts = Vec::new();
    for (text, _) in &scenes {
        acts.push(show(text, 2.5));
        acts.push(nothing(3.5));
    }
    acts.push(shop.live(&visitor, 12.0));
    acts.push(nothing(2.0));

    // The row must be committed when the board gets the byte: counted at that moment, by another connection.
    let rows_at_on = Arc::new(Mutex::new(Vec::new()));
    let (counted, data) = (rows_at_on.clone(), shop.data());
    let relay = Relay::new(move |order| {
        if order == ON {
            counted.lock().unwrap().push(granted(&data));
        }
    });
    let kiosk = Kiosk::start(&shop.configure(&acts, &relay.port));
    let events = kiosk.until(PATIENCE, |event| {
        event["event"] == "camera" && event["state"] == "ended"
    });
    assert_eq!(kiosk.stop(), 0);

    let entries = of_kind(&events, "entry");
    let mut expected: Vec<&str> = scenes.iter().map(|(_, reason)| *reason).collect();
    expected.push("granted");
    let reasons: Vec<&str> = entries
        .iter()
        .map(|event| event["reason"].as_str().unwrap())
        .collect();
    assert_eq!(reasons, expected, "{events:#?}");
    let last = entries.last().unwrap();
    assert_eq!(last["pass"], visitor.number);
    assert_eq!(last["issuer"], "hanbit");
    assert_eq!(last["kind"], "live");
    assert_eq!(last["service"], "entry");
    assert_eq!(last["seq"], expected.len());
    for name in ["scan", "verify", "commit", "door", "total"] {
        assert!(last["ms"][name].as_f64().is_some(), "{last}");
    }
    // The last visitor stays for long: after the door he is told that nothing is left to do.
    let hints = of_kind(&events, "hint");
    assert!(
        hints.iter().any(|event| event["hint"] == "done"),
        "{hints:?}"
    );
    assert_eq!(
        relay.orders(),
        [OFF, ON, OFF, ON, OFF, OFF],
        "start, two visits, exit"
    );
    assert_eq!(*rows_at_on.lock().unwrap(), [1, 2]);
}

/// The visitor's credential with another holder's key in `cnf`, presented by that holder.
fn exchange_cnf(visitor: &crate::shop::Holder, thief: &crate::shop::Holder) -> String {
    let key = |holder: &crate::shop::Holder| match holder.key.public() {
        munjigi::pass::HolderKey::Ed25519(x) => x,
        munjigi::pass::HolderKey::P256(..) => unreachable!(),
    };
    let mut credential = visitor.credential.clone();
    let at = credential
        .windows(32)
        .position(|window| window == key(visitor))
        .unwrap();
    credential[at..at + 32].copy_from_slice(&key(thief));
    let audience = munjigi::pass::Audience {
        service: munjigi::pass::Service::Entry,
        venue: None,
    };
    compose::text(&compose::presentation(
        &credential,
        &audience,
        now(),
        None,
        &thief.key,
    ))
}

#[test]
fn a_second_kiosk_on_the_same_folder_is_refused() {
    let mut shop = Shop::new();
    shop.trust();
    let (relay, _orders) = Relay::reporting();
    let config = shop.configure(&[nothing(60.0)], &relay.port);
    let first = Kiosk::start(&config);
    first.until(PATIENCE, |event| event["event"] == "ready");
    let second = std::process::Command::new(crate::shop::MUNJIGI)
        .args(["kiosk", "--headless", "--config"])
        .arg(&config)
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(3));
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(
        said.contains("is in use by another munjigi") && said.contains("Stop the other kiosk"),
        "{said}"
    );
    assert_eq!(first.stop(), 0);
}

#[test]
fn what_is_missing_is_named_and_the_kiosk_goes_on() {
    let shop = Shop::new();
    let config = shop.configure(&[nothing(60.0)], std::path::Path::new("/dev/no-such-relay"));
    let kiosk = Kiosk::start(&config);
    let mut missing = std::collections::BTreeSet::from(["door", "trust"]);
    while !missing.is_empty() {
        let seen = kiosk.until(PATIENCE, |event| event["event"] == "fault");
        let fault = seen.last().unwrap();
        assert!(
            fault["detail"].as_str().unwrap().contains("munjigi"),
            "says what to do: {fault}"
        );
        missing.remove(fault["part"].as_str().unwrap());
    }
    assert_eq!(kiosk.stop(), 0);
}

#[test]
fn a_polite_stop_at_any_moment_leaves_the_relay_off_and_the_log_whole() {
    let mut shop = Shop::new();
    let holders: Vec<_> = (0..4).map(|_| shop.grown_up()).collect();
    shop.trust();
    let (relay, orders) = Relay::reporting();
    for (round, holder) in holders.iter().enumerate() {
        let acts = [show(&holder.text(now() + 8), 20.0), nothing(1.0)];
        let kiosk = Kiosk::start(&shop.configure(&acts, &relay.port));
        while orders.recv_timeout(PATIENCE).unwrap() != ON {}
        // The lock is released for a second.
        std::thread::sleep(Duration::from_millis(round as u64 * 60));
        assert_eq!(kiosk.stop(), 0);
        let last =
            std::iter::from_fn(|| orders.recv_timeout(Duration::from_millis(100)).ok()).last();
        assert_eq!(last, Some(OFF), "round {round}");
    }
    assert_eq!(granted(&shop.data()), 4);
    let data = shop.data();
    let verified =
        crate::command::munjigi(&["log", "verify", "--data", data.to_str().unwrap()], "");
    assert_eq!(verified.status.code(), Some(0));
}

#[test]
fn a_data_folder_that_goes_is_a_fault_and_keeps_the_door_shut() {
    let mut shop = Shop::new();
    let visitor = shop.grown_up();
    shop.trust();
    let (relay, _orders) = Relay::reporting();
    let acts = [nothing(6.0), shop.live(&visitor, 60.0)];
    let kiosk = Kiosk::start(&shop.configure(&acts, &relay.port));
    kiosk.until(PATIENCE, |event| event["event"] == "ready");
    std::fs::remove_dir_all(shop.data()).unwrap();
    let seen = kiosk.until(PATIENCE, |event| event["event"] == "entry");
    let faults = of_kind(&seen, "fault");
    assert!(
        faults.iter().any(|fault| fault["part"] == "storage"),
        "{faults:?}"
    );
    assert_ne!(seen.last().unwrap()["verdict"], "granted");
    assert_eq!(relay.opened(), 0);
    assert_eq!(kiosk.stop(), 0);
}
