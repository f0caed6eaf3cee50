//! Every file operation of `munjigi trust import` fails once, or the process dies in it (strace(1) does both): either the old
//! state is in force afterwards or the new one, whole, and the next import works.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output},
};

use munjigi::store::TrustSnapshot;

use crate::{
    command::text,
    roads::{Small, copy, in_force, state},
    serve::{Server, folder},
    shop::{MUNJIGI, now},
};

/// A call that fails, and how.
struct Fault<'a> {
    call: &'a str,
    how: &'a str,
    /// Which call of each thread: `3`, or `3+` for it and all after it.
    when: String,
    /// Only of files in the data folder.
    data_only: bool,
}

/// Runs an import with a fault. The second value is what was injected, a line each.
fn import(shop: &Small, fault: &Fault<'_>) -> (Output, Vec<String>) {
    let trace = shop.path("trace");
    let _ = std::fs::remove_file(&trace);
    let mut strace = Command::new("strace");
    strace.args(["-f", "-q", "-o"]).arg(&trace);
    if fault.data_only {
        for file in ["", "/munjigi.db", "/munjigi.db-wal", "/munjigi.db-shm"] {
            strace
                .arg("-P")
                .arg(format!("{}{file}", shop.path("data").display()));
        }
    }
    let inject = format!("inject={}:{}:when={}", fault.call, fault.how, fault.when);
    let output = strace
        .args(["-e", &inject, MUNJIGI, "trust", "import", "--data", "data"])
        .current_dir(shop.folder.path())
        .output()
        .unwrap();
    let lines = std::fs::read_to_string(&trace).unwrap_or_default();
    let injected = lines
        .lines()
        .filter(|line| line.contains("INJECTED") || line.contains("killed by SIGKILL"))
        .map(str::to_owned);
    (output, injected.collect())
}

/// What is in force, byte by byte.
type Files = Vec<(Vec<(String, Vec<u8>)>, Vec<(String, Vec<u8>)>)>;

fn files(snapshots: Vec<TrustSnapshot>) -> Files {
    let files = |snapshot: TrustSnapshot| (snapshot.metadata, snapshot.targets);
    snapshots.into_iter().map(files).collect()
}

struct Bench {
    shop: Small,
    _server: Server,
    old: Files,
    new: Files,
    /// A pass that the update revokes.
    text: String,
}

impl Bench {
    /// A kiosk with an update waiting at a server; `data.old` is its folder before.
    fn new() -> Self {
        let mut shop = Small::new();
        let number = shop.run(
            "issuer issue --data issuer --service entry --over-14 --printed --out pass.png",
            0,
        );
        let number = number
            .split_whitespace()
            .find(|word| word.len() == 7)
            .unwrap()
            .to_owned();
        let text = shop.run("scan pass.png", 0);
        let text = text.trim().strip_prefix("pass.png: ").unwrap().to_owned();
        shop.publish("repo", now());
        let server = Server::start(folder(&shop.path("repo")));
        shop.run(
            &format!(
                "trust add --data data --root issuer/root.json {}",
                server.url()
            ),
            0,
        );
        copy(&shop.path("data"), &shop.path("data.old"));
        let old = files(state(&shop.path("data")));
        shop.issuer.revoke(&number, now()).unwrap();
        shop.publish("repo", now());
        shop.run("trust import --data data", 0);
        let new = files(state(&shop.path("data")));
        assert!(old != new);
        let bench = Self {
            shop,
            _server: server,
            old,
            new,
            text,
        };
        assert_eq!(bench.judged(), "revoked");
        bench.reset();
        assert_eq!(bench.judged(), "granted");
        bench
    }

    fn reset(&self) {
        copy(&self.shop.path("data.old"), &self.shop.path("data"));
    }

    /// What the door says of the pass.
    fn judged(&self) -> String {
        let words = ["check", "--data", "data", "--service", "entry"];
        let output = crate::command::munjigi_in(self.shop.folder.path(), &words, &self.text);
        text(&output).split(' ').nth(1).unwrap().to_owned()
    }

    /// Old or new, whole: the bytes, what is listed and what the door says agree. Gives whether it is new.
    fn whole(&self, fault: &str) -> bool {
        let now = files(state(&self.shop.path("data")));
        let is_new = now == self.new;
        assert!(is_new || now == self.old, "{fault}: neither old nor new");
        let _ = in_force(&self.shop);
        let reason = if is_new { "revoked" } else { "granted" };
        assert_eq!(self.judged(), reason, "{fault}");
        is_new
    }

    /// Fails each call once, from the first to the last that an import makes. Gives what was injected.
    fn each(&self, call: &str, how: &str, from_then_on: bool, data_only: bool) -> BTreeSet<String> {
        let mut kinds = BTreeSet::new();
        for n in 1.. {
            assert!(n < 2000, "{call}: an import never ends");
            self.reset();
            let fault = Fault {
                call,
                how,
                when: format!("{n}{}", if from_then_on { "+" } else { "" }),
                data_only,
            };
            let (output, injected) = import(&self.shop, &fault);
            let said = text(&output);
            let what = format!("{call} {how} {n}: {said}");
            if injected.is_empty() {
                assert!(
                    output.status.success() && said.starts_with("updated"),
                    "{what}"
                );
                break;
            }
            kinds.extend(injected.iter().map(|line| kind(line)));
            let is_new = self.whole(&what);
            // Said, and rightly: a failure names what went wrong and what to do. After "updated" it is so.
            if output.status.success() {
                assert!(is_new, "{what}");
            } else if output.status.code().is_some_and(|code| code < 4) {
                let errors = String::from_utf8_lossy(&output.stderr);
                // Where even that cannot be written, it is the status that says so.
                assert!(call == "write" || errors.lines().count() >= 2, "{what}");
            }
            // And the next one works.
            let after = self.shop.run("trust import --data data", 0);
            assert!(
                after.starts_with(if is_new { "unchanged" } else { "updated" }),
                "{what}: {after}"
            );
            assert!(self.whole(&what), "{what}");
        }
        kinds
    }
}

/// Which call it was.
fn kind(line: &str) -> String {
    // Of a call that another thread interrupted: `<... fdatasync resumed>`.
    let mut words = line
        .split_whitespace()
        .skip(1)
        .filter(|word| *word != "<...");
    let call = words.next().unwrap_or_default();
    call.split('(').next().unwrap_or_default().to_owned()
}

fn can_trace() -> bool {
    let true_ = Command::new("strace")
        .args(["-q", "-o", "/dev/null", "true"])
        .status();
    let can = true_.is_ok_and(|status| status.success());
    // A container may forbid it: ptrace(2).
    if !can {
        eprintln!("strace cannot trace here: nothing is tested");
    }
    can
}

#[test]
fn every_file_operation_of_an_update_may_fail() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    let mut failed = BTreeSet::new();
    for call in [
        "openat",
        "write",
        "pwrite64",
        "fsync",
        "fdatasync",
        "ftruncate",
        "unlink",
        "rename",
    ] {
        failed.extend(bench.each(call, "error=EIO", false, false));
    }
    // The commit itself is among them.
    for call in ["openat", "write", "pwrite64", "fsync"] {
        assert!(failed.contains(call), "{call} of {failed:?}");
    }
}

#[test]
fn the_disk_may_be_full_from_any_write_on() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    for call in ["pwrite64", "ftruncate", "fallocate"] {
        bench.each(call, "error=ENOSPC", true, true);
    }
    bench.each("write", "error=ENOSPC", true, false);
}

#[test]
fn the_power_may_go_at_any_write() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    for call in ["pwrite64", "fsync"] {
        bench.each(call, "signal=KILL", false, true);
    }
}

/// A disk that is really full, where this user may mount one.
#[test]
fn a_full_disk_keeps_the_old_state() {
    let bench = Bench::new();
    let disk = bench.shop.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = |arguments: &[&str]| {
        let status = Command::new("mount").args(arguments).arg(&disk).status();
        status.is_ok_and(|status| status.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=1m", "tmpfs"]) {
        eprintln!("no disk can be mounted here: nothing is tested");
        return;
    }
    let _unmount = Unmount(&disk);
    copy(&bench.shop.path("data.old"), &disk.join("data"));
    std::fs::write(disk.join("rest"), vec![0; 1 << 20]).unwrap_err();
    let data = disk.join("data").display().to_string();
    let said = bench.shop.run(&format!("trust import --data {data}"), 3);
    assert!(
        said.contains("munjigi doctor") || said.contains("full"),
        "{said}"
    );
    std::fs::remove_file(disk.join("rest")).unwrap();
    assert!(files(state(&disk.join("data"))) == bench.old);
    bench.shop.run(&format!("trust import --data {data}"), 0);
    assert!(files(state(&disk.join("data"))) == bench.new);
}

struct Unmount<'a>(&'a Path);

impl Drop for Unmount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}
