//! Keys of passes come and go: a new one is announced before it signs, an old one goes on being verified, a stolen one is
//! distrusted.

use std::path::Path;

use ed25519_dalek::SigningKey;

use super::{
    Issuer, IssuerError, KeyInfo,
    keys::{self, Keys, Use},
    lock::{Lock, Passphrase},
};
use crate::gate::age;

/// A key signs passes for this many days.
const KEY_DAYS: i64 = 731;
/// And its passes are verified for so many days more: as long as the longest pass.
const VERIFY_DAYS: i64 = 366;
/// A new key is announced for so many days before it signs, so that every door knows it by then.
const AHEAD: i64 = 30;
/// A standby key waits for at most so many days.
const STANDBY_DAYS: i64 = 3653;

/// A key that signs from a day on.
pub(super) fn from_day(key: &SigningKey, first: i64) -> KeyInfo {
    let mut info = KeyInfo {
        public: key.verifying_key().to_bytes(),
        first,
        last: first,
        verify_until: 0,
        standby: false,
        distrusted: None,
    };
    until_day(&mut info, first + KEY_DAYS);
    info
}

fn until_day(key: &mut KeyInfo, last: i64) {
    key.last = last;
    key.verify_until = age::midnight(last + VERIFY_DAYS + 1);
}

impl Issuer {
    /// Every key of passes and lists, the newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn keys(&self) -> Result<Vec<KeyInfo>, IssuerError> {
        self.store.keys()
    }

    /// An issuer that was made by an older program: its one key is noted.
    pub(super) fn first_key(&self) -> Result<(), IssuerError> {
        if self.store.keys()?.is_empty()
            && let Some(key) = self.keys.of(Use::Pass).next()
        {
            let made = self.store.number("made")?;
            self.store.keep_key(&from_day(key, made))?;
        }
        Ok(())
    }

    /// Reads the key files again where the signer's is missing: another process may have made it meanwhile.
    pub(super) fn look_for_keys(&mut self, now: u64) -> Result<(), IssuerError> {
        match self.signer(now) {
            Err(IssuerError::NoKey(_)) => self.read_keys(),
            _ => Ok(()),
        }
    }

    pub(super) fn read_keys(&mut self) -> Result<(), IssuerError> {
        self.keys = Keys::read(&self.folder, self.lock.as_ref())?;
        Ok(())
    }

    /// The key that signs passes now: the newest whose time it is.
    pub(super) fn signer(&self, now: u64) -> Result<&SigningKey, IssuerError> {
        let today = age::seoul_day(now);
        let keys = self.store.keys()?;
        let info = keys.iter().find(|key| key.signs_on(today)).ok_or_else(|| {
            IssuerError::Rule(
                "no key may sign passes today: munjigi issuer rotate makes one".into(),
            )
        })?;
        self.private(info)
    }

    /// The key that signs lists now: that of passes, or one whose time it was. An issuer that issues nothing any more goes on
    /// revoking.
    pub(super) fn list_signer(&self, now: u64) -> Result<&SigningKey, IssuerError> {
        if let Ok(key) = self.signer(now) {
            return Ok(key);
        }
        let keys = self.store.keys()?;
        let mut trusted = keys
            .iter()
            .filter(|key| !key.standby && key.distrusted.is_none());
        let found = trusted.find_map(|key| self.private(key).ok());
        found.ok_or_else(|| IssuerError::NoKey("of passes".into()))
    }

    fn private(&self, info: &KeyInfo) -> Result<&SigningKey, IssuerError> {
        self.keys
            .find(Use::Pass, &info.public)
            .ok_or_else(|| IssuerError::NoKey(info.kid()))
    }

    /// Makes the key that takes over in 30 days, or on the next day on which there would be none. `offline` is a folder with
    /// a standby key, which is then that key. Gives what is known of it; doors know it after the next [`Issuer::publish`].
    ///
    /// # Errors
    /// [`IssuerError`] when a key waits already, or nothing could be written.
    pub fn rotate(
        &mut self,
        offline: Option<(&Path, &Passphrase)>,
        now: u64,
    ) -> Result<KeyInfo, IssuerError> {
        let today = age::seoul_day(now);
        let keys = self.store.keys()?;
        let waits = |key: &&KeyInfo| !key.standby && key.distrusted.is_none() && key.first > today;
        if let Some(waiting) = keys.iter().find(waits) {
            return Err(IssuerError::Rule(format!(
                "the key {} waits already to take over",
                waiting.kid()
            )));
        }
        let current = keys.iter().find(|key| key.signs_on(today)).cloned();
        let new = self.successor(offline)?;
        // Without a key that signs today there is nothing to wait for.
        let first = current.as_ref().map_or(today, |_| today + AHEAD);
        let new = from_day(&new, first);
        self.begin()?;
        let kept = current
            .map_or(Ok(()), |mut current| {
                until_day(&mut current, first - 1);
                self.store.keep_key(&current)
            })
            .and_then(|()| self.store.keep_key(&new));
        match kept {
            Ok(()) => self.commit().map(|()| new),
            Err(error) => self.store.batch("ROLLBACK").and(Err(error)),
        }
    }

    /// Makes a key that doors know and that signs nothing until it is needed. Its private half is kept in the folder `offline`.
    ///
    /// # Errors
    /// [`IssuerError`] when nothing could be written.
    pub fn standby(
        &mut self,
        offline: &Path,
        passphrase: &Passphrase,
        now: u64,
    ) -> Result<KeyInfo, IssuerError> {
        let own = std::fs::canonicalize(&self.folder).ok();
        if own.is_some() && std::fs::canonicalize(offline).ok() == own {
            return Err(IssuerError::Rule(
                "a standby key is kept apart from the others: give another folder".into(),
            ));
        }
        keys::make_folder(offline)?;
        let passphrase = passphrase.find_or_make(&self.folder)?;
        let lock = if Lock::is_at(offline) {
            Lock::open(offline, &passphrase)?
        } else {
            Lock::make(offline, &passphrase)?
        };
        let key = Keys::default().make(Use::Pass, offline, Some(&lock))?;
        let mut info = from_day(&key, age::seoul_day(now));
        until_day(&mut info, age::seoul_day(now) + STANDBY_DAYS);
        info.standby = true;
        self.store.keep_key(&info)?;
        Ok(info)
    }

    /// Trusts a key no more: every pass that it signed ends at the doors with the next [`Issuer::publish`] that reaches them.
    /// Another key signs from now on; wallets get their passes by it when they renew. Gives that other key.
    ///
    /// # Errors
    /// [`IssuerError`] when there is no such key, or nothing could be written.
    pub fn distrust(
        &mut self,
        kid: &str,
        offline: Option<(&Path, &Passphrase)>,
        now: u64,
    ) -> Result<KeyInfo, IssuerError> {
        let keys = self.store.keys()?;
        let meant: Vec<&KeyInfo> = keys.iter().filter(|key| key.kid() == kid).collect();
        let [key] =
            <[&KeyInfo; 1]>::try_from(meant).map_err(|_| IssuerError::UnknownKey(kid.into()))?;
        let today = age::seoul_day(now);
        let mut distrusted = key.clone();
        distrusted.distrusted = distrusted.distrusted.or(Some(now));
        let rest = |other: &&KeyInfo| {
            other.public != key.public && !other.standby && other.distrusted.is_none()
        };
        let next = match keys.iter().filter(rest).find(|other| other.signs_on(today)) {
            Some(other) => other.clone(),
            // One that waits need not wait any more: its passes are good as soon as doors hear of this one.
            None => match keys.iter().filter(rest).find(|other| other.first > today) {
                Some(waiting) => KeyInfo {
                    first: today,
                    ..waiting.clone()
                },
                None => from_day(&self.successor(offline)?, today),
            },
        };
        self.begin()?;
        let kept = self
            .store
            .keep_key(&distrusted)
            .and_then(|()| self.store.keep_key(&next));
        match kept {
            Ok(()) => self.commit().map(|()| next),
            Err(error) => self.store.batch("ROLLBACK").and(Err(error)),
        }
    }

    /// The private key of the next key: a standby key from its folder, or a new one.
    fn successor(
        &mut self,
        offline: Option<(&Path, &Passphrase)>,
    ) -> Result<SigningKey, IssuerError> {
        let Some((folder, passphrase)) = offline else {
            return self.keys.make(Use::Pass, &self.folder, self.lock.as_ref());
        };
        let passphrase = passphrase.find(&self.folder)?;
        let (there, _) = keys::elsewhere(folder, passphrase.as_ref())?;
        let known = self.store.keys()?;
        let standby = there.of(Use::Pass).find(|key| {
            let public = key.verifying_key().to_bytes();
            let waits = |known: &KeyInfo| known.standby && known.distrusted.is_none();
            known
                .iter()
                .any(|known| known.public == public && waits(known))
        });
        let standby = standby.ok_or_else(|| {
            IssuerError::Rule(format!(
                "{} has no standby key of this issuer",
                folder.display()
            ))
        })?;
        self.keys
            .adopt(Use::Pass, standby, &self.folder, self.lock.as_ref())?;
        Ok(standby.clone())
    }
}
