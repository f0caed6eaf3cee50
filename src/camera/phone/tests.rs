use std::path::PathBuf;

use super::*;
use crate::scan;

fn phone(script: &serde_json::Value) -> (tempfile::TempDir, Result<Phone, CameraError>) {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("script.json");
    std::fs::write(&path, script.to_string()).unwrap();
    (folder, Phone::open(&path))
}

#[test]
fn what_it_shows_can_be_read() {
    let text = format!("MJ1:{}", "0123456789ABCDEF".repeat(26));
    for (grade, printed) in [("easy", false), ("easy", true), ("medium", false)] {
        let act = serde_json::json!({"show": "text", "text": text, "seconds": 60, "grade": grade, "printed": printed});
        let (_folder, phone) = phone(&serde_json::json!({"acts": [act], "fps": 240, "seed": 1}));
        let mut phone = phone.unwrap();
        let read = (0..6).filter(|_| {
            let frame = phone.next().unwrap().unwrap();
            assert_eq!((frame.luma.width, frame.luma.height), (WIDTH, HEIGHT));
            scan::read(&frame.luma, scan::Effort::Frame)
                .iter()
                .any(|found| found.text == text.as_bytes())
        });
        assert!(read.count() >= 3, "{grade}, printed: {printed}");
    }
}

#[test]
fn a_script_ends_or_begins_again() {
    let acts = serde_json::json!([{"show": "nothing", "seconds": 0.05}, {"show": "nothing", "seconds": 0.05}]);
    let (_folder, once) = phone(&serde_json::json!({"acts": acts, "fps": 100}));
    let mut once = once.unwrap();
    let frames = std::iter::from_fn(|| once.next().unwrap()).count();
    assert!(frames > 0);
    let (_folder, again) = phone(&serde_json::json!({"acts": acts, "fps": 100, "loop": true}));
    let mut again = again.unwrap();
    assert!((0..30).all(|_| again.next().unwrap().is_some()));
}

#[test]
fn a_file_shows_what_it_holds_at_that_moment() {
    let acts = serde_json::json!([{"show": "file", "path": "shown.txt", "seconds": 60}]);
    let (folder, phone) = phone(&serde_json::json!({"acts": acts, "fps": 240, "seed": 1}));
    let mut phone = phone.unwrap();
    let mut seen = || {
        let frame = phone.next().unwrap().unwrap();
        let found = scan::read(&frame.luma, scan::Effort::Frame);
        found
            .first()
            .map(|code| String::from_utf8(code.text.clone()).unwrap())
    };
    assert_eq!(seen(), None);
    for text in ["MJ1:FIRST", "", "MJ1:SECOND"] {
        std::fs::write(folder.path().join("shown.txt"), format!("{text}\n")).unwrap();
        assert_eq!(
            seen().as_deref(),
            Some(text).filter(|text| !text.is_empty())
        );
    }
}

#[test]
fn what_cannot_be_done_is_named() {
    for (script, said) in [
        (serde_json::json!({"acts": [], "fps": 10}), "takes any time"),
        (
            serde_json::json!({"acts": [{"show": "dance", "seconds": 1}], "fps": 10}),
            "'dance' is none of",
        ),
        (
            serde_json::json!({"acts": [{"show": "live", "wallet_key": "no.key", "seconds": 1}], "fps": 10}),
            "no.key",
        ),
    ] {
        let error = phone(&script).1.err().unwrap().to_string();
        assert!(error.contains(said), "{error}");
    }
}
