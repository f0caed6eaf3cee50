use std::{os::unix::fs::symlink, time::Instant};

use super::*;
use crate::{
    issuer::{Issuer, IssuerSettings},
    store::TrustSnapshot,
};

const NOW: u64 = 1_795_449_600;

/// An issuer, a kiosk that trusts it, and the folder that stands in for a mounted stick.
struct Scene {
    folder: tempfile::TempDir,
    issuer: Issuer,
    store: Store,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut issuer = issuer(folder.path(), "issuer");
        let repo = folder.path().join("repo");
        issuer.publish(&repo, NOW).unwrap();
        let store = Store::open_shared(&folder.path().join("data")).unwrap();
        store.save_trust(&pinned(&issuer, &repo), None).unwrap();
        std::fs::create_dir(folder.path().join("stick")).unwrap();
        Self {
            folder,
            issuer,
            store,
        }
    }

    fn stick(&self) -> PathBuf {
        self.folder.path().join("stick")
    }

    fn states(&self) -> Vec<StickState> {
        let taken = take(&repositories(&self.stick()), &self.store, NOW + 9);
        taken.iter().map(|taken| taken.state).collect()
    }

    fn in_force(&self) -> Vec<TrustSnapshot> {
        self.store.load_trust().unwrap()
    }
}

fn issuer(folder: &Path, name: &str) -> Issuer {
    let settings = IssuerSettings {
        id: name.into(),
        name_en: Some("Hanbit".into()),
        entries: 4096,
        ..IssuerSettings::default()
    };
    Issuer::create(&folder.join(name), settings, NOW).unwrap()
}

fn pinned(issuer: &Issuer, repo: &Path) -> TrustSnapshot {
    let root = std::fs::read(issuer.root_file()).unwrap();
    repository::pin(&root, repo, NOW).unwrap().0
}

#[test]
fn a_repository_in_any_of_the_folders_is_taken_once() {
    for name in FOLDERS {
        let mut scene = Scene::new();
        let into = scene.stick().join(name);
        scene.issuer.publish(&into, NOW + 1).unwrap();
        assert_eq!(scene.states(), [StickState::Updated], "{name}");
        assert_eq!(scene.states(), [StickState::Unchanged], "{name}");
        let location = scene.folder.path().join("repo");
        let snapshot = scene.in_force().remove(0);
        assert_eq!(
            Path::new(&snapshot.location),
            location.canonicalize().unwrap()
        );
    }
}

#[test]
fn a_stick_for_something_else_is_nobodys_business_and_a_foreign_one_is_told() {
    let scene = Scene::new();
    std::fs::write(scene.stick().join("holiday.jpg"), "x").unwrap();
    assert!(repositories(&scene.stick()).is_empty());
    // Whatever else is called metadata: a file is no folder, and another name none of ours.
    std::fs::write(scene.stick().join("metadata"), "x").unwrap();
    std::fs::create_dir_all(scene.stick().join("other/metadata")).unwrap();
    assert!(repositories(&scene.stick()).is_empty());

    let before = scene.in_force();
    issuer(scene.folder.path(), "stranger")
        .publish(&scene.stick().join("trust"), NOW + 1)
        .unwrap();
    assert_eq!(scene.states(), [StickState::Foreign]);
    assert_eq!(scene.in_force(), before);
}

#[test]
fn every_pinned_issuer_is_looked_for_and_what_fails_is_told_last() {
    let mut scene = Scene::new();
    let mut second = issuer(scene.folder.path(), "second");
    let repo = scene.folder.path().join("second-repo");
    second.publish(&repo, NOW).unwrap();
    scene
        .store
        .save_trust(&pinned(&second, &repo), None)
        .unwrap();
    scene
        .issuer
        .publish(&scene.stick().join("munjigi"), NOW + 1)
        .unwrap();
    let theirs = scene.stick().join("trust");
    second.publish(&theirs, NOW + 1).unwrap();
    std::fs::write(theirs.join("metadata/snapshot.json"), "{}").unwrap();
    assert_eq!(scene.states(), [StickState::Updated, StickState::Refused]);
}

#[test]
fn an_older_copy_is_refused_and_what_was_in_force_stays() {
    let mut scene = Scene::new();
    let old = scene.stick().join("munjigi");
    scene.issuer.publish(&old, NOW + 1).unwrap();
    let newer = scene.folder.path().join("newer");
    scene.issuer.publish(&newer, NOW + 2).unwrap();
    let pinned = scene.in_force().remove(0);
    let (new, _) = repository::update(&pinned, newer.as_path(), NOW + 2).unwrap();
    scene.store.save_trust(&new, Some(&pinned)).unwrap();
    let before = scene.in_force();
    assert_eq!(scene.states(), [StickState::Refused]);
    assert_eq!(scene.in_force(), before);
}

#[test]
fn links_pipes_and_names_that_lead_out_are_refused() {
    type Spoil = fn(&Path);
    let spoils: [(&str, Spoil); 6] = [
        ("a folder that is a link", |stick| {
            std::fs::rename(stick.join("munjigi"), stick.join("../real")).unwrap();
            symlink("../real", stick.join("munjigi")).unwrap();
        }),
        ("a link to the metadata", |stick| {
            std::fs::rename(stick.join("munjigi/metadata"), stick.join("../meta")).unwrap();
            symlink("../../meta", stick.join("munjigi/metadata")).unwrap();
        }),
        ("a link to a file", |stick| {
            let file = stick.join("munjigi/metadata/snapshot.json");
            std::fs::rename(&file, stick.join("../snapshot.json")).unwrap();
            symlink("../../../snapshot.json", file).unwrap();
        }),
        ("a pipe", |stick| {
            let file = stick.join("munjigi/metadata/targets.json");
            std::fs::remove_file(&file).unwrap();
            nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
        }),
        ("a pipe as timestamp", |stick| {
            let file = stick.join("munjigi/metadata/timestamp.json");
            std::fs::remove_file(&file).unwrap();
            nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
        }),
        ("a target with dots", |stick| {
            let file = stick.join("munjigi/metadata/targets.json");
            let text = std::fs::read_to_string(&file).unwrap();
            std::fs::write(file, text.replace("issuers.json", "../../issuers.json")).unwrap();
        }),
    ];
    for (what, spoil) in spoils {
        let mut scene = Scene::new();
        let into = scene.stick().join("munjigi");
        scene.issuer.publish(&into, NOW + 1).unwrap();
        let before = scene.in_force();
        spoil(&scene.stick());
        let folders = repositories(&scene.stick());
        let states: Vec<_> = take(&folders, &scene.store, NOW + 9)
            .iter()
            .map(|taken| taken.state)
            .collect();
        assert!(
            matches!(states[..], [StickState::Refused | StickState::Foreign]),
            "{what}: {states:?}"
        );
        assert_eq!(scene.in_force(), before, "{what}");
    }
}

#[test]
fn a_hundred_thousand_files_are_not_looked_at() {
    let mut scene = Scene::new();
    let into = scene.stick().join("trust");
    scene.issuer.publish(&into, NOW + 1).unwrap();
    // Half of them beside the metadata, half in the way.
    for (folder, from) in [(scene.stick(), 0), (into.join("metadata"), 50_000)] {
        for number in from..from + 50_000 {
            let name = format!("{number}.root.json.bak");
            std::fs::File::create(folder.join(name)).unwrap();
        }
    }
    let begin = Instant::now();
    assert_eq!(scene.states(), [StickState::Updated]);
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "{:?}",
        begin.elapsed()
    );
}
