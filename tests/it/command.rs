//! The program's commands, as scripts use them: arguments and input in, output and exit status out.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::shop::MUNJIGI;

/// Runs the program with this input.
pub fn munjigi(arguments: &[&str], input: &str) -> Output {
    munjigi_in(Path::new("."), arguments, input)
}

/// The same in a folder.
pub fn munjigi_in(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(MUNJIGI)
        .args(arguments)
        .current_dir(folder)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read to the end is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Standard output, then standard error.
pub fn text(output: &Output) -> String {
    let both = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8(both).unwrap()
}

/// Runs a line of words in a folder and expects this exit status.
pub fn run(folder: &Path, line: &str, input: &str, status: i32) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let output = munjigi_in(folder, &words, input);
    assert_eq!(
        output.status.code(),
        Some(status),
        "{line}: {}",
        text(&output)
    );
    text(&output)
}

#[test]
fn an_owner_makes_passes_and_a_kiosk_judges_them() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, input: &str, status| run(folder.path(), line, input, status);
    run(
        "issuer init --data shop --name-en Hanbit --entries 4096",
        "",
        0,
    );
    let ed25519 = run("wallet new --key a.key", "", 0);
    let p256 = run("wallet new --key b.key --p256", "", 0);
    for (key, name) in [(&ed25519, "a"), (&p256, "b")] {
        let line = format!(
            "issuer issue --data shop --service adult --adult --holder {key} --out {name}.cwt"
        );
        run(&line, "", 0);
    }
    run(
        "issuer issue --data shop --service store --reference 0011223344556677 --days 3 --holder \
         ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a --out c.cwt",
        "",
        0,
    );
    for out in ["p.png", "p.svg", "p.pdf"] {
        run(
            &format!("issuer issue --data shop --service entry --over-14 --printed --out {out}"),
            "",
            0,
        );
    }
    run("issuer publish --data shop repo", "", 0);
    run("trust add --data data --root shop/root.json repo", "", 0);

    for name in ["a", "b"] {
        let live = run(
            &format!("wallet show --key {name}.key --pass {name}.cwt --text --once"),
            "",
            0,
        );
        assert!(run("check --data data --service adult", &live, 0).starts_with("granted granted "));
        assert!(run("check --data data --service entry", &live, 1).contains("wrong_service"));
        run(
            &format!("wallet show --key {name}.key --pass {name}.cwt --png live.png --once"),
            "",
            0,
        );
        let shown = run("scan live.png", "", 0);
        let shown = shown.strip_prefix("live.png: ").unwrap();
        assert!(run("check --data data --service adult", shown, 0).starts_with("granted granted "));
    }
    let printed = run("scan p.png", "", 0);
    let printed = printed.strip_prefix("p.png: ").unwrap();
    assert!(run("check --data data --service entry", printed, 0).contains(" printed"));
    assert!(run("check --data data --service adult", printed, 1).contains("wrong_service"));

    // Revoked: known after the next publish and import, not before.
    let number = run("check --data data --service entry", printed, 0)
        .split(' ')
        .nth(2)
        .unwrap()
        .to_string();
    run(
        &format!("issuer revoke --data shop {}", number.to_lowercase()),
        "",
        0,
    );
    run("trust import --data data", "", 0);
    run("check --data data --service entry", printed, 0);
    run("issuer publish --data shop repo", "", 0);
    run("trust import --data data", "", 0);
    assert!(run("check --data data --service entry", printed, 1).contains("revoked"));

    // A pin that is taken back: nobody is known any more.
    let anchors = run("trust list --data data --json", "", 0);
    let anchors: serde_json::Value = serde_json::from_str(&anchors).unwrap();
    let anchor = &anchors["anchors"][0]["anchor"].as_str().unwrap()[..8];
    run(&format!("trust remove --data data {anchor}"), "", 0);
    assert!(run("check --data data --service entry", printed, 1).contains("unknown_issuer"));
    run("trust add --data data --root shop/root.json repo", "", 0);

    // What is recorded counts: the same presentation a second time, and a pass that is blocked here.
    let live = run("wallet show --key a.key --pass a.cwt --text --once", "", 0);
    let twice = run(
        "check --data data --service adult --record",
        &live.repeat(2),
        1,
    );
    let reasons: Vec<&str> = twice
        .lines()
        .map(|line| line.split(' ').nth(1).unwrap())
        .collect();
    assert_eq!(reasons, ["granted", "replayed"]);
    let number = twice.split(' ').nth(2).unwrap();
    // What issuers.json allows, the owner of this door can take away, and give back.
    run("trust forbid --data data shop adult", "", 0);
    run("trust forbid --data data shop adult", "", 1);
    run("trust forbid --data data shpo adult", "", 1);
    let shown = run("trust list --data data --json", "", 0);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["forbidden"][0]["service"], "adult");
    assert_eq!(shown["forbidden"][0]["who"], "command line");
    let live = run("wallet show --key b.key --pass b.cwt --text --once", "", 0);
    assert!(run("check --data data --service adult", &live, 1).contains("key_not_allowed"));
    assert!(run("check --data data --service entry", printed, 1).contains("revoked"));
    run("trust allow --data data shop adult", "", 0);
    run("trust allow --data data shop adult", "", 1);
    run("check --data data --service adult", &live, 0);

    run(&format!("block --data data --why lost {number}"), "", 0);
    let blocked = run("blocked --data data --json", "", 0);
    let blocked: serde_json::Value = serde_json::from_str(&blocked).unwrap();
    assert_eq!(
        [&blocked["pass"], &blocked["why"], &blocked["who"]],
        [number, "lost", "command line"]
    );
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let later = run("wallet show --key a.key --pass a.cwt --text --once", "", 0);
    assert!(run("check --data data --service adult --record", &later, 1).contains("locked_out"));
    run(&format!("unblock --data data {number}"), "", 0);
    assert_eq!(run("blocked --data data", "", 0), "");
    assert_eq!(
        run("log list --data data --reason granted", "", 0)
            .lines()
            .count(),
        1
    );
    assert_eq!(
        run(
            &format!("log list --data data --pass {number} --json"),
            "",
            0
        )
        .lines()
        .count(),
        3
    );
    run("log verify --data data", "", 0);
}

#[test]
fn a_pass_for_one_visit_opens_once() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, input: &str, status| run(folder.path(), line, input, status);
    run(
        "issuer init --data shop --name-en Hanbit --entries 4096",
        "",
        0,
    );
    let key = run("wallet new --key a.key", "", 0);
    run(
        &format!(
            "issuer issue --data shop --service entry --over-14 --visits 1 --holder {key} --out a.cwt"
        ),
        "",
        0,
    );
    run(
        "issuer issue --data shop --service entry --over-14 --visits 2 --printed --out p.png",
        "",
        0,
    );
    run(
        "issuer issue --data shop --service entry --over-14 --visits 0 --printed --out q.png",
        "",
        2,
    );
    run("issuer publish --data shop repo", "", 0);
    run("trust add --data data --root shop/root.json repo", "", 0);
    let show = || run("wallet show --key a.key --pass a.cwt --text --once", "", 0);
    let printed = run("scan p.png", "", 0);
    let printed = printed.strip_prefix("p.png: ").unwrap();
    let check = |text: &str, status| {
        let said = run("check --data data --service entry --record", text, status);
        said.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(check(&show(), 0), "granted");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(check(&show(), 1), "used_up");
    assert_eq!(check(printed, 0), "granted");
    assert_eq!(check(printed, 1), "passback", "one visit is left");
    // Without a record nothing is used up.
    assert!(run("check --data data --service entry", &show(), 0).contains("granted"));
    assert!(run("issuer list --data shop --json", "", 0).contains(r#""visits":1"#));
}

#[test]
fn wrong_use_says_what_went_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, input: &str, status| run(folder.path(), line, input, status);
    run(
        "issuer init --data shop --name-en Hanbit --entries 4096",
        "",
        0,
    );
    run("wallet new --key a.key", "", 0);
    run("staff add --data data owner", "918273\n", 0);
    std::fs::write(
        folder.path().join("wrong.toml"),
        "data = \"data\"\n[door]\nunlock_seconds = 99\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("right.toml"), "data = \"data\"\n").unwrap();
    for (line, input, status, said) in [
        (
            "issuer init --data shop --name-en Again",
            "",
            2,
            "has an issuer already",
        ),
        ("issuer publish --data nowhere repo", "", 2, "has no issuer"),
        (
            "issuer revoke --data shop 0000000",
            "",
            1,
            "no pass has the number",
        ),
        (
            "issuer issue --data shop --service store --over-14 --printed --out a.png",
            "",
            2,
            "payment reference",
        ),
        (
            "issuer issue --data shop --service entry --over-14 --printed --out a.doc",
            "",
            2,
            "in which form",
        ),
        (
            "issuer issue --data shop --service entry --over-14 --printed --count 3 --out a.png",
            "",
            2,
            "do not fit one picture",
        ),
        ("wallet new --key a.key", "", 2, "never written over"),
        (
            "wallet show --key a.key --pass nothing.cwt",
            "",
            2,
            "nothing.cwt",
        ),
        (
            "trust add --data data --root nothing.json repo",
            "",
            2,
            "nothing.json",
        ),
        ("trust import --data data", "", 2, "no anchor is pinned yet"),
        (
            "check --data nowhere --service entry",
            "",
            2,
            "is no data folder",
        ),
        (
            "log erase --data data --before 2999-01-01",
            "",
            2,
            "in the future",
        ),
        ("staff add --data data helper", "12345\n", 2, "six digits"),
        (
            "staff add --data data helper",
            "111111\n",
            2,
            "the first that anybody would try",
        ),
        (
            "staff add --data data owner",
            "827364\n",
            1,
            "has a code already",
        ),
        (
            "staff reset --data data nobody",
            "827364\n",
            1,
            "nobody is called",
        ),
        (
            "staff add --data data helper",
            "918273\n",
            2,
            "somebody has this code already",
        ),
        ("block --data data ILOU", "", 2, "is no pass number"),
        (
            "trust remove --data data 00000000",
            "",
            1,
            "names no pinned anchor",
        ),
        ("kiosk --config right.toml", "", 3, "there is no display"),
        (
            "kiosk --headless --config nothing.toml",
            "",
            2,
            "nothing.toml",
        ),
        (
            "kiosk --headless --config wrong.toml",
            "",
            2,
            "wrong.toml, line 3: door.unlock_seconds: allowed is 1 to door.max_seconds",
        ),
        ("scan nothing.png", "", 3, "nothing.png"),
    ] {
        let words: Vec<&str> = line.split_whitespace().collect();
        let output = munjigi_in(folder.path(), &words, input);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{line}: {error}");
        assert!(error.contains(said), "{line}: {error}");
        assert_eq!(
            error.lines().count(),
            2,
            "what went wrong, what to do: {error}"
        );
    }
}

#[test]
fn the_doctor_names_what_is_missing_and_clicks_only_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, status| run(folder.path(), line, "", status);
    let (relay, orders) = crate::relay::Relay::reporting();
    let config = |port: &str| {
        let text = format!(
            "data = \"data\"\n[camera]\nsource = \"phone\"\npath = \"script.json\"\n\
             [door]\ndriver = \"serial-lcus\"\nport = \"{port}\"\n"
        );
        std::fs::write(folder.path().join("kiosk.toml"), text).unwrap();
    };
    config("/dev/no-such-relay");
    let said = run("doctor --config kiosk.toml", 3);
    for (part, what) in [
        ("storage", "is no data folder yet"),
        ("trust", "no issuer is trusted yet"),
        ("camera", "script.json"),
        ("relay", "/dev/no-such-relay cannot be opened"),
    ] {
        let of_part = |line: &&str| line.split_whitespace().nth(1) == Some(part);
        let line = said.lines().find(of_part).unwrap();
        assert!(line.contains(what), "{line}");
    }

    std::fs::write(
        folder.path().join("script.json"),
        r#"{"acts": [{"show": "nothing", "seconds": 60}], "fps": 10}"#,
    )
    .unwrap();
    config(relay.port.to_str().unwrap());
    run("issuer init --data shop --name-en Hanbit --entries 4096", 0);
    run("issuer publish --data shop repo", 0);
    run("trust add --data data --root shop/root.json repo", 0);
    let said = run("doctor --config kiosk.toml", 0);
    assert!(
        said.contains("1280x720") && said.contains("mean brightness"),
        "{said}"
    );
    assert_eq!(relay.opened(), 0, "looked at, not moved");
    let said = run("doctor --config kiosk.toml --click", 0);
    assert!(said.contains("clicked"), "{said}");
    let told: Vec<_> = std::iter::from_fn(|| {
        orders
            .recv_timeout(std::time::Duration::from_millis(200))
            .ok()
    })
    .collect();
    use crate::relay::{OFF, ON};
    assert!(told.windows(2).any(|pair| pair == [ON, OFF]), "{told:?}");
    assert_eq!(relay.opened(), 1);
    let db = rusqlite::Connection::open(folder.path().join("data/munjigi.db")).unwrap();
    let who: String = db
        .query_row(
            "SELECT who FROM access WHERE what = 'relay clicked'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(who, "doctor");
}
