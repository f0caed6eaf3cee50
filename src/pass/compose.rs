//! Making passes: the issuer's and the wallet's side of the format.

use ciborium::Value;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use super::{
    Audience, HolderKey, Service, Services, StatusRef, cbor, cose, credential, presentation,
};

/// Bytes of a live credential at most: presented at a venue of 6 characters with a kiosk's nonce it has 309 bytes then, which
/// is what the code of a wallet holds (version 11-L).
pub const LONGEST_LIVE: usize = 200;

/// What an issuer puts into a credential. It is live when `holder` is there, printed when not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// `sub`.
    pub number: String,
    /// `exp`, a midnight in Seoul.
    pub exp: u64,
    /// `nbf`; required when printed.
    pub nbf: Option<u64>,
    /// `cnf`.
    pub holder: Option<HolderKey>,
    /// Where its status stands.
    pub status: StatusRef,
    /// What it opens.
    pub services: Services,
}

/// A holder's private key.
pub enum HolderSigner {
    /// Ed25519.
    Ed25519(SigningKey),
    /// P-256.
    P256(p256::ecdsa::SigningKey),
}

impl HolderSigner {
    /// The public half, as it stands in `cnf`.
    #[must_use]
    pub fn public(&self) -> HolderKey {
        match self {
            Self::Ed25519(key) => HolderKey::Ed25519(key.verifying_key().to_bytes()),
            Self::P256(key) => {
                let point = key.verifying_key().to_sec1_point(true);
                let mut x = [0; 32];
                if let Some(bytes) = point.as_bytes().get(1..33) {
                    x.copy_from_slice(bytes);
                }
                HolderKey::P256(x, point.as_bytes().first() == Some(&3))
            }
        }
    }

    /// The algorithm number in the header (RFC 9864).
    const fn algorithm(&self) -> i64 {
        match self {
            Self::Ed25519(_) => cose::ED25519,
            Self::P256(_) => cose::ESP256,
        }
    }

    /// Signs a message: 64 bytes, for P-256 `r` and `s`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().into()
            }
        }
    }
}

/// Signs a credential: the tagged COSE_Sign1.
#[must_use]
pub fn credential(claims: &Claims, issuer: &SigningKey) -> Vec<u8> {
    let kid = &thumbprint(&issuer.verifying_key().to_bytes())[..4];
    let typ = if claims.holder.is_some() {
        credential::TYP_LIVE
    } else {
        credential::TYP_PRINTED
    };
    let header = map([
        (1, Value::from(cose::ED25519)),
        (4, Value::Bytes(kid.to_vec())),
        (16, Value::from(typ)),
    ]);
    let status = Value::Map(vec![(
        Value::from("status_list"),
        Value::Map(vec![
            (Value::from("idx"), Value::from(claims.status.idx)),
            (Value::from("uri"), Value::from(claims.status.uri.as_str())),
        ]),
    )]);
    let mut members = vec![
        (2, Value::from(claims.number.as_str())),
        (4, Value::from(claims.exp)),
    ];
    members.extend(claims.nbf.map(|nbf| (5, Value::from(nbf))));
    members.extend(claims.holder.map(|key| (8, map([(1, cose_key(&key))]))));
    members.push((65535, status));
    members.push((-65537, services(&claims.services)));

    let protected = cbor::encode(&header);
    let payload = cbor::encode(&map(members));
    let signature = issuer
        .sign(&cose::to_be_signed(&protected, &payload))
        .to_bytes();
    cose::write(protected, payload, &signature)
}

/// Signs a presentation of a credential: the tagged COSE_Sign1 that a live QR carries.
///
/// A credential that is no CBOR is carried as it is, as a byte string, which no kiosk takes.
#[must_use]
pub fn presentation(
    credential: &[u8],
    audience: &Audience,
    iat: u64,
    cnonce: Option<[u8; 8]>,
    holder: &HolderSigner,
) -> Vec<u8> {
    let credential =
        ciborium::from_reader(credential).unwrap_or_else(|_| Value::Bytes(credential.to_vec()));
    let header = map([
        (1, Value::from(holder.algorithm())),
        (13, credential),
        (16, Value::from(presentation::TYP)),
    ]);
    let mut members = vec![
        (3, Value::from(audience.to_string())),
        (6, Value::from(iat)),
    ];
    members.extend(cnonce.map(|nonce| (39, Value::Bytes(nonce.to_vec()))));

    let protected = cbor::encode(&header);
    let payload = cbor::encode(&map(members));
    let signature = holder.sign(&cose::to_be_signed(&protected, &payload));
    cose::write(protected, payload, &signature)
}

/// The text for the QR: `MJ1:` and Base45 (RFC 9285).
#[must_use]
pub fn text(token: &[u8]) -> String {
    format!("MJ1:{}", base45::encode(token))
}

/// RFC 9679 SHA-256 thumbprint of an Ed25519 public key.
#[must_use]
pub fn thumbprint(public_key: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(cbor::encode(&cose_key(&HolderKey::Ed25519(*public_key)))).into()
}

/// A COSE_Key (RFC 9053 section 7) with the members that a thumbprint needs.
fn cose_key(key: &HolderKey) -> Value {
    match key {
        HolderKey::Ed25519(x) => map([
            (1, Value::from(1)),
            (-1, Value::from(6)),
            (-2, Value::Bytes(x.to_vec())),
        ]),
        HolderKey::P256(x, odd) => map([
            (1, Value::from(2)),
            (-1, Value::from(1)),
            (-2, Value::Bytes(x.to_vec())),
            (-3, Value::Bool(*odd)),
        ]),
    }
}

fn services(services: &Services) -> Value {
    let number = |service: Service| i64::from(service.number());
    let days = [
        (Service::Entry, services.entry),
        (Service::Adult, services.adult),
    ];
    let mut members: Vec<(i64, Value)> = days
        .into_iter()
        .filter_map(|(service, day)| Some((number(service), Value::from(day?))))
        .collect();
    members.extend(
        services
            .store
            .map(|reference| (number(Service::Store), Value::Bytes(reference.to_vec()))),
    );
    members.extend(services.visits.map(|visits| (86, Value::from(visits))));
    map(members)
}

/// A map in the order in which its members are given, which is the deterministic one.
fn map(members: impl IntoIterator<Item = (i64, Value)>) -> Value {
    Value::Map(
        members
            .into_iter()
            .map(|(key, value)| (Value::from(key), value))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::{Kind, parse};

    // The worked example of the profile.
    const LIVE: &str = "d28458c7a301320dd2844da301320444c464d8b410190125a0586aa50267374b51324d3946041a6b2be1f008a101a301012006215820daba8d7195004c1efda2b54e8b8f009cde5e2dadab5ef7b75daa5b60d832fefe19ffffa16b7374617475735f6c697374a2636964781a0009fbf163757269666b3a332e31323a00010000a10219512d58402680aba3ea4dcc96af279abbd826f93624749c1844ad589d4484d12545d2db420e66f5cf2c4854a87732a58f5d7b5c1df9f63e30cf99a422f5f79f323e57f90e10190126a04aa2036141061a6b0463005840e01aae741188c3a5ad6a8fefc46c7f269c176c29360c94f71fc5b79e67e3b533222d0f896b314b9395d3be31ac48cc2da400b6c58baf8f2913bbf376dbebdc0b";
    const PRINTED: &str = "d2844ca301320444c464d8b410183da05845a50267374b51324d3946041a6b2be1f0051a6b0454f019ffffa16b7374617475735f6c697374a2636964781a0009fbf163757269666b3a332e31323a00010000a10219512d5840ee59cf740c4e284047d60a50004f0a3af9b7944af94bc19e2ffb376cd37312bfa4234d16efd80dbe43295c9fa27626e2b8dd696c0c053cbae4731c5b1bb0f20c";

    fn seed(name: &str) -> SigningKey {
        SigningKey::from_bytes(&Sha256::digest(name).into())
    }

    fn claims(holder: Option<HolderKey>, nbf: Option<u64>) -> Claims {
        Claims {
            number: "7KQ2M9F".into(),
            exp: 0x6b2b_e1f0,
            nbf,
            holder,
            status: StatusRef {
                uri: "k:3.12".into(),
                idx: 654_321,
            },
            services: Services {
                adult: Some(20781),
                ..Services::default()
            },
        }
    }

    #[test]
    fn visits_are_said_and_read() {
        let issuer = seed("issuer");
        for visits in [None, Some(1), Some(23), Some(24), Some(255)] {
            let mut claims = claims(None, Some(7));
            claims.services.visits = visits;
            let parsed = parse(&super::credential(&claims, &issuer)).unwrap();
            assert_eq!(parsed.credential.services, claims.services);
        }
    }

    #[test]
    fn the_longest_live_pass_fits_the_code_of_a_phone() {
        let issuer = seed("issuer");
        let p256 = p256::ecdsa::SigningKey::from_bytes(&[7; 32].into()).unwrap();
        let (ed25519, p256) = (
            HolderSigner::Ed25519(seed("holder")),
            HolderSigner::P256(p256),
        );
        // A guest's pass whose window is still to come, for as many visits as fit one byte.
        let mut sizes = Vec::new();
        for key in [&ed25519, &p256] {
            let mut claims = claims(Some(key.public()), Some(0x6b04_54f0));
            claims.status = StatusRef {
                uri: "i:1234".into(),
                idx: 65_535,
            };
            claims.services.visits = Some(23);
            let credential = super::credential(&claims, &issuer);
            let audience: Audience = "E:GATE12".parse().unwrap();
            let live = presentation(&credential, &audience, 0x6b04_54f0, Some([9; 8]), key);
            let parsed = parse(text(&live).as_bytes()).unwrap();
            assert_eq!(parsed.credential.services.visits, Some(23));
            sizes.push((credential.len(), live.len(), text(&live).len()));
        }
        assert_eq!(sizes, [(198, 307, 465), (LONGEST_LIVE, 309, 468)]);
    }

    #[test]
    fn the_worked_example_is_made_and_read() {
        let holder = HolderSigner::Ed25519(seed("holder"));
        let issuer = seed("issuer");
        assert_eq!(
            hex::encode(&thumbprint(&issuer.verifying_key().to_bytes())[..4]),
            "c464d8b4"
        );

        let credential = credential(&claims(Some(holder.public()), None), &issuer);
        let audience = Audience {
            service: Service::Adult,
            venue: None,
        };
        let live = presentation(&credential, &audience, 1_795_449_600, None, &holder);
        assert_eq!(hex::encode(&live), LIVE);
        let text = text(&live);
        assert_eq!((live.len(), text.len()), (281, 426));
        assert!(text.starts_with("MJ1:RRQ2ABERKXE6RRQU 9 60CO0B$O"));

        let parsed = parse(text.as_bytes()).unwrap();
        assert_eq!(
            parsed,
            parse(&live).unwrap(),
            "text and raw bytes are one pass"
        );
        let presentation = parsed.presentation.unwrap();
        assert_eq!(
            hex::encode(presentation.replay_id),
            "e05f8cb94d12e904074080a270f9b4f1"
        );
        assert_eq!(presentation.iat, 1_795_449_600);
        assert_eq!(parsed.credential.number, "7KQ2M9F");
        assert_eq!(
            parsed.credential.status,
            StatusRef {
                uri: "k:3.12".into(),
                idx: 654_321
            }
        );

        let printed = super::credential(&claims(None, Some(0x6b04_54f0)), &issuer);
        assert_eq!(hex::encode(&printed), PRINTED);
        let parsed = parse(&printed).unwrap();
        assert_eq!(
            (parsed.credential.kind, parsed.presentation),
            (Kind::Printed, None)
        );
    }
}
