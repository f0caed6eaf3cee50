//! EU certificates, as texts, as tokens in the right wrapping, and as lists of signers: a reason, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use munjigi::pass::format::{
    Form, Format,
    dcc::{Days, Dcc, Rules},
};

const RULES: Rules = Rules {
    vaccination: Some(Days {
        first: 14,
        last: Some(270),
    }),
    recovery: true,
    naat_hours: 72,
    antigen_hours: 24,
};
/// A key of P-256 that signed nothing.
const SIGNER: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErdVc9a0bltR6jm1BPTA3u0cyJNYK
uF1uRk8h7h05+XBRJ9kYHt+/oSDXwmWXKM6cECncmqaKz1D9UxO1FpdBdw==
-----END PUBLIC KEY-----
";

fuzz_target!(|bytes: &[u8]| {
    let _ = Dcc::new(bytes, RULES).is_ok();
    let (dcc, _) = Dcc::new(SIGNER.as_bytes(), RULES).expect("this list is right");
    let _ = dcc.knows(bytes);
    let _ = dcc.read(bytes).is_ok();
    // Compressed by nothing, so that what is mutated is what is read.
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(bytes, 0);
    let text = format!("HC1:{}", base45::encode(&packed));
    if let Ok(Form::Foreign(pass)) = dcc.read(text.as_bytes()) {
        assert!(pass.vouch(0).is_err(), "nobody signed it");
    }
});
