//! Trust over the network: what travels, and what is left of the old state when anything goes wrong on the way.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use munjigi::{
    issuer::{Eligibility, IssueRequest, Issuer, IssuerSettings, Subject, lock::beside},
    pass::Service,
    store::{Store, TrustSnapshot},
    trust::{
        place::Place,
        problem::Class,
        repository::{self, Source},
        road::{self, Outcome},
    },
};
use serde_json::Value;

use crate::{
    command::run,
    serve::{Asked, Reply, Server, folder},
    shop::{Kiosk, Shop, nothing, now, of_kind},
};

const DAY: u64 = 86_400;

/// An issuer with few passes, whose repository is small.
pub struct Small {
    pub folder: tempfile::TempDir,
    pub issuer: Issuer,
}

impl Small {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = IssuerSettings {
            id: "hanbit".into(),
            name_en: Some("Hanbit".into()),
            entries: 4096,
            ..IssuerSettings::default()
        };
        let issuer =
            Issuer::create(&folder.path().join("issuer"), settings, now() - 60 * DAY).unwrap();
        Self { folder, issuer }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Issues a printed pass; gives its number.
    pub fn pass(&mut self) -> String {
        let request = IssueRequest {
            visits: None,
            note: String::new(),
            service: Service::Entry,
            subject: Subject::Printed,
            eligibility: Eligibility::Over14,
            exp: munjigi::issuer::midnight_after(now(), 30),
            attested: munjigi::issuer::OWN_EYES.into(),
        };
        self.issuer.issue(request, now()).unwrap().number
    }

    pub fn publish(&mut self, name: &str, at: u64) {
        let repository = self.path(name);
        self.issuer.publish(&repository, at).unwrap();
    }

    pub fn revoke_and_publish(&mut self, name: &str) {
        let number = self.pass();
        self.issuer.revoke(&number, now()).unwrap();
        self.publish(name, now());
    }

    pub fn root(&self) -> Vec<u8> {
        std::fs::read(self.issuer.root_file()).unwrap()
    }

    pub fn run(&self, line: &str, status: i32) -> String {
        run(self.folder.path(), line, "", status)
    }
}

pub fn state(data: &Path) -> Vec<TrustSnapshot> {
    Store::open_shared(data).unwrap().load_trust().unwrap()
}

/// What `trust list` says is in force, and from which versions; not how the last try went.
pub fn in_force(shop: &Small) -> Value {
    let mut said: Value =
        serde_json::from_str(&shop.run("trust list --data data --json", 0)).unwrap();
    for anchor in said["anchors"].as_array_mut().unwrap() {
        for passing in ["tried_at", "worked_at", "class", "problem"] {
            anchor.as_object_mut().unwrap().remove(passing);
        }
    }
    said
}

pub fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([from, to])
        .status();
    assert!(copied.unwrap().success());
}

#[test]
fn an_address_brings_the_same_bytes_as_a_folder_and_only_what_changed_travels() {
    let mut shop = Small::new();
    shop.publish("repo", now());
    let server = Server::start(folder(&shop.path("repo")));
    let url = server.url();
    shop.run(
        &format!("trust add --data data --root issuer/root.json {url}"),
        0,
    );
    shop.run("trust add --data other --root issuer/root.json repo", 0);
    let same = || {
        let files = |data: &str| {
            let state = state(&shop.path(data)).remove(0);
            (state.metadata, state.targets)
        };
        assert!(files("data") == files("other"));
    };
    same();
    assert_eq!(state(&shop.path("data"))[0].location, url);

    // Nothing new: the metadata are asked for by their tags, no target at all.
    server.asked();
    let said = shop.run("trust import --data data", 0);
    assert!(said.starts_with("unchanged "), "{said}");
    let asked = server.asked();
    let shown = |asked: &[Asked]| -> Vec<(String, u16)> {
        asked
            .iter()
            .map(|asked| {
                (
                    asked.path.trim_start_matches("/trust/").to_owned(),
                    asked.status,
                )
            })
            .collect()
    };
    let expected = [
        ("metadata/2.root.json", 404),
        ("metadata/timestamp.json", 304),
        ("metadata/snapshot.json", 304),
        ("metadata/targets.json", 304),
    ];
    let of = |expected: &[(&str, u16)]| -> Vec<(String, u16)> {
        expected
            .iter()
            .map(|(path, status)| ((*path).to_owned(), *status))
            .collect()
    };
    assert_eq!(shown(&asked), of(&expected));
    assert!(
        asked[1..].iter().all(|asked| asked.tag.is_some()),
        "{asked:?}"
    );

    // One list changed: it travels, and issuers.json does not.
    shop.revoke_and_publish("repo");
    let said = shop.run("trust import --data data", 0);
    assert!(said.starts_with("updated "), "{said}");
    let asked = shown(&server.asked());
    let targets: Vec<_> = asked
        .iter()
        .filter(|(path, _)| path.starts_with("targets/"))
        .collect();
    assert_eq!(targets.len(), 1, "{asked:?}");
    assert!(targets[0].0.starts_with("targets/status/"), "{asked:?}");

    // From a folder neither: what is in force is not read again.
    std::fs::remove_file(shop.path("repo/targets/issuers.json")).unwrap();
    shop.run("trust import --data other repo", 0);
    let files = |data: &str| state(&shop.path(data)).remove(0).targets;
    assert!(files("data") == files("other"));

    // The server is gone, a stick is there: the address stays.
    server.dies_after(0);
    let said = shop.run("trust import --data data", 1);
    assert!(
        said.contains("cannot be reached") && said.contains("Is the router on"),
        "{said}"
    );
    let list: Value = serde_json::from_str(&shop.run("trust list --data data --json", 0)).unwrap();
    assert_eq!(list["anchors"][0]["class"], "network");
    assert!(list["anchors"][0]["worked_at"].as_u64() <= list["anchors"][0]["tried_at"].as_u64());
    shop.revoke_and_publish("repo");
    shop.run("trust import --data data repo", 0);
    assert_eq!(state(&shop.path("data"))[0].location, url);
    let list: Value = serde_json::from_str(&shop.run("trust list --data data --json", 0)).unwrap();
    assert_eq!(list["anchors"][0]["class"], Value::Null);

    // Pinned with a folder first, the owner gives the address later.
    server.dies_after(i64::MAX);
    let said = shop.run(
        &format!("trust add --data other --root issuer/root.json {url}"),
        0,
    );
    assert!(said.contains("come from http://127.0.0.1"), "{said}");
    assert_eq!(state(&shop.path("other"))[0].location, url);
    shop.run("trust import --data other", 0);
}

#[test]
fn an_address_is_https_and_redirects_stay_there() {
    let mut shop = Small::new();
    shop.publish("repo", now());
    for url in [
        "http://pass.example.org/trust/",
        "https://a:b@pass.example.org/",
    ] {
        let line = format!("trust add --data data --root issuer/root.json {url}");
        let said = shop.run(&line, 2);
        assert_eq!(said.lines().count(), 2, "{said}");
    }
    let server = Server::start(folder(&shop.path("repo")));
    let front = Server::start(|_, _| Reply::new(500, ""));
    let there = server.url();
    front.answers(move |path, _| {
        let to = format!("{there}{}", path.trim_start_matches("/trust/"));
        Reply::new(302, "").with("Location", to)
    });
    let add = format!(
        "trust add --data data --root issuer/root.json {}",
        front.url()
    );
    shop.run(&add, 0);
    for (to, said) in [
        (
            "http://pass.example.org/",
            "redirects to http://pass.example.org",
        ),
        ("file:///etc/passwd", "redirects to file://"),
        ("/trust/metadata/timestamp.json", "again and again"),
    ] {
        front.answers(move |_, _| Reply::new(302, "").with("Location", to));
        let told = shop.run("trust import --data data", 1);
        assert!(told.contains(said), "{to}: {told}");
    }
}

/// Runs an update against a server that answers badly: what is in force stays, and staff read why.
#[test]
fn whatever_the_server_answers_the_old_state_stays_and_the_reason_is_kept() {
    let mut shop = Small::new();
    shop.publish("repo", now());
    copy(&shop.path("repo"), &shop.path("older"));
    shop.revoke_and_publish("repo");
    let server = Server::start(folder(&shop.path("repo")));
    shop.run(
        &format!(
            "trust add --data data --root issuer/root.json {}",
            server.url()
        ),
        0,
    );
    // Somebody with a copy of the issuer's keys: the same versions, something else.
    copy(&shop.path("issuer"), &shop.path("twin"));
    let passphrase = ["issuer", "twin"].map(|name| beside(&shop.path(name)));
    std::fs::copy(&passphrase[0], &passphrase[1]).unwrap();
    let mut twin = Issuer::open(&shop.path("twin")).unwrap();
    copy(&shop.path("repo"), &shop.path("twin-repo"));
    shop.revoke_and_publish("repo");
    twin.publish(&shop.path("twin-repo"), now() + 5).unwrap();
    shop.run("trust import --data data", 0);
    // What is new from here on never comes into force.
    let before = (in_force(&shop), state(&shop.path("data")));
    copy(&shop.path("repo"), &shop.path("good"));
    shop.revoke_and_publish("repo");

    let repo = shop.path("repo");
    let instead = |name: &'static str, reply: Arc<dyn Fn(Vec<u8>) -> Reply + Send + Sync>| {
        let serve = folder(&repo);
        let bytes = {
            let path = repo.clone();
            move |file: &str| std::fs::read(path.join(file)).unwrap_or_default()
        };
        move |path: &str, tag: Option<&str>| {
            let file = path.trim_start_matches("/trust/");
            if file.ends_with(name) || (name == "list" && file.starts_with("targets/status/")) {
                reply(bytes(file))
            } else {
                serve(path, tag)
            }
        }
    };
    let stays = |class: Class, said: &str| {
        let told = shop.run("trust import --data data", 1);
        assert!(
            told.contains(said) && told.contains(class.sentence()),
            "{said}: {told}"
        );
        assert_eq!(told.lines().count(), 2, "{told}");
        assert_eq!(in_force(&shop), before.0, "{said}");
        assert!(state(&shop.path("data")) == before.1, "{said}");
        let store = Store::open_shared(&shop.path("data")).unwrap();
        let problem = store.trust_roads().unwrap().remove(0).problem.unwrap();
        assert_eq!(problem.class, class, "{said}: {problem}");
    };

    let long = || Arc::new(|bytes: Vec<u8>| Reply::new(200, bytes).endless());
    server.answers(instead("timestamp.json", long()));
    stays(Class::Server, "is longer than");
    server.answers(instead("targets.json", long()));
    stays(Class::Server, "is longer than");
    server.answers(instead("list", long()));
    stays(Class::Refused, "status list");
    for name in ["timestamp.json", "snapshot.json", "targets.json", "list"] {
        server.answers(instead(name, Arc::new(|_| Reply::new(404, ""))));
        stays(Class::Server, "it has no ");
        server.answers(instead(name, Arc::new(|_| Reply::new(503, ""))));
        stays(Class::Server, "with status 503");
        server.answers(instead(
            name,
            Arc::new(|_| {
                Reply::new(200, "<html>Welcome").with("Content-Type", "text/html; charset=utf-8")
            }),
        ));
        stays(Class::Server, "with a web page");
        server.answers(instead(
            name,
            Arc::new(|mut bytes: Vec<u8>| {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                Reply::new(200, bytes)
            }),
        ));
        stays(Class::Refused, "");
        server.answers(instead(
            name,
            Arc::new(|bytes: Vec<u8>| Reply::new(200, &bytes[..bytes.len() - 2])),
        ));
        stays(Class::Refused, "");
        server.answers(instead(
            name,
            Arc::new(|bytes: Vec<u8>| Reply::new(200, [bytes, vec![b' ']].concat())),
        ));
        let spaces = shop.run(
            "trust import --data data",
            i32::from(name != "timestamp.json"),
        );
        if name == "timestamp.json" {
            // White space behind a signed object changes nothing: the update is good.
            assert!(spaces.starts_with("updated"), "{spaces}");
            let store = Store::open_shared(&shop.path("data")).unwrap();
            let old = store.load_trust().unwrap().remove(0);
            let back = TrustSnapshot {
                anchor: old.anchor.clone(),
                ..before.1[0].clone()
            };
            store.save_trust(&back, Some(&old)).unwrap();
        }
    }
    // Swapped: each is signed, but not in this place.
    let snapshot = std::fs::read(repo.join("metadata/snapshot.json")).unwrap();
    server.answers(instead(
        "targets.json",
        Arc::new(move |_| Reply::new(200, snapshot.clone())),
    ));
    stays(Class::Refused, "");
    // A root that nobody signed.
    server.answers(instead("2.root.json", Arc::new(|_| Reply::new(200, "{}"))));
    stays(Class::Refused, "");
    server.answers(instead("2.root.json", Arc::new(|_| Reply::new(500, ""))));
    stays(Class::Server, "status 500");
    // Older than what is in force.
    server.answers(folder(&shop.path("older")));
    stays(Class::Refused, "timestamp");
    // Two truths of one version.
    server.answers(folder(&shop.path("twin-repo")));
    stays(Class::Refused, "two different");
    // A false "it is the same": what is in force, and nothing else.
    server.answers(|path, _| {
        Reply::new(
            if path.ends_with("root.json") {
                404
            } else {
                304
            },
            "",
        )
    });
    let told = shop.run("trust import --data data", 0);
    assert!(told.starts_with("unchanged"), "{told}");

    // Expired metadata are taken: doors go on, and staff are told. A clock that was set back meanwhile is no reason either.
    server.answers(folder(&repo));
    shop.publish("repo", now());
    shop.run("trust import --data data", 0);
    assert_ne!(in_force(&shop), before.0);
}

#[test]
fn expired_metadata_are_taken_and_said() {
    let mut shop = Small::new();
    shop.publish("repo", now() - 400 * DAY);
    shop.run("trust add --data data --root issuer/root.json repo", 0);
    let expires = |shop: &Small| in_force(shop)["anchors"][0]["expires"].as_u64().unwrap();
    assert!(expires(&shop) < now());
    let server = Server::start(folder(&shop.path("repo")));
    shop.publish("repo", now() - 399 * DAY);
    shop.run(&format!("trust import --data data {}", server.url()), 0);
    assert!(expires(&shop) < now());
}

/// Closes the connection after every single byte that a server sends during an update.
#[test]
fn the_network_dies_at_every_byte_of_an_update() {
    let mut shop = Small::new();
    shop.publish("repo", now());
    let server = Server::start(folder(&shop.path("repo")));
    let url = Place::parse(&server.url()).unwrap();
    let (old, _) = repository::pin(&shop.root(), url.clone(), now()).unwrap();
    shop.revoke_and_publish("repo");
    let all = 1_000_000;
    server.dies_after(all);
    let new = road::fetch(&old, url.clone(), now()).unwrap();
    let length = server.sent_of(all);
    assert!(old.metadata != new.metadata && old.targets != new.targets);
    assert!((2_000..40_000).contains(&length), "{length} bytes");
    let store = Store::open_shared(&shop.path("data")).unwrap();
    store.save_trust(&old, None).unwrap();
    for bytes in 0..length {
        server.dies_after(bytes);
        match road::fetch(&old, url.clone(), now()) {
            // The last bytes may be of a file that ends with the connection.
            Ok(got) => panic!("{bytes} of {length}: {:?}", got.metadata.len()),
            Err(problem) => assert!(
                matches!(problem.class, Class::Network | Class::Server),
                "{bytes} of {length}: {problem}"
            ),
        }
        // The database too, at some of them: nothing is written but how it went.
        if bytes % 97 == 0 {
            server.dies_after(bytes);
            let problem = road::update(&store, &old, url.clone(), now()).unwrap_err();
            assert!(store.load_trust().unwrap() == [old.clone()]);
            assert_eq!(store.trust_roads().unwrap()[0].problem, Some(problem));
        }
    }
    server.dies_after(length);
    assert_eq!(
        road::update(&store, &old, url.clone(), now()),
        Ok(Outcome::Updated)
    );
    let stored = store.load_trust().unwrap().remove(0);
    assert!(stored.metadata == new.metadata && stored.targets == new.targets);
    server.dies_after(i64::MAX);
    assert_eq!(
        road::update(&store, &stored, url, now()),
        Ok(Outcome::Unchanged)
    );
}

#[test]
fn a_code_is_all_that_a_kiosk_needs() {
    use munjigi::trust::pin::{self, Pin};
    let mut shop = Small::new();
    shop.publish("repo", now());
    let server = Server::start(folder(&shop.path("repo")));
    let Place::Url(url) = Place::parse(&server.url()).unwrap() else {
        panic!()
    };
    let mut pin = Pin {
        url,
        root: std::num::NonZeroU16::MIN,
        anchor: hex::decode(repository::anchor(&shop.root()))
            .unwrap()
            .try_into()
            .unwrap(),
    };
    let text = pin::compose(&pin).unwrap();
    shop.run(
        &format!("trust add --data data --pin {}", text.to_lowercase()),
        0,
    );
    let pinned = state(&shop.path("data")).remove(0);
    assert_eq!(pinned.anchor, hex::encode(pin.anchor));
    shop.run("trust import --data data", 0);
    // Without a network, from a copy: the address is the code's.
    server.dies_after(0);
    shop.run(&format!("trust add --data other --pin {text} repo"), 0);
    assert_eq!(state(&shop.path("other"))[0].location, server.url());
    let said = shop.run(&format!("trust add --data third --pin {text}"), 1);
    assert!(said.contains("cannot be reached"), "{said}");
    server.dies_after(i64::MAX);

    // Another root under that address.
    pin.anchor[31] ^= 1;
    let wrong = pin::compose(&pin).unwrap();
    let said = shop.run(&format!("trust add --data third --pin {wrong}"), 1);
    assert!(
        said.contains("is not the one that the code names"),
        "{said}"
    );
    let said = shop.run(
        &format!("trust add --data third --pin {}", &text[..text.len() - 1]),
        2,
    );
    assert!(said.contains("wrong or missing"), "{said}");
    assert!(!shop.path("third").exists());
}

#[test]
fn a_kiosk_fetches_by_itself_and_goes_on_without() {
    let mut shop = Shop::new();
    let holder = shop.grown_up();
    let (repo, issuer) = (shop.path("repo"), shop.path("issuer"));
    shop.trust();
    let server = Server::start(folder(&repo));
    let root = issuer.join("root.json").display().to_string();
    let line = format!("trust add --data data --root {root} {}", server.url());
    run(shop.folder.path(), &line, "", 0);
    let (relay, _) = crate::relay::Relay::reporting();
    let config = shop.configure(&[nothing(600.0)], &relay.port);

    // What is new comes in without anybody's hand, and into force.
    shop.revoke(&holder.number);
    let repo = shop.path("repo");
    shop.publish(&repo);
    let kiosk = Kiosk::start(&config);
    let trust = |state: &'static str| {
        move |event: &Value| event["event"] == "trust" && event["state"] == state
    };
    let seen = kiosk.until(Duration::from_secs(30), trust("updated"));
    assert!(!of_kind(&seen, "trust").is_empty());
    let detail = seen.last().unwrap()["detail"].as_str().unwrap();
    assert_eq!(detail, server.url());
    kiosk.until(Duration::from_secs(10), trust("loaded"));
    assert_eq!(nice(kiosk.child.id(), "roads"), Some(10));
    assert_eq!(nice(kiosk.child.id(), "reading"), Some(0));
    assert_eq!(kiosk.stop(), 0);

    // Away: said with its kind, and the door's trust stays. The stop does not wait for a server that is silent.
    server.dies_after(0);
    let before = state(&shop.data());
    let kiosk = Kiosk::start(&config);
    let seen = kiosk.until(Duration::from_secs(30), trust("failed"));
    assert_eq!(seen.last().unwrap()["class"], "network");
    assert!(
        of_kind(&seen, "fault").is_empty(),
        "an hour without a network is no fault"
    );
    server.dies_after(i64::MAX);
    // Tried again soon: nothing is new.
    kiosk.until(Duration::from_secs(40), trust("unchanged"));
    assert_eq!(kiosk.stop(), 0);
    assert!(state(&shop.data()) == before);

    // Never.
    let mut text = std::fs::read_to_string(&config).unwrap();
    text += "[trust]\nevery_minutes = 0\n";
    std::fs::write(&config, text).unwrap();
    server.asked();
    let kiosk = Kiosk::start(&config);
    kiosk.until(Duration::from_secs(20), |event| event["event"] == "ready");
    std::thread::sleep(Duration::from_secs(8));
    assert_eq!(kiosk.stop(), 0);
    assert_eq!(server.asked(), []);
}

/// How far a thread of a process stands behind others (proc(5), the file stat).
fn nice(process: u32, thread: &str) -> Option<i32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let stats =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("stat")).ok());
    stats
        .filter(|stat| stat.contains(&format!("({thread})")))
        .find_map(|stat| {
            stat.rsplit(')')
                .next()?
                .split_whitespace()
                .nth(16)?
                .parse()
                .ok()
        })
}

/// What a source needs beside its place.
pub fn source(url: &str, portal: u16) -> Source {
    let mut source = Source::new(Place::parse(url).unwrap());
    source.portal_port = portal;
    source
}
