//! Foreign passes at the real program: event tickets and certificates of another implementation.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use ciborium::Value as Cbor;
use ed25519_dalek::{Signer as _, SigningKey};
use munjigi::store::{EntryFilter, Store};
use serde_json::Value;

use crate::{
    command::munjigi,
    hcert::{Hcert, IDENTIFIER, PERSONAL, Signer, pem},
    relay::Relay,
    shop::{DAY, Kiosk, Shop, held, now},
};

const PATIENCE: Duration = Duration::from_secs(120);
/// The head of a SubjectPublicKeyInfo of Ed25519 (RFC 8410).
const ED25519: &str = "302a300506032b6570032100";

/// A ticket for a product, by pretix's scheme 1.
fn ticket(key: &SigningKey, seed: &str, item: u8) -> String {
    let payload = [&[0x0A, seed.len() as u8], seed.as_bytes(), &[0x10, item]].concat();
    let signature = key.sign(&payload).to_bytes();
    let head = [1, 0, payload.len() as u8, 0, 64];
    let text = STANDARD.encode([&head[..], &payload, &signature].concat());
    text.chars().rev().collect()
}

/// The same bytes, another text: the unused bits of the last character are other ones.
fn respelled(ticket: &str) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let at = ticket.find(|letter| letter != '=').unwrap();
    assert!(at > 0, "nothing is unused in {ticket}");
    let value = letters.find(&ticket[at..=at]).unwrap();
    let mut other = ticket.to_string();
    other.replace_range(at..=at, &letters[value + 1..value + 2]);
    assert_ne!(other, ticket);
    other
}

fn date(unix: u64) -> String {
    munjigi::gate::age::date_of(munjigi::gate::age::seoul_day(unix))
        .unwrap()
        .to_string()
}

/// A door for tickets and certificates, and who signs them.
struct Door {
    shop: Shop,
    event: SigningKey,
    signer: Signer,
    rsa: Signer,
}

impl Door {
    fn new() -> Self {
        let door = Self {
            shop: Shop::new(),
            event: SigningKey::from_bytes(&[9; 32]),
            signer: Signer::p256(),
            rsa: Signer::rsa(),
        };
        let info = hex::decode(ED25519).unwrap();
        let info = [&info[..], door.event.verifying_key().as_bytes()].concat();
        let time = |unix: u64| jiff::Timestamp::from_second(unix as i64).unwrap();
        let events = format!(
            "[[event]]\nname = \"hanbit/opening\"\nkeys = [\"{}\"]\nitems = [12]\nfrom = \"{}\"\nuntil = \"{}\"\n",
            STANDARD.encode(pem("PUBLIC KEY", &info)),
            time(now() - DAY),
            time(now() + DAY),
        );
        door.write("events.toml", &events);
        door.write("revoked.txt", "");
        door.write("signers.pem", &(door.signer.pem() + &door.rsa.pem()));
        door
    }

    fn write(&self, name: &str, text: &str) {
        // Beside it first, as an owner's script should: the kiosk never sees half of it.
        std::fs::write(self.shop.path("new"), text).unwrap();
        std::fs::rename(self.shop.path("new"), self.shop.path(name)).unwrap();
    }

    fn configure(&self, relay: &Path) -> PathBuf {
        let file = self.shop.configure(&[held(600.0)], relay);
        let formats = "[formats]\nmj1 = false\n[formats.pretix]\ntrust = \"events.toml\"\nrevoked = \"revoked.txt\"\n\
                       [formats.dcc]\ntrust = \"signers.pem\"\n";
        let text = std::fs::read_to_string(&file).unwrap() + formats;
        std::fs::write(&file, text).unwrap();
        file
    }

    fn vaccinated(&self) -> Hcert {
        let day = date(now() - 60 * DAY);
        Hcert::vaccination(2, 2, &day, now() - 60 * DAY, now() + 300 * DAY)
    }

    /// Holds a text up until it is decided, then takes it away for so long that nobody is in view any more.
    fn show(&self, kiosk: &Kiosk, text: &str, seen: &mut Vec<Value>) -> String {
        self.shop.hold(text);
        seen.extend(kiosk.until(PATIENCE, |event| event["event"] == "entry"));
        self.shop.hold("");
        std::thread::sleep(Duration::from_millis(3_500));
        let entry = seen.last().unwrap();
        entry["reason"].as_str().unwrap().into()
    }

    /// What `munjigi check` says of these texts.
    fn check(&self, texts: &[String], more: &[&str]) -> Vec<(String, Value)> {
        let data = self.shop.data();
        let data = data.to_str().unwrap();
        let arguments = ["check", "--json", "--service", "entry", "--data", data];
        let output = munjigi(&[&arguments, more].concat(), &(texts.join("\n") + "\n"));
        assert!(output.stderr.is_empty(), "{output:?}");
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        lines
            .map(|line: Value| (line["reason"].as_str().unwrap().into(), line))
            .collect()
    }
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes
        .windows(part.len())
        .any(|window| window == part.as_bytes())
}

#[test]
fn tickets_open_once_and_certificates_by_the_rules_and_nobody_is_named() {
    let door = Door::new();
    let used = ticket(&door.event, "q3Vd81kPz", 12);
    let revoked = ticket(&door.event, "r3Vd81kPz", 12);
    let valid = door.vaccinated();
    let mut altered = valid.token(&door.signer);
    let at = altered.windows(8).position(|it| it == b"Ministry").unwrap();
    altered[at] ^= 1;
    let expired = Hcert {
        expires: Some(Cbor::Integer((now() - 1).into())),
        ..valid.clone()
    };

    let (relay, _orders) = Relay::reporting();
    let kiosk = Kiosk::start(&door.configure(&relay.port));
    let mut seen = kiosk.until(PATIENCE, |event| event["event"] == "ready");
    let scenes = [
        (used.clone(), "granted"),
        (used.clone(), "used_up"),
        (respelled(&used), "used_up"),
        (
            ticket(&SigningKey::from_bytes(&[8; 32]), "q3Vd81kPz", 12),
            "unknown_issuer",
        ),
        (ticket(&door.event, "s3Vd81kPz", 13), "wrong_service"),
        (valid.text(&door.signer), "granted"),
        (door.vaccinated().text(&door.rsa), "granted"),
        (expired.text(&door.signer), "expired"),
        (valid.text(&Signer::p256()), "unknown_issuer"),
        (crate::hcert::text(&altered), "bad_signature"),
        // Not what this door takes.
        ("MJ1:RRQ2ABERKXE6RRQU".to_string(), "not_a_pass"),
    ];
    for (text, expected) in &scenes {
        assert_eq!(door.show(&kiosk, text, &mut seen), *expected, "{text}");
    }
    // A ticket that was revoked meanwhile: the list is read again while the kiosk runs.
    door.write("revoked.txt", &format!("{revoked}\n"));
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(
        door.show(&kiosk, &respelled(&revoked), &mut seen),
        "revoked"
    );
    // And a list that cannot be read is told, and changes nothing.
    door.write("signers.pem", "");
    let fault = kiosk.until(PATIENCE, |event| event["event"] == "fault");
    let fault = fault.last().unwrap();
    assert_eq!(fault["part"], "formats");
    assert!(
        fault["detail"].as_str().unwrap().contains("signers.pem"),
        "{fault}"
    );
    let other = door
        .vaccinated()
        .with("mp", Cbor::Text("EU/1/20/1507".into()));
    assert_eq!(
        door.show(&kiosk, &other.text(&door.signer), &mut seen),
        "granted"
    );
    assert_eq!(kiosk.stop(), 0);
    assert_eq!(relay.opened(), 4);
    assert!(
        seen.iter().all(|event| event["part"] != "trust"),
        "no issuer is missed: {seen:#?}"
    );

    // Names, birth date and identifier: in no event and no byte of the data folder.
    let told = serde_json::to_vec(&seen).unwrap();
    let files = std::fs::read_dir(door.shop.data()).unwrap();
    let mut kept = Vec::new();
    for file in files {
        kept.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(
        holds(&told, "dcc:AT") && holds(&kept, "dcc:AT"),
        "where it would be"
    );
    for part in PERSONAL.iter().chain([&IDENTIFIER]) {
        assert!(holds(&valid.payload(), part));
        assert!(!holds(&told, part) && !holds(&kept, part), "{part}");
    }
    // The log has a short number, by which staff can block the pass.
    let filter = EntryFilter {
        limit: 100,
        ..EntryFilter::default()
    };
    let rows = Store::open_shared(&door.shop.data())
        .unwrap()
        .entries(&filter)
        .unwrap();
    assert_eq!(rows.len(), 13);
    let first = rows.last().unwrap();
    assert_eq!(first.issuer.as_deref(), Some("pretix:hanbit/opening"));
    let number = first.pass.as_deref().unwrap();
    assert!(munjigi::pass::credential::is_number(number), "{number}");
}

#[test]
fn check_knows_the_formats_of_a_configuration_and_none_without() {
    let door = Door::new();
    let config = door.configure(Path::new("/dev/null"));
    let config = config.to_str().unwrap();
    drop(Store::open_shared(&door.shop.data()).unwrap());
    let good = ticket(&door.event, "q3Vd81kPz", 12);
    let texts = [
        good.clone(),
        respelled(&good),
        door.vaccinated().text(&door.signer),
        "HC1:".into(),
        "https://example.org/".into(),
        String::new(),
    ];
    let reasons = |said: Vec<(String, Value)>| -> Vec<String> {
        said.into_iter().map(|(reason, _)| reason).collect()
    };
    assert_eq!(reasons(door.check(&texts, &[])), ["not_a_pass"; 6]);
    let said = door.check(&texts, &["--config", config]);
    assert_eq!(said[0].1["issuer"], "pretix:hanbit/opening");
    assert_eq!(said[0].1["kind"], "printed");
    assert_eq!(said[0].1["pass"], said[1].1["pass"]);
    assert_eq!(said[3].1["kind"], Value::Null);
    let stateless = [
        "granted",
        "granted",
        "granted",
        "malformed",
        "not_a_pass",
        "not_a_pass",
    ];
    assert_eq!(reasons(said), stateless);
    let recorded = reasons(door.check(&texts, &["--config", config, "--record"]));
    assert_eq!(recorded[..3], ["granted", "used_up", "granted"]);

    // The number that is shown blocks it.
    let number = door.check(&texts[2..3], &["--config", config])[0].1["pass"].clone();
    let data = door.shop.data();
    let block = [
        "block",
        "--data",
        data.to_str().unwrap(),
        number.as_str().unwrap(),
    ];
    let blocked = munjigi(&block, "");
    assert!(blocked.status.success(), "{blocked:?}");
    std::fs::write(
        config,
        std::fs::read_to_string(config).unwrap() + "\n[policy]\nprinted_passback_seconds = 0\n",
    )
    .unwrap();
    let recorded = reasons(door.check(&texts[2..3], &["--config", config, "--record"]));
    assert_eq!(recorded, ["locked_out"]);

    let wrong = |arguments: &[&str], said: &str| {
        let data = door.shop.data();
        let common = [
            "check",
            "--data",
            data.to_str().unwrap(),
            "--config",
            config,
        ];
        let output = munjigi(&[&common, arguments].concat(), "");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(said), "{error}");
    };
    wrong(&["--service", "adult"], "is for the service entry");
    door.write("events.toml", "[[event]]\nname = 1\n");
    wrong(&["--service", "entry"], "events.toml: line 2:");
}
