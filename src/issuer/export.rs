//! Leaving: everything that another implementation needs, in formats that are not this program's own. `export/README.md` goes
//! with it and names them.

use std::{fs, path::Path};

use ed25519_dalek::{
    SigningKey,
    pkcs8::{EncodePrivateKey, KeypairBytes, spki::der::pem::LineEnding},
};
use serde_json::{Value, json};

use super::{
    Issuer, IssuerError, KeyInfo,
    keys::{Use, file, make_folder, write_private},
    publish::said,
    store::EXPORTED,
};
use crate::{gate::age, pass::compose, trust::issuers};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

const README: &str = include_str!("export/README.md");

impl Issuer {
    /// Writes the issuer's records, its trust repository and, with `with_keys`, its private keys **unencrypted** into a new
    /// or empty folder for this user only. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`IssuerError`] when the folder is not empty, or something cannot be read or written.
    pub fn export(&mut self, to: &Path, with_keys: bool, now: u64) -> Result<(), IssuerError> {
        make_folder(to)?;
        let mut there = fs::read_dir(to).map_err(|error| file(to, &error))?;
        if there.next().is_some() {
            return Err(IssuerError::Rule(format!("{} is not empty", to.display())));
        }
        write_private(&to.join("README.md"), README.as_bytes())?;
        self.publish_to(&to.join("repository"), now)?;
        let about = serde_json::to_vec_pretty(&self.described()?).map_err(said)?;
        write_private(&to.join("issuer.json"), &about)?;
        self.export_passes(&to.join("passes.csv"))?;
        if with_keys {
            self.export_keys(&to.join("keys"))?;
        }
        Ok(())
    }

    /// Settings, keys and lists, as the README names them.
    fn described(&self) -> Result<Value, IssuerError> {
        let (id, name_ko, name_en) = self.about()?;
        let keys: Vec<Value> = self.keys()?.iter().map(described_key).collect();
        let lists = self.store.lists()?;
        let lists = lists
            .iter()
            .map(|list| json!({"uri": list.uri, "file": format!("repository/targets/{}", issuers::target(&list.uri))}));
        Ok(json!({
            "format": 1,
            "id": id,
            "name": {"ko": name_ko, "en": name_en},
            "bits": self.store.bits()?,
            "entries": self.store.entries()?,
            "metadata_version": self.store.number::<u64>("version")?,
            "keys": keys,
            "lists": lists.collect::<Vec<_>>(),
        }))
    }

    fn export_passes(&self, path: &Path) -> Result<(), IssuerError> {
        // Made for this user alone before anything is in it.
        write_private(path, b"")?;
        let failed = |error: csv::Error| said(format!("{}: {error}", path.display()));
        let out = fs::OpenOptions::new().append(true).open(path);
        let mut csv = csv::Writer::from_writer(out.map_err(|error| file(path, &error))?);
        csv.write_record(EXPORTED).map_err(failed)?;
        let mut written = Ok(());
        self.store.each_pass(|row| {
            if written.is_ok() {
                written = csv.write_record(row).map_err(failed);
            }
        })?;
        written?;
        csv.flush().map_err(|error| file(path, &error))
    }

    fn export_keys(&self, to: &Path) -> Result<(), IssuerError> {
        make_folder(to)?;
        for (what, name) in [
            (Use::Pass, "pass"),
            (Use::Publish, "publish"),
            (Use::Root, "root"),
        ] {
            for key in self.keys.of(what) {
                let public = key.verifying_key().to_bytes();
                let kid = hex::encode(&compose::thumbprint(&public)[..4]);
                let to = |kind: &str| to.join(format!("{name}-{kid}.{kind}"));
                write_private(&to("pem"), pem(key)?.as_bytes())?;
                write_private(&to("jwk"), jwk(key).as_bytes())?;
                write_private(&to("cose"), &cose_key(key))?;
            }
        }
        Ok(())
    }
}

fn described_key(key: &KeyInfo) -> Value {
    let date = |day| age::date_of(day).map(|date| date.to_string());
    json!({
        "kid": key.kid(),
        "thumbprint": hex::encode(compose::thumbprint(&key.public)),
        "jwk": {"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.public)},
        "first_issue_day": date(key.first),
        "last_issue_day": date(key.last),
        "verify_until": key.verify_until,
        "standby": key.standby,
        "distrusted_at": key.distrusted,
    })
}

/// PKCS #8 without the public half (RFC 8410, section 7): OpenSSL 3.0 reads no other.
fn pem(key: &SigningKey) -> Result<zeroize::Zeroizing<String>, IssuerError> {
    let key = KeypairBytes {
        secret_key: key.to_bytes(),
        public_key: None,
    };
    key.to_pkcs8_pem(LineEnding::LF).map_err(said)
}

/// RFC 8037, section 2, with the private half.
fn jwk(key: &SigningKey) -> zeroize::Zeroizing<String> {
    let seed = zeroize::Zeroizing::new(key.to_bytes());
    let d = zeroize::Zeroizing::new(URL_SAFE_NO_PAD.encode(seed.as_slice()));
    let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
    let text = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","d":"{}"}}"#, *d);
    zeroize::Zeroizing::new(text + "\n")
}

/// A COSE_Key with the private half (RFC 9053, section 7.2): `{1: 1, 3: -19, -1: 6, -2: public, -4: seed}`, in deterministic
/// order.
fn cose_key(key: &SigningKey) -> zeroize::Zeroizing<Vec<u8>> {
    let seed = zeroize::Zeroizing::new(key.to_bytes());
    let mut out = zeroize::Zeroizing::new(Vec::with_capacity(80));
    out.extend([0xa5, 0x01, 0x01, 0x03, 0x32, 0x20, 0x06, 0x21, 0x58, 0x20]);
    out.extend(key.verifying_key().as_bytes());
    out.extend([0x23, 0x58, 0x20]);
    out.extend(seed.iter());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_forms_of_their_standards() {
        // RFC 8410, section 10.3.
        let seed = "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";
        let key = SigningKey::from_bytes(&hex::decode(seed).unwrap().try_into().unwrap());
        let text = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
        assert!(pem(&key).unwrap().lines().any(|line| line == text));
        // RFC 8037, appendix A.1, whose key is that of RFC 8032, 7.1, test 1.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let key = SigningKey::from_bytes(&hex::decode(seed).unwrap().try_into().unwrap());
        let read: Value = serde_json::from_str(&jwk(&key)).unwrap();
        assert_eq!(read["d"], "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        assert_eq!(read["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        let read: ciborium::Value = ciborium::from_reader(cose_key(&key).as_slice()).unwrap();
        let mut again = Vec::new();
        ciborium::into_writer(&read, &mut again).unwrap();
        assert_eq!(hex::encode(again), hex::encode(&*cose_key(&key)));
        let public = hex::encode(key.verifying_key().as_bytes());
        assert_eq!(
            hex::encode(&*cose_key(&key)),
            format!("a50101033220062158 20{public}235820{seed}").replace(' ', "")
        );
    }
}
