//! The trust repository beside python-tuf, the reference implementation of The Update Framework: `peer.py` makes one that the
//! kiosk reads, and reads those that the program makes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::command::{munjigi_in, run, text};

/// The interpreter of an environment with python-tuf, which is made once for a build folder.
fn python() -> PathBuf {
    let wanted = fs::read(here("requirements.txt")).unwrap();
    let begin = hex::encode(&Sha256::digest(&wanted)[..4]);
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-tuf-{begin}"));
    let python = venv.join("bin/python");
    let whole = venv.join("whole");
    if !whole.exists() {
        let step = |command: &mut Command| {
            let output = command.output().expect("python3 is needed");
            assert!(output.status.success(), "{}", text(&output));
        };
        step(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&venv),
        );
        step(
            Command::new(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "-r",
                ])
                .arg(here("requirements.txt")),
        );
        fs::write(whole, "").unwrap();
    }
    python
}

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it")
        .join(name)
}

/// Runs the script; gives what it printed.
fn peer(arguments: &[&Path]) -> Result<String, String> {
    let output = Command::new(python())
        .arg("-B") // no compiled modules beside the sources
        .arg(here("peer.py"))
        .args(arguments)
        .output()
        .unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout).unwrap()),
        false => Err(text(&output)),
    }
}

#[test]
fn a_kiosk_reads_and_follows_a_repository_of_python_tuf() {
    let folder = tempfile::tempdir().unwrap();
    peer(&[Path::new("build"), folder.path()]).unwrap();
    let run = |line: &str, input: &str, status| run(folder.path(), line, input, status);
    // Each check runs on its own data, and each judges every case.
    let cases = fs::read(folder.path().join("cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_slice(&cases).unwrap();
    let input: String = cases
        .iter()
        .map(|case| format!("{}\n", case["text"].as_str().unwrap()))
        .collect();
    let judged = |state: &str| {
        let line = "check --json --data data --service entry --at 2026-11-23T16:10:00Z";
        let words: Vec<&str> = line.split_whitespace().collect();
        let output = munjigi_in(folder.path(), &words, &input);
        let said = String::from_utf8(output.stdout).unwrap();
        let said: Vec<Value> = said
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(said.len(), cases.len());
        for (case, said) in cases.iter().zip(&said) {
            assert_eq!(said["reason"], case[state], "{}", case["name"]);
            assert_eq!(said["issuer"], case["issuer"], "{}", case["name"]);
        }
    };

    run("trust add --data data --root root.json first", "", 0);
    judged("first");
    // What is wrong leaves the old state in force.
    for (repository, said) in [
        // The delegated role may carry its own list, and no other.
        ("reaching", "permissions"),
        ("missing", "m_1.cwt is no target"),
        // Two of three must sign a root.
        ("undersigned", "threshold"),
    ] {
        let refused = run(&format!("trust import --data data {repository}"), "", 1);
        assert!(refused.contains(said), "{repository}: {refused}");
        judged("first");
    }
    // Roots 2 and 3 at once: a stolen root key is out, and another key publishes.
    run("trust import --data data second", "", 0);
    judged("second");
    let listed: Value = serde_json::from_str(&run("trust list --data data --json", "", 0)).unwrap();
    assert_eq!(listed["anchors"][0]["root"], 3);
    // What the old publishing key signed is older, and is not taken any more.
    run("trust import --data data first", "", 1);
    judged("second");
}

#[test]
fn python_tufs_client_reads_and_follows_what_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, status| run(folder.path(), line, "", status);
    run("issuer init --data shop --name-en Hanbit --entries 64", 0);
    run("issuer publish --data shop repo", 0);
    fs::copy(
        folder.path().join("shop/root.json"),
        folder.path().join("pinned.json"),
    )
    .unwrap();
    let read = || {
        let (root, repository) = (
            folder.path().join("pinned.json"),
            folder.path().join("repo"),
        );
        let said = peer(&[Path::new("read"), &root, &repository])?;
        let said: Value = serde_json::from_str(&said).unwrap();
        for (name, hash) in said["targets"].as_object().unwrap() {
            let bytes = fs::read(repository.join("targets").join(name)).unwrap();
            assert_eq!(*hash, hex::encode(Sha256::digest(bytes)), "{name}");
        }
        Ok::<_, String>(said)
    };
    let said = read().unwrap();
    assert_eq!(said["versions"]["root"], 1);
    assert_eq!(said["targets"].as_object().unwrap().len(), 2);

    // More passes than a list has room for; another root, of two keys on three sticks; another key that publishes.
    run(
        "issuer issue --data shop --service entry --over-14 --printed --count 150 --out a.pdf",
        0,
    );
    run("issuer rotate --data shop", 0);
    run(
        "issuer root change --data shop --threshold 2 --keys a --keys b --keys c",
        0,
    );
    run(
        "issuer root change --data shop --new-publish-key --sign-with a",
        1,
    );
    run("issuer root sign --data shop --keys c", 0);
    run("issuer publish --data shop repo", 0);
    let said = read().unwrap();
    assert_eq!(said["versions"]["root"], 3);
    assert!(said["targets"].as_object().unwrap().len() >= 4, "{said}");

    // The test can fail: a byte of a list, and of the root.
    let lists = fs::read_dir(folder.path().join("repo/targets/status")).unwrap();
    let list = lists.map(|entry| entry.unwrap().path()).next().unwrap();
    for path in [list, folder.path().join("repo/metadata/2.root.json")] {
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        let middle = bad.len() / 2;
        bad[middle] ^= 1;
        fs::write(&path, bad).unwrap();
        assert!(read().is_err(), "{path:?}");
        fs::write(&path, good).unwrap();
    }
    read().unwrap();
}
