//! Texts and raw bytes as scanned, and challenges: a reason, never a panic; and what has right form has it as text and as bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use munjigi::pass::{challenge::Challenge, compose, parse};

fuzz_target!(|scanned: &[u8]| {
    let _ = parse(scanned);
    if scanned.starts_with(&[0xD2, 0x84]) {
        let text = compose::text(scanned);
        assert_eq!(parse(scanned).ok(), parse(text.as_bytes()).ok());
    }
    // A challenge that is read has one text.
    if let Some((text, challenge)) = str::from_utf8(scanned)
        .ok()
        .and_then(|text| Some((text, Challenge::parse(text).ok()?)))
    {
        assert_eq!(challenge.text(), text);
    }
});
