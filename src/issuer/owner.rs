//! What the owner's pages know and do, beside passes and links.

use super::{Issuer, IssuerError, Notice, store::Counts};

/// Letters and digits that an owner's code has at least: these pages may stand in the open internet.
const LEAST_CODE: usize = 8;
/// A session ends after so many seconds.
const SESSION: u64 = 12 * 3600;

impl Issuer {
    /// Id, Korean and English name.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn about(&self) -> Result<(String, Option<String>, Option<String>), IssuerError> {
        let name = |setting| {
            Ok::<_, IssuerError>(Some(self.store.text(setting)?).filter(|name| !name.is_empty()))
        };
        Ok((self.store.text("id")?, name("name_ko")?, name("name_en")?))
    }

    /// The shop's name in both languages, as it stands on a card.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn shop_name(&self) -> Result<String, IssuerError> {
        let (_, ko, en) = self.about()?;
        let names: Vec<String> = [ko, en].into_iter().flatten().collect();
        Ok(names.join(" "))
    }

    /// Whether the owner's code was chosen.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn has_owner(&self) -> Result<bool, IssuerError> {
        Ok(!self.store.text("owner_code")?.is_empty())
    }

    /// Forgets the owner's code: a new one is chosen at the page that the service shows when it starts.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn forget_owner(&self) -> Result<(), IssuerError> {
        self.set_owner("")
    }

    /// Keeps the hash of the owner's code ([`crate::passcode::hash`], which takes its time). All sessions end.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn set_owner(&self, hash: &str) -> Result<(), IssuerError> {
        self.store.set("owner_code", hash)?;
        self.store.end_session(None)
    }

    /// The hash that the owner's code is compared with; empty before one was chosen.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn owner_hash(&self) -> Result<String, IssuerError> {
        self.store.text("owner_code")
    }

    /// Begins a session after a right code.
    ///
    /// # Errors
    /// What SQLite said, or no random numbers.
    pub fn welcome(&self, now: u64) -> Result<String, IssuerError> {
        let (cookie, csrf) = (
            super::store::random_text(32)?,
            super::store::random_text(32)?,
        );
        self.store
            .begin_session(&cookie, &csrf, now + SESSION, now)?;
        Ok(cookie)
    }

    /// The CSRF token of a session that goes on.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn session(&self, cookie: &str, now: u64) -> Result<Option<String>, IssuerError> {
        self.store.session(cookie, now)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn goodbye(&self, cookie: &str) -> Result<(), IssuerError> {
        self.store.end_session(Some(cookie))
    }

    /// What the owner should know, the newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn notices(&self, most: u32) -> Result<Vec<Notice>, IssuerError> {
        self.store.notices(most)
    }

    /// Tells the owner something.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn tell(&self, kind: &str, detail: &str, now: u64) -> Result<(), IssuerError> {
        self.store.notice(kind, detail, now)
    }

    /// Tells the owner something, unless that was the last thing that he was told within the hour.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn notice_once(&self, kind: &str, now: u64) -> Result<(), IssuerError> {
        let told = self.store.notices(1)?;
        if told
            .first()
            .is_some_and(|last| last.kind == kind && now < last.at + 3600)
        {
            return Ok(());
        }
        self.store.notice(kind, "", now)
    }

    /// How many passes are good now, and how many were issued on each of the last days.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn counts(&self, days: u16, now: u64) -> Result<Counts, IssuerError> {
        self.store.counts(days, now)
    }
}

/// Why a code is not taken as the owner's.
#[must_use]
pub fn is_weak(code: &str) -> bool {
    let letters: Vec<char> = code.chars().collect();
    let same = letters.iter().all(|c| Some(c) == letters.first());
    let row = letters
        .windows(2)
        .all(|pair| u32::from(pair[1]) == u32::from(pair[0]) + 1);
    letters.len() < LEAST_CODE || same || row
}
