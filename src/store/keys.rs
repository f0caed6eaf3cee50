//! Keys at rest: a key for every day under the key of the folder.
//!
//! The folder's key comes from the service manager (`$CREDENTIALS_DIRECTORY/munjigi-key`) or lies beside the database as
//! `key` (mode 0600). A key on the same flash protects against a copied database, not against somebody who takes the whole
//! disk, and deleting it does not wipe flash cells: keep it apart where that matters.

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::StoreError;
use crate::gate::PassId;

/// Length of a key in bytes.
const KEY: usize = 32;
/// Length of a nonce of XChaCha20-Poly1305.
const NONCE: usize = 24;

/// A secret that is wiped when dropped.
pub(super) struct Key(Zeroizing<[u8; KEY]>);

/// Bytes from the system's random source.
pub(super) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| StoreError::Database(format!("no randomness: {error}")))?;
    Ok(bytes)
}

impl Key {
    /// The key of a data folder; made at the first start, when `unused` tells that nothing was made with another one:
    /// with a new key every block and every used presentation would be forgotten.
    pub(super) fn of_folder(folder: &Path, unused: bool) -> Result<Self, StoreError> {
        let given = std::env::var_os("CREDENTIALS_DIRECTORY")
            .map(|dir| Path::new(&dir).join("munjigi-key"));
        let path = match given {
            Some(path) if path.exists() => path,
            _ => folder.join("key"),
        };
        let failed = |problem: String| StoreError::File {
            path: path.clone(),
            problem,
        };
        match std::fs::read(&path) {
            Ok(bytes) => bytes
                .try_into()
                .map(|key| Self(Zeroizing::new(key)))
                .map_err(|_| failed(format!("a key has {KEY} bytes"))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !unused => Err(failed(
                "the key of the data folder is gone: put it back, or start with a new folder"
                    .into(),
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Self(Zeroizing::new(random()?));
                // Beside it first: a power cut must not leave half a key under the right name.
                let fresh = folder.join(format!("key.{}", std::process::id()));
                let write = || {
                    let mut file = std::fs::OpenOptions::new()
                        .create_new(true)
                        .write(true)
                        .mode(0o600)
                        .open(&fresh)?;
                    file.write_all(key.0.as_slice())?;
                    file.sync_all()?;
                    // Another process may have been faster: a link never replaces.
                    match std::fs::hard_link(&fresh, &path) {
                        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                            Err(error)
                        }
                        _ => std::fs::File::open(folder)?.sync_all(),
                    }
                };
                let written = write();
                let _ = std::fs::remove_file(&fresh);
                written.map_err(|error| failed(error.to_string()))?;
                Self::of_folder(folder, false)
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// A new key, and itself wrapped under this one.
    pub(super) fn child(&self, label: &str) -> Result<(Self, Vec<u8>), StoreError> {
        let key = Zeroizing::new(random()?);
        let wrapped = self.seal(key.as_slice(), label)?;
        Ok((Self(key), wrapped))
    }

    /// Takes a child out of its wrapping.
    pub(super) fn unwrap_child(&self, wrapped: &[u8], label: &str) -> Option<Self> {
        let key = Zeroizing::new(self.open(wrapped, label)?);
        Some(Self(Zeroizing::new(key.as_slice().try_into().ok()?)))
    }

    /// Encrypts: nonce, then ciphertext. `label` is bound to it.
    pub(super) fn seal(&self, plain: &[u8], label: &str) -> Result<Vec<u8>, StoreError> {
        let nonce = random::<NONCE>()?;
        let payload = Payload {
            msg: plain,
            aad: label.as_bytes(),
        };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| StoreError::Database("encryption failed".into()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts; `None` when it was not sealed by this key under this label.
    pub(super) fn open(&self, sealed: &[u8], label: &str) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher()
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: sealed,
                    aad: label.as_bytes(),
                },
            )
            .ok()
    }

    /// A keyed hash to search by, 16 bytes. `domain` keeps uses apart.
    pub(super) fn mac(&self, domain: &str, parts: &[&[u8]]) -> [u8; 16] {
        let mut out = [0; 16];
        // An HMAC takes a key of any length.
        if let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_slice()) {
            for part in [domain.as_bytes()].iter().chain(parts) {
                mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                mac.update(part);
            }
            out.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        }
        out
    }

    /// The keyed name of a pass in the replay memory.
    pub(super) fn pass(&self, pass: &PassId) -> [u8; 16] {
        let parts = [
            pass.thumbprint.as_slice(),
            pass.uri.as_bytes(),
            &pass.idx.to_be_bytes(),
            pass.number.as_bytes(),
        ];
        self.mac("pass", &parts)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}
