//! Who may sign certificates: the owner's list.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PSS_2048_8192_SHA256, RsaParameters,
    VerificationAlgorithm,
};
use rustls::pki_types::pem::{PemObject, SectionKind};
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate,
    der::{Decode, Encode, asn1::ObjectIdentifier},
    ext::pkix::ExtendedKeyUsage,
    spki::SubjectPublicKeyInfoOwned,
};

use super::{claims::Entry, cose::Algorithm};

/// Keys of elliptic curves, the curve P-256, and RSA, also such keys as are for PSS alone (RFC 5480, RFC 4055).
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// Extended key usages that bind a signer to tests (1), vaccinations (2) or recoveries (3); the second spelling was in an
/// early draft and is in use.
const USAGES: [&str; 2] = ["1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1."];

/// A trusted key.
pub(super) struct Key {
    /// First 8 bytes of the SHA-256 of the certificate; of the SubjectPublicKeyInfo where there is no certificate.
    pub(super) kid: [u8; 8],
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub(super) thumbprint: [u8; 32],
    /// As the log names it: `dcc:` and the certificate's country.
    pub(super) issuer: String,
    pub(super) public: ParsedPublicKey,
    algorithm: Algorithm,
    /// What it may certify: tests, vaccinations, recoveries.
    usages: [bool; 3],
    /// The certificate's validity, seconds since 1970, the last second included.
    validity: std::ops::RangeInclusive<u64>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.issuer, hex::encode(self.kid))
    }
}

impl Key {
    /// Whether it may have signed this entry with this algorithm, and still counts at `now`.
    pub(super) fn may_sign(&self, algorithm: Algorithm, entry: &Entry, now: u64) -> bool {
        let [test, vaccination, recovery] = self.usages;
        let usage = match entry {
            Entry::Test { .. } => test,
            Entry::Vaccination { .. } => vaccination,
            Entry::Recovery { .. } => recovery,
        };
        usage && self.algorithm == algorithm && self.validity.contains(&now)
    }
}

/// Every key of a list, and what is wrong with the others.
pub(super) fn read(pem: &[u8]) -> Result<(Vec<Key>, Vec<String>), String> {
    let (mut keys, mut problems) = (Vec::new(), Vec::new());
    for (number, section) in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem).enumerate() {
        let number = number + 1;
        let key = match section.map_err(|error| format!("section {number}: {error:?}"))? {
            (SectionKind::Certificate, der) => of_certificate(&der),
            (SectionKind::PublicKey, der) => of_key(&der),
            (kind, _) => {
                return Err(format!(
                    "section {number} is a {kind:?}: only certificates and public keys belong here"
                ));
            }
        };
        match key {
            Ok(key) => keys.push(key),
            Err(problem) => problems.push(format!("section {number}: {problem}")),
        }
    }
    match problems.first() {
        _ if !keys.is_empty() => Ok((keys, problems)),
        Some(problem) => Err(problem.clone()),
        None => Err("it has no PEM section".into()),
    }
}

fn of_certificate(der: &[u8]) -> Result<Key, String> {
    let certificate = Certificate::from_der(der).map_err(|error| error.to_string())?;
    let certificate = certificate.tbs_certificate();
    let usage = certificate
        .get_extension::<ExtendedKeyUsage>()
        .map_err(|error| error.to_string())?;
    let named = |number: u8| {
        let spelled = USAGES.map(|arc| format!("{arc}{number}"));
        usage.iter().any(|(_, usage)| {
            let mut usages = usage.0.iter().map(ObjectIdentifier::to_string);
            usages.any(|usage| spelled.contains(&usage))
        })
    };
    let named = [named(1), named(2), named(3)];
    // Who is bound to nothing may sign everything.
    let usages = if named == [false; 3] {
        [true; 3]
    } else {
        named
    };
    let country = certificate.subject().country().ok().flatten();
    let country = country
        .as_ref()
        .map(|country| country.as_str())
        .filter(|country| {
            country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase())
        });
    let validity = certificate.validity();
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs();
    let info = certificate.subject_public_key_info().to_der();
    let key = of_key(&info.map_err(|error| error.to_string())?)?;
    Ok(Key {
        kid: kid(der),
        issuer: country.map_or_else(|| "dcc".into(), |country| format!("dcc:{country}")),
        usages,
        validity: seconds(validity.not_before)..=seconds(validity.not_after),
        ..key
    })
}

fn of_key(der: &[u8]) -> Result<Key, String> {
    let info = SubjectPublicKeyInfoOwned::from_der(der).map_err(|error| error.to_string())?;
    let curve = info.algorithm.parameters.as_ref();
    let curve = curve.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
    let (algorithm, by): (_, &'static dyn VerificationAlgorithm) = match info.algorithm.oid {
        EC if curve == Some(P256) => (Algorithm::Es256, &ECDSA_P256_SHA256_FIXED),
        RSA | RSA_PSS => (Algorithm::Ps256, &RSA_PSS_2048_8192_SHA256),
        oid => return Err(format!("keys of the kind {oid} sign no certificates")),
    };
    if algorithm == Algorithm::Ps256 {
        let key = info.subject_public_key.raw_bytes();
        let bits = RsaParameters::public_modulus_len(key).map_err(|error| error.to_string())?;
        let least = RSA_PSS_2048_8192_SHA256.min_modulus_len();
        if bits < least {
            return Err(format!(
                "an RSA key of {bits} bits, and {least} are the least"
            ));
        }
    }
    Ok(Key {
        kid: kid(der),
        thumbprint: Sha256::digest(der).into(),
        issuer: "dcc".into(),
        public: ParsedPublicKey::new(by, der).map_err(|error| error.to_string())?,
        algorithm,
        usages: [true; 3],
        validity: 0..=u64::MAX,
    })
}

fn kid(der: &[u8]) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(der).into();
    digest.first_chunk().copied().unwrap_or_default()
}
