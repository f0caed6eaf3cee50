use super::*;
use crate::{
    gate::Standing,
    issuer::{Issuer, IssuerSettings},
    pass::Service,
    screen::staff::Issuer as Shown,
    trust::{
        problem::{Class, Problem},
        repository,
    },
};

const NUMBER: &str = "7KQ2M9F";

/// A data folder with an owner and two helpers.
fn kiosk() -> (tempfile::TempDir, StoreBackend, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_shared(&folder.path().join("data")).unwrap();
    let staff = [
        ("owner", Role::Owner, "274906"),
        ("helper", Role::Helper, "918273"),
        ("second", Role::Helper, "564738"),
    ];
    for (name, role, code) in staff {
        store.set_staff(name, Some(role), code, 1, false).unwrap();
    }
    let backend = StoreBackend::new(&folder.path().join("data"), Grace::default());
    (folder, backend, store)
}

fn block(backend: &StoreBackend, who: &str) -> Answer {
    backend.answer(Request::Block {
        who: who.into(),
        number: NUMBER.into(),
        why: "lost",
    })
}

fn unblock(backend: &StoreBackend, who: &str) -> Answer {
    backend.answer(Request::Unblock {
        who: who.into(),
        number: NUMBER.into(),
    })
}

/// What is recorded of whom, newest first.
fn accesses(folder: &tempfile::TempDir) -> Vec<String> {
    let db = rusqlite::Connection::open(folder.path().join("data/munjigi.db")).unwrap();
    let mut query = db
        .prepare("SELECT who || ': ' || what FROM access ORDER BY id DESC")
        .unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_block_is_the_owners_and_its_makers_to_take_back() {
    let (folder, backend, _store) = kiosk();
    let Answer::BlockOf(_, Some(blocked)) = block(&backend, "helper") else {
        panic!("not blocked")
    };
    assert_eq!(
        (
            blocked.number.as_str(),
            blocked.why.as_str(),
            blocked.who.as_str()
        ),
        (NUMBER, "lost", "helper")
    );
    assert!(matches!(
        unblock(&backend, "second"),
        Answer::BlockOf(_, Some(_))
    ));
    assert!(matches!(
        unblock(&backend, "helper"),
        Answer::BlockOf(_, None)
    ));
    assert!(matches!(
        block(&backend, "second"),
        Answer::BlockOf(_, Some(_))
    ));
    assert!(matches!(
        unblock(&backend, "owner"),
        Answer::BlockOf(_, None)
    ));
    // A name without a code any more: the page may still be open.
    assert!(matches!(block(&backend, "kim"), Answer::BlockOf(_, None)));
    assert_eq!(
        accesses(&folder),
        [
            "owner: unblock a pass",
            "second: block a pass",
            "helper: unblock a pass",
            "helper: block a pass",
        ]
    );
}

#[test]
fn looking_at_what_is_blocked_is_recorded() {
    let (folder, backend, _store) = kiosk();
    let _ = block(&backend, "owner");
    let Answer::Blocked(all) = backend.answer(Request::Blocked("helper".into())) else {
        panic!()
    };
    assert_eq!(all.len(), 1);
    assert_eq!(accesses(&folder)[0], "helper: blocked passes");
}

#[test]
fn the_owner_chooses_what_an_issuer_opens_and_helpers_do_not() {
    let (folder, backend, store) = kiosk();
    let now = clock::unix_ms() / 1000;
    let settings = IssuerSettings {
        name_en: Some("Hanbit".into()),
        entries: 4096,
        ..IssuerSettings::default()
    };
    // Published four days ago.
    let then = now - 4 * 86_400 - 60;
    let mut issuer = Issuer::create(&folder.path().join("issuer"), settings, then).unwrap();
    let repo = folder.path().join("repo");
    issuer.publish(&repo, then).unwrap();
    let root = std::fs::read(issuer.root_file()).unwrap();
    let (snapshot, _) = repository::pin(&root, &repo, then).unwrap();
    store.save_trust(&snapshot, None).unwrap();

    let shown = |answer: Answer| -> Shown {
        let Answer::Issuers(mut all) = answer else {
            panic!("{answer:?}")
        };
        assert_eq!(all.len(), 1);
        all.remove(0)
    };
    let shop = shown(backend.answer(Request::Issuers));
    assert_eq!(
        (shop.id.as_str(), shop.en.as_deref()),
        ("shop", Some("Hanbit"))
    );
    assert_eq!(
        (shop.repository.updated, shop.repository.failed),
        (then, None)
    );
    let problem = Problem::new(Class::Portal, "the network wants a sign-in");
    store
        .note_road(&snapshot.anchor, now, Some(&problem))
        .unwrap();
    let failed = shown(backend.answer(Request::Issuers)).repository.failed;
    assert_eq!(failed, Some((now, problem.to_string())));
    assert_eq!((shop.keys.len(), shop.lists.len()), (1, 1));
    assert_eq!(shop.lists[0].iat, Some(then));
    let standing = |at: usize| shop.services[at].standing;
    for (at, grace) in [(0, None), (1, Some(7)), (2, Some(3))] {
        let Standing::Aged {
            age,
            grace: allowed,
        } = standing(at)
        else {
            panic!("{:?}", standing(at))
        };
        assert!((4 * 86_400..5 * 86_400).contains(&age));
        assert_eq!(allowed, grace.map(|days| days * 86_400));
    }
    assert!(!standing(1).is_over() && standing(2).is_over());

    let choose = |who: &str, open: bool| {
        shown(backend.answer(Request::Choose {
            who: who.into(),
            issuer: "shop".into(),
            service: Service::Adult,
            open,
        }))
    };
    assert_eq!(choose("helper", false).services[1].forbidden, None);
    let services = |store: &Store| store.trusted().unwrap().keys[0].services.clone();
    assert!(services(&store).contains(&Service::Adult));
    let shut = choose("owner", false);
    assert_eq!(shut.services[1].forbidden.as_deref(), Some("owner"));
    assert_eq!(services(&store), [Service::Entry, Service::Store]);
    assert_eq!(choose("owner", true).services[1].forbidden, None);
    assert!(services(&store).contains(&Service::Adult));
    assert_eq!(
        accesses(&folder),
        [
            "owner: allow issuer shop adult",
            "owner: forbid issuer shop adult"
        ]
    );
}
