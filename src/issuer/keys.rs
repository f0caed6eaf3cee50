//! The issuer's keys, each a file of its own that nobody else may read, encrypted to the folder's [`Lock`].

use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use age::secrecy::SecretString;
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::{
    IssuerError,
    lock::{self, Lock},
};
use crate::pass::compose::thumbprint;

/// What a key is for, and how the names of its files begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Signs passes and status lists.
    Pass,
    /// Signs the repository's online roles.
    Publish,
    /// Signs the root.
    Root,
}

impl Use {
    const ALL: [Self; 3] = [Self::Pass, Self::Publish, Self::Root];

    const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Publish => "publish",
            Self::Root => "root",
        }
    }
}

/// A key that was read.
pub(super) struct Held {
    pub(super) what: Use,
    pub(super) path: PathBuf,
    pub(super) key: SigningKey,
}

/// The keys that are there.
#[derive(Default)]
pub(super) struct Keys {
    held: Vec<Held>,
    /// Some of them are not encrypted.
    plain: bool,
}

impl Keys {
    /// Every key of a folder.
    pub(super) fn read(folder: &Path, lock: Option<&Lock>) -> Result<Self, IssuerError> {
        let mut keys = Self::default();
        for (what, path) in files(folder)? {
            let bytes = lock::read(&path)?;
            let plain = match (lock::is_sealed(&bytes), lock) {
                (false, _) => {
                    keys.plain = true;
                    bytes
                }
                (true, Some(lock)) => lock.unseal(&bytes, &path)?,
                (true, None) => return Err(IssuerError::Locked(folder.into())),
            };
            let key = seed(&plain, &path)?;
            keys.held.push(Held { what, path, key });
        }
        Ok(keys)
    }

    /// Makes a key in a folder.
    pub(super) fn make(
        &mut self,
        what: Use,
        folder: &Path,
        lock: Option<&Lock>,
    ) -> Result<SigningKey, IssuerError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(|_| IssuerError::Random)?;
        let key = SigningKey::from_bytes(&seed);
        // The first has a plain name; those after it are told apart by the key.
        let plain = folder.join(format!("{}.key", what.name()));
        let path = if plain.exists() {
            apart(what, &key, folder)
        } else {
            plain
        };
        self.keep(what, path, &key, lock)?;
        Ok(key)
    }

    /// Copies a key from another folder into this one.
    pub(super) fn adopt(
        &mut self,
        what: Use,
        key: &SigningKey,
        folder: &Path,
        lock: Option<&Lock>,
    ) -> Result<(), IssuerError> {
        self.keep(what, apart(what, key, folder), key, lock)
    }

    fn keep(
        &mut self,
        what: Use,
        path: PathBuf,
        key: &SigningKey,
        lock: Option<&Lock>,
    ) -> Result<(), IssuerError> {
        let plain = text(key);
        let bytes = match lock {
            Some(lock) => lock.seal(plain.as_bytes())?,
            None => plain.as_bytes().to_vec(),
        };
        self.plain |= lock.is_none();
        write_private(&path, &bytes)?;
        let key = key.clone();
        self.held.push(Held { what, path, key });
        Ok(())
    }

    /// Whether some key stands in its file as it is.
    pub(super) const fn are_plain(&self) -> bool {
        self.plain
    }

    /// The keys of one use.
    pub(super) fn of(&self, what: Use) -> impl Iterator<Item = &SigningKey> {
        let held = self.held.iter().filter(move |held| held.what == what);
        held.map(|held| &held.key)
    }

    /// The key of a use with this public half.
    pub(super) fn find(&self, what: Use, public: &[u8; 32]) -> Option<&SigningKey> {
        self.of(what)
            .find(|key| key.verifying_key().as_bytes() == public)
    }

    /// Where the keys of one use are.
    pub(super) fn paths(&self, what: Use) -> impl Iterator<Item = (&Path, &SigningKey)> {
        let held = self.held.iter().filter(move |held| held.what == what);
        held.map(|held| (held.path.as_path(), &held.key))
    }

    /// Encrypts every key of a folder.
    pub(super) fn encrypt(folder: &Path, lock: &Lock) -> Result<usize, IssuerError> {
        let mut done = 0;
        for (_, path) in files(folder)? {
            let bytes = lock::read(&path)?;
            if !lock::is_sealed(&bytes) {
                let _ = seed(&bytes, &path)?;
                write_private(&path, &lock.seal(&bytes)?)?;
                done += 1;
            }
        }
        Ok(done)
    }
}

/// The file of a key that is told apart from others of its use.
fn apart(what: Use, key: &SigningKey, folder: &Path) -> PathBuf {
    let begin = hex::encode(&thumbprint(key.verifying_key().as_bytes())[..4]);
    folder.join(format!("{}-{begin}.key", what.name()))
}

/// Opens another folder of keys, such as a USB stick, with the passphrase of the issuer's own folder or one that was typed.
pub(super) fn elsewhere(
    folder: &Path,
    passphrase: Option<&SecretString>,
) -> Result<(Keys, Option<Lock>), IssuerError> {
    let lock = match (Lock::is_at(folder), passphrase) {
        (false, _) => None,
        (true, Some(passphrase)) => Some(Lock::open(folder, passphrase)?),
        (true, None) => return Err(IssuerError::Locked(folder.into())),
    };
    Ok((Keys::read(folder, lock.as_ref())?, lock))
}

/// The folder's key files, in the order of their names.
fn files(folder: &Path) -> Result<Vec<(Use, PathBuf)>, IssuerError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| file(folder, &error))? {
        let path = entry.map_err(|error| file(folder, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(stem) = name.strip_suffix(".key") else {
            continue;
        };
        let what = Use::ALL.into_iter().find(|what| {
            let rest = stem.strip_prefix(what.name());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        if let Some(what) = what {
            found.push((what, path));
        }
    }
    found.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(found)
}

/// Makes a folder for this user only.
pub(super) fn make_folder(folder: &Path) -> Result<(), IssuerError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| file(folder, &error))
}

fn text(key: &SigningKey) -> Zeroizing<String> {
    let seed = Zeroizing::new(key.to_bytes());
    let mut digits = Zeroizing::new(vec![0; 64]);
    // The room fits.
    let _ = hex::encode_to_slice(seed.as_slice(), &mut digits);
    let mut text = Zeroizing::new(String::with_capacity(65));
    text.extend(digits.iter().map(|digit| char::from(*digit)));
    text.push('\n');
    text
}

fn seed(text: &[u8], path: &Path) -> Result<SigningKey, IssuerError> {
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim_ascii(), seed.as_mut()).map_err(|_| IssuerError::File {
        path: path.into(),
        problem: "is no key: 64 hexadecimal digits".into(),
    })?;
    Ok(SigningKey::from_bytes(&seed))
}

/// Writes a file that this user alone can read, whole or not at all.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), IssuerError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let write = || {
        let mut options = OpenOptions::new();
        let mut out = options
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(&fresh)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        std::fs::rename(&fresh, path)?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    };
    let written = write();
    if written.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    written.map_err(|error| file(path, &error))
}

pub(super) fn file(path: &Path, error: &std::io::Error) -> IssuerError {
    IssuerError::File {
        path: path.into(),
        problem: error.to_string(),
    }
}
