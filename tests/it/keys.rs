//! The issuer's keys at the command line.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use serde_json::Value;

use crate::command::run;

#[test]
fn the_commands_of_an_owner_whose_key_was_stolen() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, input: &str, status| run(folder.path(), line, input, status);
    let said = run(
        "issuer init --data shop --name-en Hanbit --entries 4096 --keys stick",
        "",
        0,
    );
    assert!(said.contains("shop.passphrase"), "{said}");
    let passphrase = fs::read_to_string(folder.path().join("shop.passphrase")).unwrap();
    assert!(!said.contains(passphrase.trim()), "it is not printed");
    assert!(!folder.path().join("shop/root.key").exists());
    run(
        "issuer issue --data shop --service entry --over-14 --printed --out a.png",
        "",
        0,
    );
    run("issuer publish --data shop repo", "", 0);
    run("trust add --data data --root shop/root.json repo", "", 0);
    let pass = read_pass(folder.path(), "a.png");
    let check = "check --data data --service entry";
    run(check, &pass, 0);

    let keys = || -> Vec<Value> {
        let shown = run("issuer keys show --data shop --json", "", 0);
        shown
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let stolen = keys()[0]["kid"].as_str().unwrap().to_owned();
    run("issuer standby --data shop --keys safe", "", 0);
    assert_eq!(states(&keys()), ["signs", "standby"]);
    run("issuer rotate --data shop", "", 0);
    run("issuer rotate --data shop", "", 2);
    run(
        &format!("issuer distrust --data shop {stolen} --keys safe"),
        "",
        0,
    );
    assert_eq!(states(&keys()), ["distrusted", "signs", "standby"]);
    run("issuer distrust --data shop 01234567", "", 1);
    run("issuer publish --data shop repo", "", 0);
    run("trust import --data data", "", 0);
    let refused = run(check, &pass, 1);
    assert!(refused.contains("key_not_allowed"), "{refused}");
    run(
        "issuer issue --data shop --service entry --over-14 --printed --out b.png",
        "",
        0,
    );
    run("issuer publish --data shop repo", "", 0);
    run("trust import --data data", "", 0);
    run(check, &read_pass(folder.path(), "b.png"), 0);
}

/// In the order of the alphabet: keys of one day have no other.
fn states(keys: &[Value]) -> Vec<&str> {
    let mut states: Vec<&str> = keys
        .iter()
        .map(|key| key["state"].as_str().unwrap())
        .collect();
    states.sort_unstable();
    states
}

fn read_pass(folder: &Path, picture: &str) -> String {
    let said = run(folder, &format!("scan --json {picture}"), "", 0);
    let said: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    said["texts"][0].as_str().unwrap().to_owned()
}

#[test]
fn without_its_passphrase_an_issuer_shows_and_revokes_and_signs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, status| run(folder.path(), line, "", status);
    run(
        "issuer init --data shop --name-en Hanbit --passphrase-file kept/passphrase",
        3,
    );
    fs::create_dir(folder.path().join("kept")).unwrap();
    run(
        "issuer init --data shop2 --name-en Hanbit --passphrase-file kept/passphrase",
        0,
    );
    let mode = fs::metadata(folder.path().join("kept/passphrase"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let issue = "issuer issue --data shop2 --service entry --over-14 --printed --out";
    run(
        &format!("{issue} a.png --passphrase-file kept/passphrase"),
        0,
    );
    let number = run("issuer list --data shop2", 0);
    let number = number.split_whitespace().next().unwrap();
    run(&format!("issuer revoke --data shop2 {number}"), 0);
    let refused = run(&format!("{issue} b.png"), 2);
    assert!(
        refused.contains("shop2.passphrase") && refused.contains("--passphrase-file"),
        "{refused}"
    );
    run("issuer publish --data shop2 repo", 2);
    fs::write(
        folder.path().join("shop2.passphrase"),
        "quite another one, sorry\n",
    )
    .unwrap();
    run("issuer publish --data shop2 repo", 2); // others can read that file
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(folder.path().join("shop2.passphrase"), private).unwrap();
    let refused = run("issuer publish --data shop2 repo", 2);
    assert!(refused.contains("does not open"), "{refused}");
    run(
        "issuer publish --data shop2 repo --passphrase-file kept/passphrase",
        0,
    );
}

#[test]
fn an_export_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, status| run(folder.path(), line, "", status);
    run("issuer init --data shop --name-en Hanbit", 0);
    let said = run("issuer export --data shop --out without", 0);
    assert!(!said.contains("WARNING") && !folder.path().join("without/keys").exists());
    run("issuer export --data shop --out without", 2);
    let said = run("issuer export --data shop --out with --with-keys", 0);
    assert!(said.contains("WARNING"), "{said}");
    assert_eq!(
        fs::read_dir(folder.path().join("with/keys"))
            .unwrap()
            .count(),
        9
    );
    run(
        "trust add --data data --root shop/root.json with/repository",
        0,
    );
}
