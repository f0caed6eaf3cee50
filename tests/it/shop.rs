//! A shop under test: an issuer of its own, holders, a data folder that trusts it, and the kiosk as a process.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ed25519_dalek::SigningKey;
use munjigi::{
    issuer::{Eligibility, IssueRequest, Issuer, IssuerSettings, Subject},
    pass::{Audience, Service, compose},
    store::Store,
    trust::repository,
};
use serde_json::{Value, json};

pub const DAY: u64 = 86_400;
pub const MUNJIGI: &str = env!("CARGO_BIN_EXE_munjigi");

pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// A holder and the credential that was issued to it.
pub struct Holder {
    pub number: String,
    pub credential: Vec<u8>,
    pub key: compose::HolderSigner,
    pub seed: [u8; 32],
    pub service: Service,
}

impl Holder {
    /// What the phone shows at this second.
    pub fn text(&self, iat: u64) -> String {
        compose::text(&self.token(iat))
    }

    /// The same as bytes, for forging.
    pub fn token(&self, iat: u64) -> Vec<u8> {
        compose::presentation(&self.credential, &self.audience(), iat, None, &self.key)
    }

    /// What the phone shows after it has scanned a challenge with this nonce.
    pub fn answer(&self, iat: u64, nonce: [u8; 8]) -> String {
        let nonce = Some(nonce);
        let audience = self.audience();
        compose::text(&compose::presentation(
            &self.credential,
            &audience,
            iat,
            nonce,
            &self.key,
        ))
    }

    pub fn audience(&self) -> Audience {
        Audience {
            service: self.service,
            venue: None,
        }
    }
}

pub struct Shop {
    pub folder: tempfile::TempDir,
    issuer: Issuer,
    holders: u8,
}

impl Shop {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = IssuerSettings {
            id: "hanbit".into(),
            name_ko: Some("한빛".into()),
            name_en: Some("Hanbit".into()),
            entries: 65_536,
            ..IssuerSettings::default()
        };
        let issuer =
            Issuer::create(&folder.path().join("issuer"), settings, now() - 60 * DAY).unwrap();
        Self {
            folder,
            issuer,
            holders: 0,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// A pass that was issued at `at`, for 30 days.
    pub fn holder(&mut self, at: u64, eligibility: Eligibility) -> Holder {
        self.holders += 1;
        let seed = [self.holders; 32];
        let key = compose::HolderSigner::Ed25519(SigningKey::from_bytes(&seed));
        let service = match eligibility {
            Eligibility::Reference(_) => Service::Store,
            _ => Service::Entry,
        };
        let request = IssueRequest {
            service,
            subject: Subject::Holder(key.public()),
            eligibility,
            exp: munjigi::issuer::midnight_after(at, 30),
            visits: None,
            note: String::new(),
            attested: munjigi::issuer::OWN_EYES.into(),
        };
        let issued = self.issuer.issue(request, at).unwrap();
        Holder {
            number: issued.number,
            credential: issued.credential,
            key,
            seed,
            service,
        }
    }

    pub fn grown_up(&mut self) -> Holder {
        self.holder(now() - DAY, Eligibility::Over14)
    }

    pub fn revoke(&mut self, number: &str) {
        self.issuer.revoke(number, now()).unwrap();
    }

    /// Changes what the phone of the act [`held`] shows; nothing is an empty text.
    pub fn hold(&self, text: &str) {
        // Beside it first: the camera never sees half of it.
        std::fs::write(self.path("held.new"), text).unwrap();
        std::fs::rename(self.path("held.new"), self.path("held.txt")).unwrap();
    }

    /// Publishes the trust repository and pins it in the data folder.
    pub fn trust(&mut self) {
        let repo = self.path("repo");
        self.issuer.publish(&repo, now()).unwrap();
        let root = std::fs::read(self.issuer.root_file()).unwrap();
        let (snapshot, _) = repository::pin(&root, &repo, now()).unwrap();
        Store::open_shared(&self.data())
            .unwrap()
            .save_trust(&snapshot, None)
            .unwrap();
    }

    /// Publishes the trust repository into a folder.
    pub fn publish(&mut self, folder: &Path) {
        self.issuer.publish(folder, now()).unwrap();
    }

    /// An act in which a phone shows passes signed at that moment.
    pub fn live(&self, holder: &Holder, seconds: f64) -> Value {
        let key = self.path(&format!("{}.key", holder.number));
        let credential = self.path(&format!("{}.cwt", holder.number));
        std::fs::write(&key, hex::encode(holder.seed)).unwrap();
        std::fs::write(&credential, &holder.credential).unwrap();
        json!({"show": "live", "wallet_key": key, "credential": credential, "aud": "E", "seconds": seconds, "grade": "medium"})
    }

    /// Writes configuration and script; gives the configuration's path.
    pub fn configure(&self, acts: &[Value], relay: &Path) -> PathBuf {
        let script = json!({"acts": acts, "fps": 10, "seed": 7, "loop": false});
        std::fs::write(self.path("script.json"), script.to_string()).unwrap();
        let config = format!(
            "data = \"data\"\n[camera]\nsource = \"phone\"\npath = \"script.json\"\n\
             [door]\ndriver = \"serial-lcus\"\nport = \"{}\"\nunlock_seconds = 1\n",
            relay.display()
        );
        std::fs::write(self.path("kiosk.toml"), config).unwrap();
        self.path("kiosk.toml")
    }
}

pub fn show(text: &str, seconds: f64) -> Value {
    json!({"show": "text", "text": text, "seconds": seconds, "grade": "medium"})
}

/// What [`Shop::hold`] says at that moment.
pub fn held(seconds: f64) -> Value {
    json!({"show": "file", "path": "held.txt", "seconds": seconds})
}

pub fn nothing(seconds: f64) -> Value {
    json!({"show": "nothing", "seconds": seconds})
}

/// The kiosk as a process, and the events it prints.
pub struct Kiosk {
    pub child: Child,
    pub events: mpsc::Receiver<Value>,
}

impl Kiosk {
    pub fn start(config: &Path) -> Self {
        Self::start_by(&[], config)
    }

    /// Started by another command, such as one that moves its clock.
    pub fn start_by(command: &[&str], config: &Path) -> Self {
        let words = [command, &[MUNJIGI]].concat();
        let mut child = Command::new(words[0])
            .args(&words[1..])
            .args(["kiosk", "--headless", "--config"])
            .arg(config)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, events) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Captured by the test runner; shown when the test fails.
                eprintln!("{line}");
                let _ = sender.send(serde_json::from_str(&line).unwrap_or(Value::String(line)));
            }
        });
        Self { child, events }
    }

    /// Sends a command.
    pub fn say(&mut self, command: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{command}").unwrap();
    }

    /// Waits for an event that `wanted` likes and gives every event up to it.
    pub fn until(&self, patience: Duration, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut seen = Vec::new();
        let end = std::time::Instant::now() + patience;
        loop {
            let left = end.saturating_duration_since(std::time::Instant::now());
            let event = self
                .events
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("waited in vain; seen: {seen:#?}"));
            let done = wanted(&event);
            seen.push(event);
            if done {
                return seen;
            }
        }
    }

    /// SIGTERM; gives the exit status.
    pub fn stop(mut self) -> i32 {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Of a test that failed no kiosk is left behind.
impl Drop for Kiosk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["event"] == kind)
        .collect()
}
