//! The lock of a folder of keys: an identity of age (age-encryption.org/v1) in `lock.age`, itself encrypted with a passphrase.
//! Every key of the folder is encrypted to that identity, so that a new key needs no passphrase, and a new passphrase changes
//! one file. Without this program: `age -d -i lock.age pass.key`.

use std::{
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use age::secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{
    Issuer, IssuerError,
    keys::{Keys, file, write_private},
    store::random_text,
};
use crate::pass::credential::CROCKFORD;

const FILE: &str = "lock.age";
/// How every age file begins.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";
/// The credential of the service manager (systemd) with the passphrase.
const CREDENTIAL: &str = "munjigi-issuer";
/// Letters of a passphrase that the program makes: 130 random bits.
const RANDOM: usize = 26;
/// scrypt's work factor for such a passphrase, which nobody guesses however fast he tries: 2^10.
const LIGHT: u8 = 10;
/// Letters of a passphrase that a person chooses, at least.
pub const LEAST: usize = 12;
/// Bytes of a key file or passphrase file at most.
pub(super) const MOST: u64 = 1 << 14;

/// Where the passphrase of a folder of keys comes from.
#[derive(Debug, Clone, Default)]
pub enum Passphrase {
    /// The credential `munjigi-issuer` of the service manager, else the file [`beside`] the folder. A new folder gets a random
    /// one, kept in that file.
    #[default]
    Kept,
    /// The first line of a file that nobody but this user can read. Where it is missing, a new folder gets a random one.
    File(PathBuf),
    /// As somebody typed it.
    Typed(SecretString),
}

/// The file beside a folder that keeps its passphrase: `shop.passphrase` for `shop`. Not in the folder, so that a copy of the
/// folder is of no use without it.
#[must_use]
pub fn beside(folder: &Path) -> PathBuf {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.into());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!("{name}.passphrase"))
}

impl Passphrase {
    /// The passphrase; `None` when it is kept nowhere.
    pub(super) fn find(&self, folder: &Path) -> Result<Option<SecretString>, IssuerError> {
        match self {
            Self::Typed(text) => Ok(Some(text.clone())),
            Self::File(path) => read_private(path).map(Some),
            Self::Kept => {
                if let Some(given) = std::env::var_os("CREDENTIALS_DIRECTORY") {
                    let path = Path::new(&given).join(CREDENTIAL);
                    // The service manager sees to who may read it.
                    if path.exists() {
                        return first_line(&path).map(Some);
                    }
                }
                let path = beside(folder);
                if path.exists() {
                    read_private(&path).map(Some)
                } else {
                    Ok(None)
                }
            }
        }
    }

    /// The passphrase for a new lock. Where it is to be kept in a file that is missing, a random one is made.
    pub(super) fn find_or_make(&self, folder: &Path) -> Result<SecretString, IssuerError> {
        let new = match self {
            Self::File(path) if !path.exists() => Some(path.clone()),
            Self::Kept if self.find(folder)?.is_none() => Some(beside(folder)),
            _ => None,
        };
        if let Some(path) = new {
            let text = Zeroizing::new(random_text(RANDOM)?);
            write_private(&path, text.as_bytes())?;
        }
        let text = self.find(folder)?;
        let text = text.ok_or_else(|| IssuerError::Locked(folder.into()))?;
        if text.expose_secret().chars().count() < LEAST {
            return Err(IssuerError::Rule(format!(
                "a passphrase has at least {LEAST} letters: a few words that belong to no saying"
            )));
        }
        Ok(text)
    }
}

impl Issuer {
    /// Encrypts keys that an older program left plain. Gives how many there were.
    ///
    /// # Errors
    /// [`IssuerError`] when something cannot be read or written.
    pub fn encrypt_keys(folder: &Path, passphrase: &Passphrase) -> Result<usize, IssuerError> {
        let _ = Self::open_records(folder)?;
        let passphrase = passphrase.find_or_make(folder)?;
        let lock = if Lock::is_at(folder) {
            Lock::open(folder, &passphrase)?
        } else {
            Lock::make(folder, &passphrase)?
        };
        Keys::encrypt(folder, &lock)
    }

    /// Closes the keys of a folder, the issuer's or one on a USB stick, with another passphrase.
    ///
    /// # Errors
    /// [`IssuerError`] when the old one does not open them, or something cannot be written.
    pub fn change_passphrase(
        folder: &Path,
        old: &Passphrase,
        new: &Passphrase,
    ) -> Result<(), IssuerError> {
        let locked = || IssuerError::Locked(folder.into());
        let old = old.find(folder)?.ok_or_else(locked)?;
        let lock = Lock::open(folder, &old)?;
        lock.keep(folder, &new.find_or_make(folder)?)?;
        // The random one that lay beside opens nothing any more.
        let beside = beside(folder);
        if matches!(new, Passphrase::Typed(_)) && beside.exists() {
            std::fs::remove_file(&beside).map_err(|error| file(&beside, &error))?;
        }
        Ok(())
    }
}

/// A lock that is open.
pub(super) struct Lock(age::x25519::Identity);

impl Lock {
    pub(super) fn is_at(folder: &Path) -> bool {
        folder.join(FILE).exists()
    }

    /// Makes a lock in a folder that has none.
    pub(super) fn make(folder: &Path, passphrase: &SecretString) -> Result<Self, IssuerError> {
        let lock = Self(age::x25519::Identity::generate());
        lock.keep(folder, passphrase)?;
        Ok(lock)
    }

    /// Writes the lock, closed with a passphrase.
    pub(super) fn keep(&self, folder: &Path, passphrase: &SecretString) -> Result<(), IssuerError> {
        let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
        let text = passphrase.expose_secret();
        // As the program makes them; of whatever a person chose, age takes its second.
        if text.len() >= RANDOM && text.bytes().all(|c| CROCKFORD.contains(&c)) {
            recipient.set_work_factor(LIGHT);
        }
        let identity = self.0.to_string();
        let sealed = age::encrypt(&recipient, identity.expose_secret().as_bytes());
        let sealed = sealed.map_err(|error| problem(folder, error))?;
        write_private(&folder.join(FILE), &sealed)
    }

    /// Opens the lock of a folder.
    pub(super) fn open(folder: &Path, passphrase: &SecretString) -> Result<Self, IssuerError> {
        let path = folder.join(FILE);
        let sealed = read(&path)?;
        let wrong = || IssuerError::Passphrase(folder.into());
        let identity = age::scrypt::Identity::new(passphrase.clone());
        let plain = unseal(&identity, &sealed).map_err(|error| match error {
            age::DecryptError::DecryptionFailed | age::DecryptError::NoMatchingKeys => wrong(),
            error => problem(&path, error),
        })?;
        let text = std::str::from_utf8(&plain).map_err(|_| wrong())?;
        let identity = text.trim().parse().map_err(|said| problem(&path, said))?;
        Ok(Self(identity))
    }

    pub(super) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, IssuerError> {
        age::encrypt(&self.0.to_public(), plain).map_err(|error| problem(Path::new(FILE), error))
    }

    /// Opens a file that was read from `path`.
    pub(super) fn unseal(
        &self,
        sealed: &[u8],
        path: &Path,
    ) -> Result<Zeroizing<Vec<u8>>, IssuerError> {
        unseal(&self.0, sealed).map_err(|error| problem(path, error))
    }
}

pub(super) fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

fn unseal(
    identity: &dyn age::Identity,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, age::DecryptError> {
    let decryptor = age::Decryptor::new_buffered(sealed)?;
    let reader = decryptor.decrypt(std::iter::once(identity))?;
    // Room at once: a vector that grows leaves copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.take(sealed.len() as u64).read_to_end(&mut plain)?;
    Ok(plain)
}

/// A small file, whole.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, IssuerError> {
    let opened = std::fs::File::open(path).map_err(|error| file(path, &error))?;
    let room = usize::try_from(MOST).unwrap_or(usize::MAX) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let length = opened.take(MOST + 1).read_to_end(&mut bytes);
    if length.map_err(|error| file(path, &error))? as u64 > MOST {
        return Err(problem(path, "is too long for a key or a passphrase"));
    }
    Ok(bytes)
}

/// The passphrase in a file that others cannot read.
fn read_private(path: &Path) -> Result<SecretString, IssuerError> {
    let meta = std::fs::metadata(path).map_err(|error| file(path, &error))?;
    if meta.permissions().mode() & 0o077 != 0 {
        return Err(IssuerError::Exposed(path.into()));
    }
    first_line(path)
}

fn first_line(path: &Path) -> Result<SecretString, IssuerError> {
    let bytes = read(path)?;
    let text = std::str::from_utf8(&bytes).ok();
    let line = text.and_then(|text| text.lines().next());
    line.filter(|line| !line.is_empty())
        .map(SecretString::from)
        .ok_or_else(|| problem(path, "has no passphrase in its first line"))
}

fn problem(path: &Path, said: impl ToString) -> IssuerError {
    IssuerError::File {
        path: path.into(),
        problem: said.to_string(),
    }
}
