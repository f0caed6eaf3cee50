//! The issuer's service as a process: what wallets and the owner do over HTTP, and what doors then say.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use munjigi::{
    gate::{Clock, Now, Policy, judge},
    issuer::{Issuer, IssuerSettings},
    pass::{Audience, Reason, Service, compose, compose::HolderSigner},
    trust::repository,
    wallet,
    webhook::Secret,
};
use serde_json::{Value, json};

use crate::shop::{DAY, now};

mod guests;

const CODE: &str = "hanbit-7731";

/// `munjigi issuer serve` on a port of its own.
struct Served {
    child: Child,
    port: u16,
    setup: String,
    folder: tempfile::TempDir,
}

impl Served {
    fn start() -> Self {
        Self::with(tempfile::tempdir().unwrap(), &[])
    }

    fn with(folder: tempfile::TempDir, more: &[&str]) -> Self {
        let settings = IssuerSettings {
            id: "hanbit".into(),
            name_ko: Some("한빛".into()),
            entries: 65_536,
            ..IssuerSettings::default()
        };
        drop(Issuer::create(&folder.path().join("issuer"), settings, now() - DAY).unwrap());
        Self::again(folder, more)
    }

    fn again(folder: tempfile::TempDir, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_munjigi"))
            .args(["issuer", "serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("issuer"))
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        // The wallet may be elsewhere; the trust repository is here.
        let (_, _, kiosks) = (line(), line(), line());
        let port = between(&kiosks, "://localhost:", "/").parse().unwrap();
        // The last two lines are there until the owner has a code.
        let setup = lines
            .nth(1)
            .map(|line| line.unwrap().trim().rsplit('=').next().unwrap().to_owned());
        Self {
            child,
            port,
            setup: setup.unwrap_or_default(),
            folder,
        }
    }

    fn issuer(&self) -> PathBuf {
        self.folder.path().join("issuer")
    }

    /// One request on a connection of its own.
    fn ask(&self, head: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut text = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += "\r\n";
        stream.write_all(text.as_bytes()).unwrap();
        // A body that is refused may not be read to its end.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let split = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(bytes[..split].to_vec()).unwrap();
        Answer {
            status: head[9..12].parse().unwrap(),
            head: head.to_lowercase(),
            body: bytes[split + 4..].to_vec(),
        }
    }

    fn api(&self, path: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.ask(
            &format!("POST /api/v1/{path}"),
            &headers,
            body.to_string().as_bytes(),
        )
    }

    fn nonce(&self) -> String {
        let answer = self.ask("GET /api/v1/nonce", &[], b"").json();
        answer["nonce"].as_str().unwrap().into()
    }

    fn form(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Cookie", cookie),
            ("Accept-Language", "en"),
        ];
        self.ask(&format!("POST /owner/{path}"), &headers, body.as_bytes())
    }

    fn page(&self, path: &str, cookie: &str) -> String {
        let headers = [("Cookie", cookie), ("Accept-Language", "en")];
        let answer = self.ask(&format!("GET /owner/{path}"), &headers, b"");
        assert_eq!(answer.status, 200, "{}", answer.head);
        String::from_utf8(answer.body).unwrap()
    }

    /// Chooses the owner's code; gives the cookie and the CSRF token.
    fn owner(&self) -> (String, String) {
        let body = format!("secret={}&code={CODE}&again={CODE}", self.setup);
        let answer = self.form("setup", "", &body);
        assert_eq!(answer.status, 303);
        self.session(&answer)
    }

    fn session(&self, answer: &Answer) -> (String, String) {
        let cookie = answer.head.split("set-cookie: ").nth(1).unwrap();
        // Headers were put into lower case; cookies are Crockford's base32 in upper case.
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        let cookie = format!("{name}={}", value.to_uppercase());
        let csrf = between(&self.page("", &cookie), "name=\"csrf\" value=\"", "\"");
        (cookie, csrf)
    }

    /// A link for an entry pass, made on the owner's page.
    fn link(&self, (cookie, csrf): &(String, String), more: &str) -> String {
        let body = format!("csrf={csrf}&service=entry&why=seen&how=link&count=1&days=30{more}");
        let answer = self.form("issue", cookie, &body);
        let page = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 200, "{page}");
        between(&page, "/#enrol/", "\"")
    }

    fn enrol(&self, code: &str, key: &HolderSigner) -> Answer {
        let (holder, nonce) = (wallet::holder_text(&key.public()), self.nonce());
        let signature = key.sign(format!("munjigi enrol v1\n{code}\n{holder}\n{nonce}").as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature);
        let body = json!({"code": code, "holder": holder, "nonce": nonce, "signature": signature});
        self.api("enrol", &body)
    }

    fn renew(&self, pass: &str, key: &HolderSigner) -> Answer {
        let nonce = self.nonce();
        let signature = key.sign(format!("munjigi renew v1\n{pass}\n{nonce}").as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature);
        self.api(
            "renew",
            &json!({"pass": pass, "nonce": nonce, "signature": signature}),
        )
    }

    /// What a door with today's trust says of a pass that is presented now; nothing while the repository is written anew,
    /// when a door keeps what it has.
    fn door(&self, credential: &[u8], key: &HolderSigner) -> Option<Reason> {
        let root = std::fs::read(self.issuer().join("root.json")).unwrap();
        let repository = self.issuer().join("repository");
        let (_, trust) = repository::pin(&root, &repository, now()).ok()?;
        let aud = Audience {
            service: Service::Entry,
            venue: None,
        };
        let text = compose::text(&compose::presentation(credential, &aud, now(), None, key));
        let moment = Now {
            unix: now(),
            clock: Clock::Synced,
        };
        let judgement = judge(
            text.as_bytes(),
            &trust,
            &Policy::new(Service::Entry),
            moment,
            None,
        );
        Some(judgement.reason)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} {:?}", self.head, self.body))
    }

    /// Status and the last part of the problem's type.
    fn problem(&self) -> (u16, String) {
        assert!(
            self.head.contains("application/problem+json"),
            "{}",
            self.head
        );
        let kind = self.json()["type"].as_str().unwrap().to_owned();
        (self.status, kind.rsplit(':').next().unwrap().to_owned())
    }

    fn credential(&self) -> Vec<u8> {
        let json = self.json();
        assert_eq!(self.status, 200, "{json}");
        URL_SAFE_NO_PAD
            .decode(json["credential"].as_str().unwrap())
            .unwrap()
    }
}

fn between(text: &str, before: &str, after: &str) -> String {
    let rest = text
        .split(before)
        .nth(1)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split(after).next().unwrap().to_owned()
}

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A stand-in for an identity service, which no test can have: it answers one question with a page and hands it on.
fn identity_service() -> (String, std::thread::JoinHandle<String>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/checks", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut text = String::new();
        let mut piece = [0; 4096];
        while !text.ends_with(r#""type":"check.start"}"#) {
            let read = stream.read(&mut piece).unwrap();
            text += str::from_utf8(&piece[..read]).unwrap();
        }
        let body = r#"{"go": "https://identity.example/check/1"}"#;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all((head + body).as_bytes()).unwrap();
        text
    });
    (url, asked)
}

#[test]
fn an_identity_service_gives_a_stranger_a_pass() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, SECRET).unwrap();
    let secret = Secret::parse(SECRET).unwrap();
    let (url, asked) = identity_service();
    let more = [
        "--identity",
        &url,
        "--identity-secret",
        file.to_str().unwrap(),
        "--self-service",
        "entry,adult",
    ];
    let served = Served::with(folder, &more);
    let owner = served.owner();
    let about = served.ask("GET /api/v1/issuer", &[], b"").json();
    assert_eq!(about["self_service"], json!(["entry", "adult"]));
    assert_eq!(
        served.api("start", &json!({"service": "store"})).problem(),
        (404, "off".into())
    );

    let begun = served.api("start", &json!({"service": "adult"})).json();
    assert_eq!(begun["go"], "https://identity.example/check/1");
    let ticket = begun["ticket"].as_str().unwrap();
    let question = asked.join().unwrap();
    assert!(question.contains("webhook-signature: v1,") && question.contains("/api/v1/checked"));
    let state = || served.api("ticket", &json!({"ticket": ticket})).json();
    assert_eq!(state(), json!({"state": "waiting"}));

    let tell = |data: &Value, secret: &Secret, at: u64| {
        let body = json!({"type": "check.done", "data": data}).to_string();
        let (at, signature) = (at.to_string(), secret.sign("msg_1", at, &body));
        let headers = [
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", at.as_str()),
            ("webhook-signature", &signature),
        ];
        served
            .ask("POST /api/v1/checked", &headers, body.as_bytes())
            .status
    };
    let passed =
        json!({"id": ticket, "result": "passed", "by": "Korea <ID>", "born": "1987-03-14"});
    let other = Secret::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert_eq!(tell(&passed, &other, now()), 403, "another secret");
    assert_eq!(tell(&passed, &secret, now() - 400), 403, "an old message");
    assert_eq!(state(), json!({"state": "waiting"}));
    assert_eq!(tell(&passed, &secret, now()), 204);
    assert_eq!(tell(&passed, &secret, now()), 204, "webhooks come twice");
    let code = state()["code"].as_str().unwrap().to_owned();
    let given = served.enrol(&code, &ed25519(7)).json();
    assert_eq!(
        (&given["service"], &given["aud"]),
        (&json!("adult"), &json!("A"))
    );
    assert!(
        served
            .page("passes", &owner.0)
            .contains("checked by Korea ID"),
        "who checked is kept"
    );
}

fn ed25519(seed: u8) -> HolderSigner {
    wallet::parse_key(&format!("ed25519:{}", hex::encode([seed; 32]))).unwrap()
}

fn p256(seed: u8) -> HolderSigner {
    wallet::parse_key(&format!("p256:{}", hex::encode([seed; 32]))).unwrap()
}

#[test]
fn a_link_gives_one_pass_that_opens_until_the_owner_revokes_it() {
    let served = Served::start();
    let owner = served.owner();
    for (key, other) in [(ed25519(1), p256(2)), (p256(3), ed25519(4))] {
        let code = served.link(&owner, "");
        let offer = served.api("offer", &json!({"code": code.to_lowercase()}));
        assert_eq!(offer.json()["service"], "entry");
        let given = served.enrol(&code, &key);
        let told = given.json();
        let number = told["pass"].as_str().unwrap();
        assert_eq!(
            (&told["aud"], &told["issuer"]["name"]["ko"]),
            (&json!("E"), &json!("한빛"))
        );
        assert!(told["renew_after"].as_u64().unwrap() > now());
        assert_eq!(
            served.door(&given.credential(), &key),
            Some(Reason::Granted)
        );

        // The answer may have been lost: the same key gets it again. Nobody else does, and the owner hears of it.
        assert_eq!(served.enrol(&code, &key).credential(), given.credential());
        let used = (410, "link_used".into());
        assert_eq!(served.enrol(&code, &other).problem(), used);
        assert_eq!(served.api("offer", &json!({"code": code})).problem(), used);
        let notice = format!("used already (pass {number})");
        assert!(served.page("", &owner.0).contains(&notice));

        assert_eq!(served.renew(number, &key).credential(), given.credential());
        assert_eq!(
            served.renew(number, &other).problem(),
            (403, "bad_proof".into())
        );

        let change = |act: &str| {
            let body = format!("csrf={}&act={act}", owner.1);
            let answer = served.form(&format!("passes/{number}"), &owner.0, &body);
            assert_eq!(answer.status, 303);
        };
        for (act, reason, problem) in [
            ("suspend", Reason::Suspended, Some((403, "pass_suspended"))),
            ("lift", Reason::Granted, None),
            ("revoke", Reason::Revoked, Some((410, "pass_revoked"))),
        ] {
            change(act);
            let answer = served.renew(number, &key);
            match problem {
                Some((status, kind)) => assert_eq!(answer.problem(), (status, kind.into())),
                None => assert_eq!(answer.status, 200),
            }
            // Published a moment later, by itself.
            let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
            while served.door(&given.credential(), &key) != Some(reason) {
                assert!(std::time::Instant::now() < end, "{act} reached no door");
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
        }
    }
}

#[test]
fn a_guests_pass_opens_in_its_window_only_and_is_not_renewed() {
    let served = Served::start();
    let owner = served.owner();
    let key = ed25519(9);
    // Times are typed as Seoul's.
    let typed = |at: u64| {
        let day = munjigi::gate::age::date_of(munjigi::gate::age::seoul_day(at)).unwrap();
        let minutes = (at + 9 * 3600) % DAY / 60;
        format!("{day}T{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let link = |from: u64, to: u64| {
        served.link(&owner, &format!("&from={}&to={}", typed(from), typed(to)))
    };
    for (from, to, reason) in [
        (now() - 3600, now() + 3600, Reason::Granted),
        (now() + 3600, now() + 7200, Reason::NotYetValid),
    ] {
        let code = link(from, to);
        let given = served.enrol(&code, &key);
        assert_eq!(given.json()["renew_after"], Value::Null);
        assert_eq!(served.door(&given.credential(), &key), Some(reason));
        let number = given.json()["pass"].as_str().unwrap().to_owned();
        assert_eq!(
            served.renew(&number, &key).problem(),
            (410, "pass_ended".into())
        );
    }
}

#[test]
fn bad_requests_get_problem_documents_and_change_nothing() {
    let served = Served::start();
    let json = [("Content-Type", "application/json")];
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8], u16, &'a str);
    let cases: [Case<'_>; 6] = [
        ("POST /api/v1/offer", &json, b"{", 400, "bad_request"),
        ("POST /api/v1/offer", &json, b"{\"code\": 7}", 400, "bad_request"),
        ("POST /api/v1/offer", &[], b"{\"code\": \"A\"}", 400, "bad_request"),
        ("POST /api/v1/offer", &json, b"{\"code\": \"SHORT\"}", 404, "link_unknown"),
        ("POST /api/v1/enrol", &json, b"{\"code\": \"000000000000\", \"holder\": \"rsa:1\", \"nonce\": \"\", \"signature\": \"\"}", 400, "bad_request"),
        ("GET /api/v1/nothing", &[], b"", 404, "not_found"),
    ];
    for (head, headers, body, status, kind) in cases {
        assert_eq!(
            served.ask(head, headers, body).problem(),
            (status, kind.into()),
            "{head}"
        );
    }
    let key = ed25519(5);
    let body = json!({"code": "000000000000", "holder": wallet::holder_text(&key.public()), "nonce": "AAAA",
        "signature": URL_SAFE_NO_PAD.encode([0; 64])});
    assert_eq!(
        served.api("enrol", &body).problem(),
        (409, "nonce_expired".into())
    );
    // Larger than anything a wallet sends.
    let large = vec![b'A'; 100_000];
    let refused = served.ask("POST /api/v1/offer", &json, &large);
    assert_eq!(refused.status, 400);
    for path in [
        "/trust/../issuer.db",
        "/trust/%2e%2e/issuer.db",
        "/trust/metadata",
        "/trust/..%2fpass.key",
    ] {
        assert_eq!(
            served.ask(&format!("GET {path}"), &[], b"").status,
            404,
            "{path}"
        );
    }

    let first = served.ask("GET /trust/metadata/timestamp.json", &[], b"");
    let tag = between(&first.head, "etag: ", "\r\n");
    let again = served.ask(
        "GET /trust/metadata/timestamp.json",
        &[("If-None-Match", &tag)],
        b"",
    );
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn who_guesses_codes_is_shut_out_even_with_a_right_one() {
    let served = Served::start();
    let owner = served.owner();
    let code = served.link(&owner, "");
    for number in 0..10 {
        let guess = json!({"code": format!("{number:012}")});
        assert_eq!(
            served.api("offer", &guess).problem(),
            (404, "link_unknown".into())
        );
    }
    let answer = served.api("offer", &json!({"code": code}));
    assert_eq!(answer.problem(), (429, "too_many".into()));
    assert!(answer.head.contains("retry-after: "));
    assert!(
        served
            .page("", &owner.0)
            .contains("many codes that do not exist")
    );
}

#[test]
fn the_owners_pages_are_for_the_owner() {
    let served = Served::start();
    for path in ["", "issue", "passes"] {
        let answer = served.ask(&format!("GET /owner/{path}"), &[], b"");
        assert_eq!(answer.status, 303);
        assert!(answer.head.contains("location: /owner/login"));
    }
    let weak = format!("secret={}&code=12345678&again=12345678", served.setup);
    assert_eq!(served.form("setup", "", &weak).status, 400);
    let stranger = format!("secret=WRONG&code={CODE}&again={CODE}");
    assert_eq!(served.form("setup", "", &stranger).status, 410);
    let (cookie, csrf) = served.owner();
    let late = format!("secret={}&code={CODE}2&again={CODE}2", served.setup);
    assert_eq!(served.form("setup", "", &late).status, 410);

    // Another site's form has no token.
    for token in ["", "WRONG", &csrf[1..]] {
        let body = format!("csrf={token}&service=entry&why=seen&how=paper&count=1&days=30");
        assert_eq!(served.form("issue", &cookie, &body).status, 403, "{token}");
    }
    let sheet =
        format!("csrf={csrf}&service=adult&why=born&born=2003-05-03&how=paper&count=2&days=30");
    let answer = served.form("issue", &cookie, &sheet);
    assert!(answer.body.starts_with(b"%PDF-"));
    assert!(served.page("passes", &cookie).contains("Adult"));

    // What was typed counts, whatever else was chosen; and cards have no hours.
    for (more, said) in [
        (
            "service=adult&why=seen&born=2015-05-05&how=link",
            "not old enough",
        ),
        (
            "service=entry&why=seen&how=paper&to=2030-01-01T10:00",
            "no hours",
        ),
    ] {
        let answer = served.form(
            "issue",
            &cookie,
            &format!("csrf={csrf}&count=1&days=30&{more}"),
        );
        assert_eq!(answer.status, 400);
        assert!(
            String::from_utf8(answer.body).unwrap().contains(said),
            "{more}"
        );
    }
    // A link that was made by mistake.
    let code = served.link(&(cookie.clone(), csrf.clone()), "");
    let id = between(&served.page("", &cookie), "name=\"id\" value=\"", "\"");
    let answer = served.form("withdraw", &cookie, &format!("csrf={csrf}&id={id}"));
    assert_eq!(answer.status, 303);
    let gone = served.api("offer", &json!({"code": code})).problem();
    assert_eq!(gone, (404, "link_unknown".into()));

    let answer = served.form("logout", &cookie, &format!("csrf={csrf}"));
    assert_eq!(answer.status, 303);
    let gone = served.ask("GET /owner/", &[("Cookie", &cookie)], b"");
    assert_eq!(gone.status, 303, "the session has ended");

    let right = format!("code={CODE}");
    assert_eq!(served.form("login", "", &right).status, 303);
    for _ in 0..3 {
        assert_eq!(served.form("login", "", "code=wrong").status, 403);
    }
    assert_eq!(
        served.form("login", "", &right).status,
        429,
        "locked for everybody for a while"
    );
}

#[test]
fn the_owners_page_has_the_code_that_a_kiosk_pins_by() {
    let served = Served::start();
    let owner = served.owner();
    let page = served.page("kiosks", &owner.0);
    assert!(page.contains("<svg"), "{page}");
    let text = format!("MJT1:{}", between(&page, "MJT1:", "<"));
    let line = format!("trust add --data data --pin {text}");
    let said = crate::command::run(served.folder.path(), &line, "", 0);
    assert!(said.contains("issuers hanbit"), "{said}");
    let said = crate::command::run(served.folder.path(), "trust import --data data", "", 0);
    assert!(said.starts_with("unchanged"), "{said}");
}

#[test]
fn what_the_command_line_changes_right_after_the_start_is_published() {
    let served = Served::start();
    let run = |line: &str| crate::command::run(served.folder.path(), line, "", 0);
    let key: Value =
        serde_json::from_str(run("issuer keys show --data issuer --json").trim()).unwrap();
    let kid = key["kid"].as_str().unwrap();
    run(&format!("issuer distrust --data issuer {kid}"));
    let file = served.issuer().join("repository/targets/issuers.json");
    let end = Instant::now() + Duration::from_secs(60);
    while !std::fs::read_to_string(&file)
        .unwrap()
        .contains("distrusted_at")
    {
        assert!(Instant::now() < end, "doors never hear of it");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_birth_date_is_nowhere_afterwards() {
    let served = Served::start();
    let (cookie, csrf) = served.owner();
    // Turns 14 and 19 long ago; and somebody who is too young for adults.
    for (born, how) in [("1987-03-14", "link"), ("1987-03-14", "paper")] {
        let body =
            format!("csrf={csrf}&service=adult&why=born&born={born}&how={how}&count=1&days=30");
        assert_eq!(served.form("issue", &cookie, &body).status, 200);
    }
    let folder = served.folder.path().to_path_buf();
    let mut files = 0;
    let day = munjigi::gate::age::day_of("1987-03-14".parse().unwrap());
    let traces = [
        "1987-03-14".to_owned(),
        "19870314".into(),
        "870314".into(),
        "1987".into(),
        day.to_string(),
    ];
    each_file(&folder, &mut |path, bytes| {
        files += 1;
        for trace in &traces {
            let found = bytes
                .windows(trace.len())
                .any(|part| part == trace.as_bytes());
            // Short digits may be a part of a random key or signature in hexadecimal.
            assert!(!found || trace.len() < 8, "{trace} in {}", path.display());
        }
    });
    assert!(files > 5);
}

fn each_file(folder: &Path, act: &mut impl FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, act);
        } else {
            act(&path, &std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn without_tls_it_listens_on_loopback_only() {
    let folder = tempfile::tempdir().unwrap();
    let settings = IssuerSettings {
        name_en: Some("Hanbit".into()),
        ..IssuerSettings::default()
    };
    let issuer = folder.path().join("issuer");
    drop(Issuer::create(&issuer, settings, now()).unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_munjigi"))
        .args(["issuer", "serve", "--listen", "0.0.0.0:0", "--data"])
        .arg(&issuer)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--cert") && said.contains("TLS"), "{said}");
}
