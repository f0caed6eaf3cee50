//! An issuer of one's own: keys, passes, status list, trust repository. [`service`] lets wallets fetch passes by links and the
//! owner look after them in a browser. A folder holds it all:
//!
//! ```text
//! issuer.db    what was issued: number, place in the list, service, kind, dates. No name, no birth date.
//! lock.age     opens the keys, with the passphrase that is kept elsewhere ([`lock`])
//! pass.key     signs passes and status lists (Ed25519 seed, hexadecimal, encrypted), and those that follow it
//! publish.key  signs the repository's targets, snapshot and timestamp
//! root.key     signs the root: needed only to change keys; may be kept elsewhere
//! root.json    the trust anchor that kiosks pin; those before it are in roots/
//! ```

pub mod desk;
mod error;
mod export;
mod keys;
pub mod link;
pub mod lock;
pub mod owner;
mod publish;
mod renew;
pub mod root;
mod rotate;
mod rules;
pub mod service;
pub mod sheet;
mod store;
pub mod wallet_page;

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::{
    gate::age,
    pass::{
        HolderKey, Kind, Service, Services, StatusRef,
        compose::{self, Claims, LONGEST_LIVE},
    },
};

pub use error::IssuerError;
pub use store::{Counts, KeyInfo, Notice, OpenLink, Pass, State};

use keys::{Keys, Use};
use lock::{Lock, Passphrase};
use rules::{Promise, Validity, check, raised, services};
use store::{NewPass, Store};

/// The longest pass in days.
const LONGEST_DAYS: u64 = 366;
/// A pass that ended is listed for so long; then it is erased, with the owner's note.
const REMEMBERED: u64 = 366 * DAY;
const DAY: u64 = 86_400;

/// What an issuer is made with.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// Its id in verdicts and logs: 1 to 32 of a-z, 0-9 and -.
    pub id: String,
    /// Korean name.
    pub name_ko: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// Passes that each of its status lists has room for, a multiple of 8, at most 2^24.
    pub entries: u32,
    /// Bits for each pass in a list: 2 where passes may be suspended, else 1.
    pub bits: u8,
}

impl Default for IssuerSettings {
    fn default() -> Self {
        Self {
            id: "shop".into(),
            name_ko: None,
            name_en: None,
            entries: 1 << 20,
            bits: 2,
        }
    }
}

/// To whom a pass is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A wallet with this key: a live pass.
    Holder(HolderKey),
    /// Paper or a card.
    Printed,
}

/// Why it may be used. Only days go into a pass, never a birth date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Eligibility {
    /// 14 or older already, for the entry service.
    Over14,
    /// Adult already, for the adult service.
    Adult,
    /// From this Seoul day (days since 1970-01-01) on, for the entry or adult service.
    From(i64),
    /// By the birth date, which is forgotten at once.
    Born(Date),
    /// An opaque payment reference, for the store service.
    Reference([u8; 8]),
}

/// A pass that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueRequest {
    /// The one service: services must not link.
    pub service: Service,
    /// To whom.
    pub subject: Subject,
    /// Why.
    pub eligibility: Eligibility,
    /// Until when, a midnight in Seoul (see [`midnight_after`]), seconds since 1970.
    pub exp: u64,
    /// Good for so many visits at each door; none is without limit.
    pub visits: Option<u8>,
    /// What the owner wants to remember by it, at most 40 letters. No name belongs here.
    pub note: String,
    /// Who checked the age and how: [`OWN_EYES`], or the name of an identity service.
    pub attested: String,
}

/// The issuer has seen the person or a document.
pub const OWN_EYES: &str = "own-eyes";

/// A pass that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its number.
    pub number: String,
    /// What it opens.
    pub service: Service,
    /// The signed credential: what goes into the wallet, or, for a printed pass, into the code.
    pub credential: Vec<u8>,
    /// Until when, seconds since 1970.
    pub exp: u64,
    /// For how many visits, if there is a limit.
    pub visits: Option<u8>,
}

/// The Seoul midnight that ends the day which is `days` days after `at` (seconds since 1970).
#[must_use]
pub fn midnight_after(at: u64, days: i64) -> u64 {
    age::midnight(age::seoul_day(at) + days + 1)
}

/// The last day of a pass that ends at a midnight (seconds since 1970), as people read it.
#[must_use]
pub fn last_day(exp: u64) -> String {
    let day = age::date_of(age::seoul_day(exp.saturating_sub(1)));
    day.map_or_else(|| "-".into(), |day| day.to_string())
}

/// `nbf` of a live pass with a window: none once it has begun, since the code has little room.
fn begins(window: Option<u64>, now: u64) -> Option<u64> {
    window.filter(|from| *from > now)
}

/// An open issuer's folder.
pub struct Issuer {
    folder: PathBuf,
    store: Store,
    keys: Keys,
    /// Closes keys that are made; an old folder may have none.
    lock: Option<Lock>,
}

impl Issuer {
    /// Makes an issuer in a new or empty folder, with a random passphrase in the file [`lock::beside`] it. `now` is in seconds
    /// since 1970.
    ///
    /// # Errors
    /// As [`Issuer::create_with`].
    pub fn create(folder: &Path, settings: IssuerSettings, now: u64) -> Result<Self, IssuerError> {
        Self::create_with(folder, settings, &Passphrase::Kept, None, now)
    }

    /// Makes an issuer whose keys are closed with a passphrase. The root's key is made in the folder `offline`, where given:
    /// a USB stick.
    ///
    /// # Errors
    /// [`IssuerError`] when the settings are out of range, there is one already, or a folder cannot be written.
    pub fn create_with(
        folder: &Path,
        settings: IssuerSettings,
        passphrase: &Passphrase,
        offline: Option<&Path>,
        now: u64,
    ) -> Result<Self, IssuerError> {
        check(&settings)?;
        keys::make_folder(folder)?;
        if folder.join(store::FILE).exists() {
            return Err(IssuerError::There(folder.into()));
        }
        let passphrase = passphrase.find_or_make(folder)?;
        let lock = Lock::make(folder, &passphrase)?;
        let mut keys = Keys::default();
        let pass = keys.make(Use::Pass, folder, Some(&lock))?;
        let publish = keys.make(Use::Publish, folder, Some(&lock))?;
        let root = match offline {
            None => keys.make(Use::Root, folder, Some(&lock))?,
            Some(offline) => root::key_at(offline, &passphrase)?,
        };
        root::make(folder, &root, &publish, now)?;
        let store = Store::create(folder, &settings, now)?;
        store.keep_key(&rotate::from_day(&pass, age::seoul_day(now)))?;
        Ok(Self {
            folder: folder.into(),
            store,
            keys,
            lock: Some(lock),
        })
    }

    /// Opens an issuer that was made before, with the passphrase that is kept for it ([`Passphrase::Kept`]).
    ///
    /// # Errors
    /// As [`Issuer::open_with`].
    pub fn open(folder: &Path) -> Result<Self, IssuerError> {
        Self::open_with(folder, &Passphrase::Kept)
    }

    /// Opens an issuer that was made before.
    ///
    /// # Errors
    /// [`IssuerError`] when there is none, its files cannot be read, or the passphrase is missing or wrong.
    pub fn open_with(folder: &Path, passphrase: &Passphrase) -> Result<Self, IssuerError> {
        let mut issuer = Self::open_records(folder)?;
        if Lock::is_at(folder) {
            let passphrase = passphrase
                .find(folder)?
                .ok_or_else(|| IssuerError::Locked(folder.into()))?;
            issuer.lock = Some(Lock::open(folder, &passphrase)?);
        }
        issuer.keys = Keys::read(folder, issuer.lock.as_ref())?;
        issuer.first_key()?;
        Ok(issuer)
    }

    /// Opens an issuer without its keys: enough to look at passes, and to revoke and suspend them.
    ///
    /// # Errors
    /// [`IssuerError`] when there is none, or its database cannot be read.
    pub fn open_records(folder: &Path) -> Result<Self, IssuerError> {
        if !folder.join(store::FILE).exists() {
            return Err(IssuerError::Missing(folder.into()));
        }
        Ok(Self {
            folder: folder.into(),
            store: Store::open(folder)?,
            keys: Keys::default(),
            lock: None,
        })
    }

    /// The trust anchor that kiosks pin.
    #[must_use]
    pub fn root_file(&self) -> PathBuf {
        self.folder.join(ROOT)
    }

    /// Whether keys stand in their files unencrypted, as older programs left them.
    #[must_use]
    pub const fn has_plain_keys(&self) -> bool {
        self.keys.are_plain()
    }

    /// Issues a pass. Number and place in the list are random: neither tells how many passes there are.
    ///
    /// # Errors
    /// [`IssuerError`] when the request breaks a rule, the list is full, or nothing could be written.
    pub fn issue(&mut self, request: IssueRequest, now: u64) -> Result<Issued, IssuerError> {
        let services = Services {
            visits: rules::visits(request.visits)?,
            ..services(request.service, &request.eligibility, request.exp, now)?
        };
        let promise = Promise {
            service: request.service,
            services,
            validity: Validity::Until(request.exp),
            note: rules::note(&request.note)?,
            attested: request.attested,
        };
        self.sign_new(request.subject, &promise, now)
    }

    /// Issues many passes alike, all of them or none: they are written together.
    ///
    /// # Errors
    /// As [`Issuer::issue`].
    pub fn issue_many(
        &mut self,
        request: &IssueRequest,
        count: usize,
        now: u64,
    ) -> Result<Vec<Issued>, IssuerError> {
        self.begin()?;
        let issued = (0..count)
            .map(|_| self.issue(request.clone(), now))
            .collect();
        match issued {
            Ok(issued) => self.commit().map(|()| issued),
            Err(error) => self.store.batch("ROLLBACK").and(Err(error)),
        }
    }

    /// Takes a number and signs.
    fn sign_new(
        &mut self,
        subject: Subject,
        promise: &Promise,
        now: u64,
    ) -> Result<Issued, IssuerError> {
        // Before a number is used up.
        self.look_for_keys(now)?;
        let _ = self.signer(now)?;
        let today = age::seoul_day(now);
        let kind = match subject {
            Subject::Holder(_) => Kind::Live,
            Subject::Printed => Kind::Printed,
        };
        let holder = match subject {
            Subject::Holder(key) => Some(key),
            Subject::Printed => None,
        };
        let (window, exp, days) = match promise.validity {
            Validity::Until(exp) => (None, exp, None),
            Validity::Days(days) => (None, midnight_after(now, days.into()), Some(days)),
            Validity::Window(from, to) => (Some(from), to, None),
        };
        let nbf = match kind {
            Kind::Live => begins(window, now),
            Kind::Printed => Some(now),
        };
        let services = raised(&promise.services, today);
        // A phone's code has little room: what makes a pass longer is given a short place in the list.
        let near = kind == Kind::Live && (nbf.is_some() || services.visits.is_some());
        if kind == Kind::Live {
            let (number, place) = ("0".repeat(store::NUMBER), self.store.last_place(near)?);
            let longest = self.sign(number, place, exp, nbf, holder, services, now)?;
            if longest.credential.len() > LONGEST_LIVE {
                return Err(IssuerError::TooLarge);
            }
        }
        let new = NewPass {
            service: promise.service,
            kind,
            exp,
            holder: holder.as_ref().map(crate::wallet::holder_text),
            services: promise.services,
            // What is for some visits only ends.
            days: days.filter(|_| services.visits.is_none()),
            note: &promise.note,
            attested: &promise.attested,
            near,
        };
        let (number, place) = self.store.add(&new, now)?;
        self.sign(number, place, exp, nbf, holder, services, now)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the claims of a pass, and when it is signed"
    )]
    fn sign(
        &self,
        number: String,
        place: u64,
        exp: u64,
        nbf: Option<u64>,
        holder: Option<HolderKey>,
        services: Services,
        now: u64,
    ) -> Result<Issued, IssuerError> {
        let (uri, idx) = self.store.status_ref(place)?;
        let service = match services {
            Services { store: Some(_), .. } => Service::Store,
            Services { adult: Some(_), .. } => Service::Adult,
            _ => Service::Entry,
        };
        let claims = Claims {
            number: number.clone(),
            exp,
            nbf,
            holder,
            status: StatusRef { uri, idx },
            services,
        };
        Ok(Issued {
            number,
            service,
            credential: compose::credential(&claims, self.signer(now)?),
            exp,
            visits: services.visits,
        })
    }

    /// Ends a pass for good, at the kiosks after the next [`Issuer::publish`] that reaches them.
    ///
    /// # Errors
    /// [`IssuerError`] when there is no such pass or nothing could be written.
    pub fn revoke(&mut self, number: &str, now: u64) -> Result<(), IssuerError> {
        self.store.set_state(number, State::Revoked, now)
    }

    /// Suspends a pass, or lifts that.
    ///
    /// # Errors
    /// [`IssuerError`] when there is no such pass, it is revoked, or the list has one bit.
    pub fn suspend(&mut self, number: &str, suspended: bool, now: u64) -> Result<(), IssuerError> {
        let state = if suspended {
            State::Suspended
        } else {
            State::Valid
        };
        self.store.set_state(number, state, now)
    }

    /// Passes whose number begins with a text or whose note has it, newest first.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn passes(&self, search: &str, most: u32) -> Result<Vec<Pass>, IssuerError> {
        self.store.passes(search, most)
    }

    /// Changes what the owner wants to remember by a pass: at most 40 letters.
    ///
    /// # Errors
    /// [`IssuerError`] when the note is longer or there is no such pass.
    pub fn set_note(&self, number: &str, note: &str) -> Result<(), IssuerError> {
        self.store.set_note(number, &rules::note(note)?)
    }

    /// Writes the trust repository: `metadata/` and `targets/` in `repository`, each file whole, the one that names the
    /// others last. Kiosks read it from there, from a copy on a USB stick, or from any web server.
    ///
    /// # Errors
    /// [`IssuerError`] when nothing could be signed or written.
    pub fn publish(&mut self, repository: &Path, now: u64) -> Result<(), IssuerError> {
        self.store.forget_passes(now.saturating_sub(REMEMBERED))?;
        self.publish_to(repository, now)
    }
}

impl Issuer {
    /// A number that changes when another program has written into the database.
    fn data_version(&self) -> Result<i64, IssuerError> {
        self.store.data_version()
    }

    /// Begins a transaction that several requests share.
    fn begin(&self) -> Result<(), IssuerError> {
        self.store.batch("BEGIN IMMEDIATE")
    }

    /// Ends it; what cannot be written is taken back.
    fn commit(&self) -> Result<(), IssuerError> {
        self.store
            .batch("COMMIT")
            .or_else(|error| self.store.batch("ROLLBACK").and(Err(error)))
    }
}

/// The trust anchor's file.
const ROOT: &str = "root.json";

#[cfg(test)]
mod tests;
