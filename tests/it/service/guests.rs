//! Guests, notes, and a wallet page on another host.

use super::*;

/// The first pass that a link gives, and its number.
fn given(served: &Served, code: &str, key: &HolderSigner) -> (Answer, String) {
    let given = served.enrol(code, key);
    let number = given.json()["pass"].as_str().unwrap().to_owned();
    (given, number)
}

#[test]
fn a_pass_for_one_visit_says_so_and_is_never_renewed() {
    let served = Served::start();
    let owner = served.owner();
    for key in [ed25519(1), p256(2)] {
        let code = served.link(&owner, "&once=true");
        let offer = served.api("offer", &json!({"code": code})).json();
        assert_eq!(offer["visits"], 1);
        let (given, number) = given(&served, &code, &key);
        assert_eq!(given.json()["renew_after"], Value::Null);
        assert_eq!(
            served.door(&given.credential(), &key),
            Some(Reason::Granted)
        );
        assert_eq!(
            served.renew(&number, &key).problem(),
            (410, "pass_ended".into())
        );
        assert!(
            served
                .page(&format!("passes?q={number}"), &owner.0)
                .contains("one visit")
        );
    }
    let lasting = served.link(&owner, "");
    let offer = served.api("offer", &json!({"code": lasting})).json();
    assert_eq!(offer["visits"], Value::Null);
}

#[test]
fn the_owner_finds_a_pass_by_his_own_words() {
    let served = Served::start();
    let owner = served.owner();
    let (cookie, csrf) = &owner;
    let code = served.link(&owner, "&note=blue+cap,+Tuesdays");
    assert!(
        served.page("", cookie).contains("blue cap, Tuesdays"),
        "an open link shows it"
    );
    let (_, blue) = given(&served, &code, &ed25519(1));
    let (_, other) = given(&served, &served.link(&owner, ""), &ed25519(2));
    let found = |search: &str| {
        let page = served.page(&format!("passes?q={search}"), cookie);
        (page.contains(&blue), page.contains(&other))
    };
    assert_eq!(found("BLUE"), (true, false));
    assert_eq!(found("blue%20cap"), (true, false));
    assert_eq!(found(&other), (false, true));
    assert_eq!(found(""), (true, true));

    let change = |number: &str, note: &str| {
        let body = format!("csrf={csrf}&act=note&note={note}");
        served
            .form(&format!("passes/{number}"), cookie, &body)
            .status
    };
    assert_eq!(change(&other, "%ED%8C%8C%EB%9E%80+%EB%AA%A8%EC%9E%90"), 303);
    assert_eq!(found("%ED%8C%8C%EB%9E%80"), (false, true), "파란");
    assert_eq!(change(&blue, ""), 303);
    assert_eq!(found("blue"), (false, false));
    assert_eq!(change(&blue, &"x".repeat(41)), 400);
    assert_eq!(change("0000000", "x"), 404);
    let page = served.page("passes", cookie);
    assert!(
        page.contains("No names"),
        "what does not belong here is said"
    );
    // Nothing that is typed becomes a part of the page.
    assert_eq!(change(&blue, "<b>bold"), 303);
    assert!(served.page("passes", cookie).contains("&lt;b&gt;bold"));
}

#[test]
fn what_does_not_apply_is_not_asked_for() {
    let served = Served::start();
    let (cookie, csrf) = served.owner();
    let issue = |more: &str| {
        let answer = served.form("issue", &cookie, &format!("csrf={csrf}&days=30&{more}"));
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    // The store asks for no age, and begins now whatever was typed before the service was chosen.
    let (status, page) = issue("service=store&how=link&from=2030-01-01T10:00&to=");
    assert_eq!(status, 200, "{page}");
    let (status, page) = issue("service=entry&how=link");
    assert!(status == 400 && page.contains("how the age was checked is missing"));
    let (status, page) = issue("service=entry&why=seen&how=link&from=2030-01-01T10:00");
    assert!(status == 400 && page.contains("a window needs its end"));
}

/// Answers of the API to a page of this origin: to what a browser asks before, and to the request itself.
fn from_page(served: &Served, origin: &str) -> [Answer; 2] {
    let before = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    [
        served.ask("OPTIONS /api/v1/enrol", &before, b""),
        served.ask("GET /api/v1/issuer", &[("Origin", origin)], b""),
    ]
}

#[test]
fn a_wallet_page_on_another_host_may_ask_and_no_other() {
    let page = "https://me.github.io/pass";
    let served = Served::with(tempfile::tempdir().unwrap(), &["--wallet", page]);
    let owner = served.owner();
    let body = format!("csrf={}&service=entry&why=seen&how=link&days=30", owner.1);
    let answer = served.form("issue", &owner.0, &body);
    let html = String::from_utf8(answer.body).unwrap();
    assert!(
        html.contains("\"https://me.github.io/pass/#enrol/"),
        "{html}"
    );

    let allowed = "access-control-allow-origin: https://me.github.io\r\n";
    for answer in from_page(&served, "https://me.github.io") {
        assert_eq!(answer.status, 200);
        let head = answer.head + "\r\n";
        assert!(head.contains(allowed), "{head}");
        assert!(!head.contains("allow-credentials"), "{head}");
    }
    let [before, _] = from_page(&served, "https://me.github.io");
    assert!(
        before
            .head
            .contains("access-control-allow-headers: content-type")
    );
    // Failures are for the page to read too.
    let wrong = [
        ("Origin", "https://me.github.io"),
        ("Content-Type", "application/json"),
    ];
    let answer = served.ask("POST /api/v1/offer", &wrong, b"{\"code\": \"SHORT\"}");
    assert!(answer.status == 404 && answer.head.contains(allowed.trim()));

    for origin in [
        "https://evil.example",
        "https://me.github.io.evil.example",
        "null",
    ] {
        for answer in from_page(&served, origin) {
            assert!(
                !answer.head.contains("access-control-allow-origin"),
                "{origin}"
            );
        }
    }
    let headers = [("Origin", "https://me.github.io"), ("Cookie", &owner.0)];
    let answer = served.ask("GET /owner/", &headers, b"");
    assert!(answer.status == 200 && !answer.head.contains("access-control"));

    let own = Served::start();
    for answer in from_page(&own, "https://me.github.io") {
        assert!(!answer.head.contains("access-control-allow-origin"));
    }
}

#[test]
fn what_would_not_work_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let settings = IssuerSettings {
        name_en: Some("Hanbit".into()),
        ..IssuerSettings::default()
    };
    drop(Issuer::create(&folder.path().join("issuer"), settings, now()).unwrap());
    let serve = "issuer serve --data issuer --listen 127.0.0.1:0";
    for (line, said) in [
        (
            format!("{serve} --origin https://pass.example.org"),
            "--behind-proxy",
        ),
        (
            format!("{serve} --wallet http://me.example/pass/"),
            "https://",
        ),
        (
            format!("{serve} --wallet https://me.example/pass/?a=b"),
            "https://",
        ),
        (
            "issuer wallet --out page --service http://pass.example.org".into(),
            "https://",
        ),
        (
            "issuer wallet --out page --service https://pass.example.org/shop".into(),
            "https://",
        ),
    ] {
        let refused = crate::command::run(folder.path(), &line, "", 2);
        assert!(refused.contains(said), "{line}: {refused}");
    }
    assert!(!folder.path().join("page").exists());
    let line = "issuer wallet --out page --service https://pass.example.org";
    for _ in 0..2 {
        crate::command::run(folder.path(), line, "", 0);
    }
    let index = std::fs::read_to_string(folder.path().join("page/index.html")).unwrap();
    assert!(index.contains("connect-src 'self' https://pass.example.org;"));
    assert!(folder.path().join("page/lib/jsqr.js").exists());
}
