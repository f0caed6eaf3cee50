//! One judgement (parsing, both signatures, look-ups) against the bare cost of the two signature checks, in one run.

use std::{hint::black_box, time::Instant};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use munjigi::{
    gate::{Clock, Now, Policy, judge},
    pass::{Audience, Reason, Service, compose},
};

use crate::{
    quantile,
    shop::{Shop, now},
};

const ROUNDS: usize = 3_000;

pub fn run() {
    let mut shop = Shop::new();
    let (key, credential) = shop.issue([7; 32]);
    let (_store, trust) = shop.trust();
    let audience = Audience {
        service: Service::Entry,
        venue: None,
    };
    let at = now();
    let text = compose::text(&compose::presentation(
        &credential,
        &audience,
        at,
        None,
        &key,
    ));
    let policy = Policy::new(Service::Entry);
    let now = Now {
        unix: at,
        clock: Clock::Synced,
    };

    // As long as what the issuer and the holder sign.
    let signed = [140, 230].map(|length| {
        let key = SigningKey::from_bytes(&[length as u8; 32]);
        let message = vec![3; length];
        let signature: Signature = key.sign(&message);
        (key.verifying_key(), message, signature)
    });
    // The holder's key comes with the pass: reading its point is a part of the check.
    let holder = signed[1].0.to_bytes();

    let (mut whole, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let judgement = judge(black_box(text.as_bytes()), &trust, &policy, now, None);
        whole.push(begin.elapsed().as_secs_f64() * 1e6);
        assert_eq!(judgement.reason, Reason::Granted);

        let begin = Instant::now();
        let (issuer, message, signature) = &signed[0];
        issuer.verify_strict(black_box(message), signature).unwrap();
        let key = VerifyingKey::from_bytes(black_box(&holder)).unwrap();
        key.verify_strict(black_box(&signed[1].1), &signed[1].2)
            .unwrap();
        bare.push(begin.elapsed().as_secs_f64() * 1e6);
    }
    let (whole, bare) = (quantile(&mut whole, 0.5), quantile(&mut bare, 0.5));
    println!(
        "verify: judgement {whole:.0} us, two bare signature checks {bare:.0} us (medians of {ROUNDS}): ratio {:.2}",
        whole / bare
    );
}
