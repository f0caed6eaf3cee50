//! Texts and raw bytes as scanned: a reason, never a panic; and what has right form has it as text and as bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use munjigi::pass::{compose, parse};

fuzz_target!(|scanned: &[u8]| {
    let _ = parse(scanned);
    if scanned.starts_with(&[0xD2, 0x84]) {
        let text = compose::text(scanned);
        assert_eq!(parse(scanned).ok(), parse(text.as_bytes()).ok());
    }
});
