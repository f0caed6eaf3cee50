use super::*;
use crate::pass::Service;

/// The example of the format.
const GOOD: &str = r#"{"format": 1,
 "issuers": {"hanbit": {"name": {"ko": "한빛", "en": "Hanbit"}}},
 "keys": [{"kid": "c464d8b4", "public_key": "b9df896d052495d9c734683dd561ba8ce66d29528ccbbe296c7c10243d56df7c",
           "issuer": "hanbit", "kinds": ["live", "printed", "status"], "services": ["entry", "adult", "store"],
           "first_issue_day": 20454, "last_issue_day": 21183, "verify_until": 1861887600, "status_uris": ["k:3.12"]}],
 "lists": [{"uri": "k:3.12", "bits": 1, "entries": 1048576}]}"#;

#[test]
fn the_example_is_read() {
    let file = parse(GOOD.as_bytes()).unwrap();
    assert_eq!(file.issuers["hanbit"].ko.as_deref(), Some("한빛"));
    let key = &file.keys[0];
    assert_eq!(key.kid, [0xc4, 0x64, 0xd8, 0xb4]);
    assert_eq!(key.kinds, [Kind::Live, Kind::Printed]);
    assert!(key.signs_status);
    assert_eq!(key.services, Service::ALL);
    assert_eq!((key.first_issue_day, key.last_issue_day), (20454, 21183));
    assert_eq!(key.verify_until, 1_861_887_600);
    assert_eq!(key.distrusted_at, None);
    let list = &file.lists[0];
    assert_eq!(
        (list.size(), list.target().as_str()),
        (131_072, "status/k_3.12.cwt")
    );
}

#[test]
fn what_may_differ() {
    for (from, to) in [
        (r#""format": 1"#, r#""format": 1, "note": {"format": 2}"#),
        (r#""bits": 1"#, r#""bits": 2, "bytes": 5"#),
        (r#""ko": "한빛", "#, ""),
        (r#", "en": "Hanbit""#, r#", "ja": "ハンビ""#),
        ("1048576", "16777216"),
        ("1048576", "8"),
        ("20454", "-1"),
        (r#"["k:3.12"]}"#, r#"["k:3.12"], "distrusted_at": 0}"#),
        (r#"["live", "printed", "status"]"#, "[]"),
        (r#"["entry", "adult", "store"]"#, "[]"),
        (r#"["k:3.12"]}"#, r#"["a:z", "q9z:..1", "k:3.123"]}"#),
        (
            r#"[{"uri": "k:3.12", "bits": 1, "entries": 1048576}]"#,
            "[]",
        ),
    ] {
        assert_eq!(GOOD.matches(from).count(), 1, "{from}");
        let parsed = parse(GOOD.replace(from, to).as_bytes());
        assert!(parsed.is_ok(), "{to}: {parsed:?}");
    }
    let parsed = parse(br#"{"format":1,"issuers":{},"keys":[],"lists":[]}"#);
    assert_eq!(parsed.unwrap(), IssuersFile::default());
}

#[test]
fn every_broken_rule_is_named() {
    let key = &GOOD[GOOD.find(r#"{"kid""#).unwrap()..GOOD.find("],\n \"lists\"").unwrap()];
    let twice = format!("{key}, {}", key.replace("20454", "20455"));
    let small = "0100000000000000000000000000000000000000000000000000000000000000";
    let issuer = r#"{"name": {"ko": "한빛", "en": "Hanbit"}}"#;
    for (from, to, expected) in [
        (r#""format": 1"#, r#""format": 2"#, "newer program needed"),
        (r#""format": 1"#, r#""format": 1.0"#, "newer program needed"),
        (r#""format": 1"#, r#""format": 0"#, "newer program needed"),
        (r#""format": 1"#, r#""format": "1""#, "expected"),
        (r#""format": 1,"#, "", "missing field `format`"),
        (r#""format": 1"#, r#""format": 1, "format": 1"#, "duplicate"),
        (
            r#""format": 1"#,
            r#""format": 1, "x": 1, "x": 1"#,
            "duplicate",
        ),
        (
            r#""format": 1"#,
            r#""format": 1, "x": {"y": 1, "y": 1}"#,
            "duplicate",
        ),
        (r#""bits": 1"#, r#""bits": 1, "bits": 1"#, "duplicate"),
        (r#""lists": "#, r#""list": "#, "missing field `lists`"),
        (r#""issuers": {"hanbit""#, r#""issuers": {"Hanbit""#, "a-z"),
        (r#""issuers": {"hanbit""#, r#""issuers": {"""#, "a-z"),
        (
            r#""issuers": {"hanbit""#,
            r#""issuers": {"abcdefghijklmnopqrstuvwxyz0123456""#,
            "a-z",
        ),
        (issuer, r#"{"name": {}}"#, "no name"),
        (issuer, r#"{"name": {"ko": null}}"#, "null"),
        (issuer, r#"{"name": {"ko": 1}}"#, "invalid type"),
        (issuer, "{}", "missing field `name`"),
        (
            r#""issuer": "hanbit""#,
            r#""issuer": "other""#,
            "not in issuers",
        ),
        ("c464d8b4", "c464d8b5", "begins c464d8b4"),
        ("c464d8b4", "C464D8B4", "lower-case"),
        ("c464d8b4", "c464d8", "lower-case"),
        ("b9df896d", "B9DF896D", "lower-case"),
        ("b9df896d", "b9df896", "lower-case"),
        ("b9df896d", "b8df896d", ""),
        (
            "b9df896d052495d9c734683dd561ba8ce66d29528ccbbe296c7c10243d56df7c",
            small,
            "small order",
        ),
        (key, &twice, "twice"),
        (r#""status"]"#, r#""state"]"#, "unknown variant"),
        (r#""status"]"#, r#""live"]"#, "twice"),
        (r#""store"]"#, r#""shop"]"#, "unknown variant"),
        (r#""store"]"#, r#""entry"]"#, "twice"),
        ("20454", "20454.5", "expected i64"),
        ("20454", "\"20454\"", "expected i64"),
        ("1861887600", "-1", "expected u64"),
        ("1861887600", "18446744073709551616", "expected u64"),
        (
            r#"["k:3.12"]}"#,
            r#"["k:3.12"], "distrusted_at": null}"#,
            "null",
        ),
        (r#"["k:3.12"]}"#, r#"["k:3.12", "k:3.12"]}"#, "twice"),
        (r#"["k:3.12"]}"#, r#"["k:*"]}"#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": "k:3.1234""#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": "K:3.12""#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": "3:3.12""#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": "k:""#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": ":3""#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": "k3.12""#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": "k:3:12""#, "not like"),
        (r#"{"uri": "k:3.12""#, r#"{"uri": "k:../x""#, "not like"),
        (r#""bits": 1"#, r#""bits": 0"#, "not 1 or 2"),
        (r#""bits": 1"#, r#""bits": 4"#, "not 1 or 2"),
        (r#""bits": 1"#, r#""bits": 257"#, "expected u8"),
        ("1048576", "0", "a multiple of 8"),
        ("1048576", "12", "a multiple of 8"),
        ("1048576", "16777224", "a multiple of 8"),
        ("1048576", "4294967304", "expected u32"),
        (
            "1048576}",
            r#"1048576}, {"uri": "k:3.12", "bits": 1, "entries": 8}"#,
            "twice",
        ),
        ("1048576}]}", "1048576}]} x", "trailing"),
        ("1048576}]}", "1048576}]", "EOF"),
    ] {
        assert_eq!(GOOD.matches(from).count(), 1, "{from}");
        let result = parse(GOOD.replace(from, to).as_bytes());
        let message = result.unwrap_err().to_string();
        assert!(message.contains(expected), "{to}: {message}");
    }
}

#[test]
fn size_is_bounded() {
    let padded = |length: usize| {
        let mut file = GOOD.as_bytes().to_vec();
        file.resize(length, b' ');
        parse(&file)
    };
    assert!(padded(MAX_BYTES).is_ok());
    assert!(padded(MAX_BYTES + 1).is_err());

    let lists = |count: usize| {
        let lists: Vec<String> = (0..count)
            .map(|n| format!(r#"{{"uri": "a:{n}", "bits": 2, "entries": 16777216}}"#))
            .collect();
        let from = r#"{"uri": "k:3.12", "bits": 1, "entries": 1048576}"#;
        parse(GOOD.replace(from, &lists.join(", ")).as_bytes())
    };
    assert!(lists(16).is_ok());
    assert!(lists(17).is_err());

    let deep = format!("{}{}", r#"{"format": 1, "x": "#, "[".repeat(100_000));
    assert!(parse(deep.as_bytes()).is_err());
    assert!(parse(b"\xff\xfe").is_err());
    assert!(parse(b"").is_err());
}

#[test]
fn weak_and_impossible_keys_are_refused() {
    for (key, expected) in [
        // y = 2 is on no point of the curve.
        (
            "0200000000000000000000000000000000000000000000000000000000000000",
            "no point",
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "small order",
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000080",
            "small order",
        ),
        (
            "0100000000000000000000000000000000000000000000000000000000000000",
            "small order",
        ),
        (
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "small order",
        ),
        (
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "small order",
        ),
        (
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "small order",
        ),
        // y = p + 1 and y = p + 3: the field's 1 and 3 in another form.
        (
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "canonical",
        ),
        (
            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "canonical",
        ),
    ] {
        let bytes: [u8; 32] = unhex(key).unwrap();
        let problem = public_key(&bytes).unwrap_err();
        assert!(problem.contains(expected), "{key}: {problem}");
    }
}
