//! The trust files: read or refused, never a panic, and a status list never grows beyond what was announced.
#![no_main]

use libfuzzer_sys::fuzz_target;
use munjigi::trust::{StatusList, issuers};

const ISSUERS: &[u8] = br#"{"format": 1, "issuers": {"hanbit": {"name": {"en": "Hanbit"}}},
 "keys": [{"kid": "c464d8b4", "public_key": "b9df896d052495d9c734683dd561ba8ce66d29528ccbbe296c7c10243d56df7c",
           "issuer": "hanbit", "kinds": ["live", "printed", "status"], "services": ["entry"],
           "first_issue_day": 20454, "last_issue_day": 21183, "verify_until": 1861887600, "status_uris": ["k:3.12"]}],
 "lists": [{"uri": "k:3.12", "bits": 1, "entries": 64}]}"#;

fuzz_target!(|bytes: &[u8]| {
    let _ = issuers::parse(bytes);
    if let Ok(file) = issuers::parse(ISSUERS) {
        for list in &file.lists {
            let _ = StatusList::verify(bytes, list, &file.keys);
        }
    }
});
