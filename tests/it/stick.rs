//! A stick is plugged in: the real program as a user without rights, a real udisks, a real polkit with the rule of the
//! package, a file system on a loop device. Needs root, for a bus and devices of its own; without, it says so and ends.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::shop::{MUNJIGI, Shop, now};

const PATIENCE: Duration = Duration::from_secs(30);
/// A user who may do nothing.
const NOBODY: &str = "65534";

/// The kiosk and everything around it.
struct Machine {
    child: Child,
    orders: Option<ChildStdin>,
    events: Receiver<Value>,
}

impl Machine {
    fn start(shop: &Shop, config: &Path) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let rules = std::fs::read_to_string(root.join("packaging/polkit/50-munjigi.rules"));
        let rules = rules.unwrap().replace("\"munjigi\"", "\"nobody\"");
        std::fs::write(shop.path("stick.rules"), rules).unwrap();
        let owned = Command::new("chown")
            .args(["-R", NOBODY])
            .arg(shop.folder.path())
            .status();
        assert!(owned.unwrap().success());
        let user = [
            format!("--reuid={NOBODY}"),
            format!("--regid={NOBODY}"),
            "--clear-groups".into(),
        ];
        let mut child = Command::new("unshare")
            .args(["--net", "--mount", "--pid", "--fork", "--mount-proc"])
            .arg(root.join("tests/udisks"))
            .arg(shop.path("stick.rules"))
            .arg(shop.path("mounts"))
            .arg("setpriv")
            .args(user)
            .args([MUNJIGI, "kiosk", "--headless", "--config"])
            .arg(config)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, events) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Ok(event) = serde_json::from_str(&line)
                    && sender.send(event).is_err()
                {
                    break;
                }
            }
        });
        Self {
            orders: child.stdin.take(),
            child,
            events,
        }
    }

    fn order(&mut self, order: &str) {
        let orders = self.orders.as_mut().unwrap();
        writeln!(orders, "{order}").unwrap();
    }

    /// What is said of sticks, up to and with this state.
    fn until(&self, state: &str) -> Vec<Value> {
        let begin = Instant::now();
        let mut all = Vec::new();
        loop {
            let left = PATIENCE.saturating_sub(begin.elapsed());
            let event = self.events.recv_timeout(left);
            let event = event.unwrap_or_else(|_| panic!("never {state}: {all:?}"));
            let is_it = event["event"] == "stick" && event["state"] == state;
            all.push(event);
            if is_it {
                return all;
            }
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}

/// A file system of 8 MiB with these files.
fn image(folder: &Path, at: &Path) {
    std::fs::File::create(at).unwrap().set_len(8 << 20).unwrap();
    let made = Command::new("/sbin/mkfs.ext4")
        .args(["-q", "-d"])
        .args([folder, at])
        .status();
    assert!(made.unwrap().success());
}

#[test]
fn a_stick_is_taken_and_let_go_by_itself() {
    let needed = [
        "/usr/libexec/udisks2/udisksd",
        "/usr/lib/polkit-1/polkitd",
        "/lib/systemd/systemd-udevd",
        "/dev/loop-control",
    ];
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    if !is_root || !needed.iter().all(|file| Path::new(file).exists()) {
        eprintln!("skipped: needs root, loop devices, udisks2, polkitd and udev");
        return;
    }
    let mut shop = Shop::new();
    let revoked = shop.grown_up();
    shop.trust();
    // What is on the stick is newer.
    shop.revoke(&revoked.number);
    let newer = shop.path("newer/munjigi");
    shop.publish(&newer);
    image(&shop.path("newer"), &shop.path("newer.img"));
    std::fs::create_dir_all(shop.path("empty/photos")).unwrap();
    image(&shop.path("empty"), &shop.path("empty.img"));
    let config = shop.configure(&[crate::shop::nothing(600.0)], Path::new("/dev/null"));
    let simulated = std::fs::read_to_string(&config).unwrap();
    let simulated = simulated.replace("serial-lcus", "simulated");
    std::fs::write(&config, simulated).unwrap();

    let mut machine = Machine::start(&shop, &config);
    let plug = |machine: &mut Machine, name: &str| {
        machine.order(&format!("plug {}", shop.path(name).display()));
    };
    plug(&mut machine, "newer.img");
    let events = machine.until("updated");
    assert!(
        events
            .iter()
            .any(|event| event["event"] == "stick" && event["state"] == "reading")
    );
    let taken = events
        .iter()
        .find(|event| event["event"] == "trust" && event["road"] == "stick");
    assert_eq!(taken.unwrap()["state"], "updated");
    // It may be pulled out now: nothing holds it.
    let mounts = std::fs::read_to_string(shop.path("mounts")).unwrap();
    let lines: Vec<&str> = mounts
        .lines()
        .filter(|line| line.contains("/media/"))
        .collect();
    let acts: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(acts, ["mount", "umount"], "{mounts}");
    for option in ["ro", "nosuid", "nodev", "noexec"] {
        let options = lines[0].split_whitespace().nth(2).unwrap();
        assert!(options.split(',').any(|one| one == option), "{mounts}");
    }
    machine.order("pull");

    // Another one, for something else, is read by nobody; and the first again brings nothing new.
    plug(&mut machine, "empty.img");
    std::thread::sleep(Duration::from_secs(2));
    machine.order("pull");
    plug(&mut machine, "newer.img");
    let events = machine.until("unchanged");
    let told: Vec<&Value> = events
        .iter()
        .filter(|event| event["event"] == "stick")
        .map(|event| &event["state"])
        .collect();
    assert_eq!(told, ["reading", "unchanged"]);
    drop(machine);

    let store = munjigi::store::Store::open_shared(&shop.data()).unwrap();
    let trust = store.trusted().unwrap();
    let list = trust.lists.values().next().unwrap();
    let revoked_now = list.bytes.iter().any(|byte| *byte != 0);
    assert!(revoked_now && list.iat <= now());
}
