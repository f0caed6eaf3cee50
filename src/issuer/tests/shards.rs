//! More passes than a status list has room for.

use std::{collections::BTreeMap, fs};

use super::*;

/// Bytes of every published list by the name of its file.
fn published(shop: &Shop) -> BTreeMap<String, Vec<u8>> {
    let folder = fs::read_dir(shop.repo().join("targets/status")).unwrap();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    folder
        .map(|entry| entry.unwrap().path())
        .map(|path| (name(&path), fs::read(&path).unwrap()))
        .collect()
}

fn small(entries: u32) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let settings = IssuerSettings {
        name_en: Some("Hanbit".into()),
        entries,
        ..IssuerSettings::default()
    };
    let issuer = Issuer::create(&folder.path().join("issuer"), settings, NOW).unwrap();
    Shop { folder, issuer }
}

fn many(shop: &mut Shop, count: usize) -> Vec<Issued> {
    let request = IssueRequest {
        visits: None,
        note: String::new(),
        service: Service::Entry,
        subject: Subject::Printed,
        eligibility: Eligibility::Over14,
        exp: midnight_after(NOW, 30),
        attested: OWN_EYES.into(),
    };
    shop.issuer.issue_many(&request, count, NOW).unwrap()
}

#[test]
fn lists_follow_one_another_and_only_what_changed_travels() {
    let mut shop = small(64);
    let passes = many(&mut shop, 300);
    let lists = shop.issuer.store.lists().unwrap();
    assert!((6..=9).contains(&lists.len()), "{}", lists.len());
    for list in &lists {
        assert_eq!((list.uri.len(), list.uri.find(':')), (6, Some(1)));
    }
    shop.issuer.publish(&shop.repo(), NOW).unwrap();
    let root = fs::read(shop.issuer.root_file()).unwrap();
    let (snapshot, trust) = repository::pin(&root, &shop.repo(), NOW).unwrap();
    assert_eq!(trust.lists.len(), lists.len());
    let place = |pass: &Issued| {
        let parsed = crate::pass::parse(compose::text(&pass.credential).as_bytes()).unwrap();
        (parsed.credential.status.uri, parsed.credential.status.idx)
    };
    let places: BTreeMap<_, _> = passes.iter().map(|pass| (place(pass), pass)).collect();
    assert_eq!(places.len(), 300, "no two passes share a place");
    assert!(places.keys().all(|(_, idx)| *idx < 64));
    let now = Now {
        unix: NOW + 60,
        clock: Clock::Synced,
    };
    let policy = Policy::new(Service::Entry);
    let reason = |pass: &Issued, trust: &crate::trust::Trust| {
        judge(
            compose::text(&pass.credential).as_bytes(),
            trust,
            &policy,
            now,
            None,
        )
        .reason
    };
    for pass in &passes {
        assert_eq!(reason(pass, &trust), Reason::Granted, "{:?}", place(pass));
    }

    // A pass of the third list is revoked: that file is another one, the others are the same to the byte.
    let third = &lists[2].uri;
    let ((_, idx), revoked) = places.iter().find(|((uri, _), _)| uri == third).unwrap();
    let before = published(&shop);
    shop.issuer.revoke(&revoked.number, NOW + 30).unwrap();
    shop.issuer.publish(&shop.repo(), NOW + 60).unwrap();
    let after = published(&shop);
    let changed: Vec<&String> = after
        .iter()
        .filter(|(name, bytes)| before.get(*name) != Some(bytes))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(changed, [&format!("{}.cwt", third.replace(':', "_"))]);
    let (_, trust) = repository::update(&snapshot, &shop.repo(), NOW + 60).unwrap();
    assert_eq!(reason(revoked, &trust), Reason::Revoked);
    let others = passes
        .iter()
        .filter(|pass| place(pass) != (third.clone(), *idx));
    for pass in others {
        assert_eq!(reason(pass, &trust), Reason::Granted);
    }
    assert_eq!(trust.lists[third].iat, NOW + 60);

    // A quarter of a day later every list is signed anew, for doors count their age; a clock that went back makes none older.
    for (at, iat) in [(NOW + 7 * 3600, NOW + 7 * 3600), (NOW, NOW + 7 * 3600)] {
        shop.issuer.publish(&shop.repo(), at).unwrap();
        let (_, trust) = repository::pin(&root, &shop.repo(), at).unwrap();
        assert!(trust.lists.values().all(|list| list.iat == iat), "{at}");
    }
}

#[test]
fn a_list_is_announced_before_a_pass_points_to_it() {
    let mut shop = small(256);
    let mut announced = 0;
    let mut met = BTreeMap::new();
    for _ in 0..400 {
        let known = shop.issuer.store.lists().unwrap();
        let [pass] = &many(&mut shop, 1)[..] else {
            panic!()
        };
        let parsed = crate::pass::parse(compose::text(&pass.credential).as_bytes()).unwrap();
        let uri = parsed.credential.status.uri;
        let there = known.iter().any(|list| list.uri == uri);
        announced += usize::from(there);
        *met.entry(uri).or_insert(0) += 1;
    }
    assert_eq!(announced, 400);
    assert_eq!(met.len(), 2);
    let first = *met.values().max().unwrap();
    assert!(
        first >= 220,
        "a list is well filled before the next: {first}"
    );
}

#[test]
fn kiosks_can_hold_only_so_many() {
    let shop = small(1 << 24);
    // 64 MiB at two bits are sixteen such lists.
    shop.issuer.store.announce(15).unwrap();
    assert!(matches!(
        shop.issuer.store.announce(16),
        Err(IssuerError::Full)
    ));
}

/// What publishing costs an issuer of ten million passes. It takes some minutes and 2 GB of disk:
/// `cargo nextest run --run-ignored only -E 'test(ten_million)' --no-capture`
#[test]
#[ignore = "a measurement"]
fn ten_million_passes() {
    let mut shop = small(1 << 20);
    let begin = std::time::Instant::now();
    let passed = |what: &str| println!("{what}: {:.1} s", begin.elapsed().as_secs_f64());
    let pass = store::NewPass {
        near: false,
        note: "",
        service: Service::Entry,
        kind: Kind::Live,
        exp: midnight_after(NOW, 30),
        holder: Some(crate::wallet::holder_text(&holder().public())),
        services: Services::default(),
        days: Some(30),
        attested: OWN_EYES,
    };
    let mut revoked = Vec::new();
    for round in 0..100 {
        shop.issuer.begin().unwrap();
        for at in 0..100_000 {
            let (number, _) = shop.issuer.store.add(&pass, NOW).unwrap();
            if at % 20 == 0 {
                revoked.push(number);
            }
        }
        shop.issuer.commit().unwrap();
        if round % 10 == 9 {
            passed(&format!("{} million passes noted", (round + 1) / 10));
        }
    }
    shop.issuer.begin().unwrap();
    let last = revoked.pop().unwrap();
    for number in &revoked {
        shop.issuer.revoke(number, NOW).unwrap();
    }
    shop.issuer.commit().unwrap();
    passed("5 % of them revoked");
    let timed = |shop: &mut Shop, what: &str, at: u64| {
        let begin = std::time::Instant::now();
        shop.issuer.publish(&shop.repo(), at).unwrap();
        println!("{what}: {} ms", begin.elapsed().as_millis());
    };
    timed(&mut shop, "publish, every list", NOW);
    let sizes: Vec<usize> = published(&shop).values().map(Vec::len).collect();
    println!(
        "{} lists, {} bytes: {sizes:?}",
        sizes.len(),
        sizes.iter().sum::<usize>()
    );
    shop.issuer.revoke(&last, NOW + 60).unwrap();
    timed(&mut shop, "publish, one list changed", NOW + 60);
    timed(&mut shop, "publish, none changed", NOW + 61);
    timed(&mut shop, "publish, every list is old", NOW + 30_000);
    let begin = std::time::Instant::now();
    many(&mut shop, 1000);
    println!("issue: {} us each", begin.elapsed().as_micros() / 1000);
}
