//! The issuer's keys, each a file of its own that nobody else may read.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::IssuerError;

const NAMES: [&str; 3] = ["pass.key", "publish.key", "root.key"];

/// The keys that are there.
pub(super) struct Keys {
    pass: SigningKey,
    publish: SigningKey,
    /// May be kept elsewhere.
    root: Option<SigningKey>,
}

impl Keys {
    /// Makes all of them.
    pub(super) fn make(folder: &Path) -> Result<Self, IssuerError> {
        let [pass, publish, root] = NAMES.map(|name| make(&folder.join(name)));
        Ok(Self {
            pass: pass?,
            publish: publish?,
            root: Some(root?),
        })
    }

    pub(super) fn read(folder: &Path) -> Result<Self, IssuerError> {
        let [pass, publish, root] = NAMES.map(|name| folder.join(name));
        let root = if root.exists() {
            Some(read(&root)?)
        } else {
            None
        };
        Ok(Self {
            pass: read(&pass)?,
            publish: read(&publish)?,
            root,
        })
    }

    /// Signs passes and status lists.
    pub(super) const fn pass(&self) -> &SigningKey {
        &self.pass
    }

    /// Signs the repository's online roles.
    pub(super) const fn publish(&self) -> &SigningKey {
        &self.publish
    }

    /// Signs the root.
    pub(super) const fn root(&self) -> Option<&SigningKey> {
        self.root.as_ref()
    }
}

/// Makes a folder for this user only.
pub(super) fn make_folder(folder: &Path) -> Result<(), IssuerError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| file(folder, &error))
}

fn make(path: &Path) -> Result<SigningKey, IssuerError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|_| IssuerError::Random)?;
    let text = Zeroizing::new(format!("{}\n", hex::encode(seed.as_slice())));
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut out| out.write_all(text.as_bytes()).and_then(|()| out.sync_all()))
        .map_err(|error| file(path, &error))?;
    Ok(SigningKey::from_bytes(&seed))
}

fn read(path: &Path) -> Result<SigningKey, IssuerError> {
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|error| file(path, &error))?);
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), seed.as_mut()).map_err(|_| IssuerError::File {
        path: path.into(),
        problem: "is no key: 64 hexadecimal digits".into(),
    })?;
    Ok(SigningKey::from_bytes(&seed))
}

pub(super) fn file(path: &Path, error: &std::io::Error) -> IssuerError {
    IssuerError::File {
        path: path.into(),
        problem: error.to_string(),
    }
}
