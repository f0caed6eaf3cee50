use super::*;
use crate::pass::Service;

/// What is said of a file that is not taken.
pub(super) fn error(text: &str) -> String {
    Config::parse(text, Path::new("kiosk.toml"))
        .unwrap_err()
        .to_string()
}

#[test]
fn a_data_folder_is_enough() {
    let config = Config::parse("data = \"d\"", Path::new("kiosk.toml")).unwrap();
    assert_eq!(config.policy(), Policy::new(Service::Entry));
}

#[test]
fn a_machine_gets_a_short_pulse_unless_the_owner_says_otherwise() {
    for (door, seconds) in [
        ("", 5),
        ("kind = \"door\"", 5),
        ("kind = \"vend\"", 1),
        ("kind = \"vend\"\nunlock_seconds = 3", 3),
        ("max_seconds = 2", 2),
    ] {
        let text = format!("data = \"d\"\n[door]\n{door}\n");
        let config = Config::parse(&text, Path::new("kiosk.toml")).unwrap();
        assert_eq!(config.door.unlock(), seconds, "{door}");
    }
}

#[test]
fn a_till_is_told_by_a_store_alone() {
    let store = "data = \"d\"\n[door]\nservice = \"store\"\n[till]\n";
    for (text, said) in [
        (
            "data = \"d\"\n[till]\nsocket = \"s\"\n".to_string(),
            "line 3: till.socket: allowed is only with door.service",
        ),
        (
            format!("{store}url = \"http://till.example/\"\n"),
            "line 5: till.url: allowed is https://",
        ),
        (
            format!("{store}url = \"https://till.example/\"\n"),
            "till.secret: allowed is a file",
        ),
    ] {
        let error = error(&text);
        assert!(error.contains(said), "{error}");
    }
}

/// Its comments are what an owner reads: every key is one, and what stands there is taken.
#[test]
fn the_file_of_the_package_says_what_is_true() {
    let packaged = include_str!("../../packaging/kiosk.toml");
    let parse = |text: &str| Config::parse(text, Path::new("kiosk.toml")).unwrap();
    let mut table = "";
    let mut spoken = Vec::new();
    for line in packaged.lines() {
        let key = line.strip_prefix('#').filter(|key| !key.starts_with(' '));
        let line = key.unwrap_or(line);
        if line.starts_with('[') {
            table = line;
        }
        // A till is for stores, and has no defaults.
        if table != "[till]" || line.starts_with('[') {
            spoken.push(line);
        }
    }
    let (quiet, mut spoken) = (parse(packaged), parse(&spoken.join("\n")));
    assert!(spoken.formats.pretix.take().is_some() && spoken.formats.dcc.take().is_some());
    let (contact, bolt) = (spoken.door.contact.take(), spoken.door.bolt.take());
    assert_eq!(contact, Some(Input::default()));
    assert!(bolt.is_some());
    // What depends on something else: five seconds for a door, and for printed passes the service.
    assert_eq!(spoken.door.unlock(), quiet.door.unlock());
    (spoken.door.unlock_seconds, spoken.policy.printed) = (None, None);
    assert_eq!(format!("{spoken:?}"), format!("{quiet:?}"));
}

#[test]
fn errors_name_file_line_key_and_what_is_allowed() {
    let unknown = error("data = \"d\"\n\n[door]\nopen = 3\n");
    assert!(
        unknown.starts_with(
            "kiosk.toml, line 4: door.open: unknown field `open`, expected one of `kind`"
        ),
        "{unknown}"
    );
    let range = error("data = \"d\"\n[door]\n# long\nunlock_seconds = 11\n");
    assert_eq!(
        range,
        "kiosk.toml, line 4: door.unlock_seconds: allowed is 1 to door.max_seconds"
    );
    let variant = error("data = \"d\"\n[camera]\nsource = \"film\"\n");
    assert!(
        variant.starts_with(
            "kiosk.toml, line 3: camera.source: unknown variant `film`, expected one of `webcam`"
        ),
        "{variant}"
    );
    let kind = error("data = \"d\"\n[door]\nunlock_seconds = \"5\"\n");
    assert!(
        kind.starts_with("kiosk.toml, line 3: door.unlock_seconds: invalid type"),
        "{kind}"
    );
    assert!(error("[door]\n").contains("missing field `data`"));
}
