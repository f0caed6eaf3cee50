//! What the staff pages want to know or to have done, and the answers.

use zeroize::Zeroizing;

use crate::{
    gate::Standing,
    pass::{Service, Verdict},
    store::{Blocked, Entry, Role, StaffCheck},
};

/// A question to the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Has anybody a code?
    HasStaff,
    /// Whose code is this?
    Check(Zeroizing<String>),
    /// This is the owner's code from now on, unless there is one.
    First(Zeroizing<String>),
    /// Rows of a day.
    Rows(Rows),
    /// Is this pass blocked here?
    BlockOf(String),
    /// Block this pass here.
    Block {
        /// Who wants it.
        who: String,
        /// The pass number.
        number: String,
        /// One of [`crate::store::WHY`].
        why: &'static str,
    },
    /// Take a block back: the owner's right, and that of whoever made it.
    Unblock {
        /// Who wants it.
        who: String,
        /// The pass number.
        number: String,
    },
    /// Every block; who looks is recorded.
    Blocked(String),
    /// Every issuer, how it stands and what its repository said last.
    Issuers,
    /// Let an issuer open this door for a service, or not: the owner's right.
    Choose {
        /// Who wants it.
        who: String,
        /// The issuer's id.
        issuer: String,
        /// The service.
        service: Service,
        /// Whether its passes shall open.
        open: bool,
    },
}

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// Who looks: it is recorded.
    pub who: String,
    /// Seoul day, days since 1970-01-01.
    pub day: i64,
    /// Only this result.
    pub verdict: Option<Verdict>,
    /// Page of [`super::PAGE`] rows, from 0.
    pub page: u64,
}

/// What the store says.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Request::HasStaff`].
    HasStaff(bool),
    /// To [`Request::Check`].
    Checked(StaffCheck),
    /// To [`Request::First`]: `false` when somebody has a code already.
    Set(bool),
    /// To [`Request::Rows`]: the rows, newest first, and how many there are on all pages.
    Rows(Rows, Vec<Entry>, u64),
    /// To [`Request::BlockOf`], [`Request::Block`] and [`Request::Unblock`]: how the pass stands now.
    BlockOf(String, Option<Blocked>),
    /// To [`Request::Blocked`], newest first.
    Blocked(Vec<Blocked>),
    /// To [`Request::Issuers`] and [`Request::Choose`]: how they stand now.
    Issuers(Vec<Issuer>),
    /// The data folder does not answer.
    Failed,
}

/// Who is at the pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// A label, such as "helper 1".
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// An issuer as staff see it. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Its id.
    pub id: String,
    /// Korean name, where given.
    pub ko: Option<String>,
    /// English name, where given.
    pub en: Option<String>,
    /// Every service, in the order of [`Service::ALL`].
    pub services: [Stand; 3],
    /// Its keys.
    pub keys: Vec<KeyLine>,
    /// The lists that its keys name.
    pub lists: Vec<ListLine>,
    /// The repository that brings it.
    pub repository: Repository,
}

/// One service of an issuer at this door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// Which.
    pub service: Service,
    /// By the issuer's own word.
    pub standing: Standing,
    /// By the owner's: who forbade it.
    pub forbidden: Option<String>,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Hexadecimal.
    pub kid: String,
    /// What it signs passes for.
    pub services: Vec<Service>,
    /// From then on it counts no more.
    pub verify_until: u64,
    /// Nothing that it signed counts.
    pub distrusted: bool,
}

/// A status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLine {
    /// Its URI.
    pub uri: String,
    /// Number of passes; 0 when it is not here.
    pub passes: usize,
    /// When it was made; `None` when it is not here.
    pub iat: Option<u64>,
}

/// Where an issuer's files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// How its anchor begins.
    pub anchor: String,
    /// A folder or an address.
    pub from: String,
    /// When what is in force was taken.
    pub updated: u64,
    /// When the first of its metadata expires.
    pub expires: Option<i64>,
    /// The last try, if it failed: when, and why.
    pub failed: Option<(u64, String)>,
}
