//! Why trust did not come in from where it is kept: told apart, so that staff know what to do. What was in force stays.

use serde::Serialize;

use super::TrustError;

/// Letters of a detail at most: parts of it are what a server said.
const MOST_DETAIL: usize = 300;

/// What kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// No way to the server: no name, no connection, or it broke off.
    Network,
    /// The network answers in the server's place and wants somebody to sign in first.
    Portal,
    /// The server's certificate does not hold by this kiosk's clock, and the clock is wrong.
    Clock,
    /// The server's certificate is not one that this machine takes.
    Certificate,
    /// The server answers, but not with the repository.
    Server,
    /// The repository came and does not hold.
    Refused,
    /// The folder or stick cannot be read.
    Folder,
    /// What came cannot be stored here.
    Storage,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Network,
        Self::Portal,
        Self::Clock,
        Self::Certificate,
        Self::Server,
        Self::Refused,
        Self::Folder,
        Self::Storage,
    ];

    /// The name in the database and in events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Portal => "portal",
            Self::Clock => "clock",
            Self::Certificate => "certificate",
            Self::Server => "server",
            Self::Refused => "refused",
            Self::Folder => "folder",
            Self::Storage => "storage",
        }
    }

    /// What went wrong, as a sentence without its end.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Network => "the issuer's server cannot be reached",
            Self::Portal => "this network wants somebody to sign in first",
            Self::Clock => "this kiosk's clock is wrong",
            Self::Certificate => "the server's certificate is not trusted",
            Self::Server => "the server does not give the repository",
            Self::Refused => "the repository is refused",
            Self::Folder => "the folder cannot be read",
            Self::Storage => "the update cannot be stored",
        }
    }

    /// What to do.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Network => {
                "Is the router on, and the cable in? The kiosk tries again by itself; a stick with the repository works too."
            }
            Self::Portal => {
                "Sign in to this network once with a browser, or use one without a sign-in page."
            }
            Self::Clock => "Set the clock with timedatectl, or let the network set it.",
            Self::Certificate => {
                "Is the address right? On a network with a sign-in page, sign in; else ask the issuer to renew the certificate."
            }
            Self::Server => {
                "Is the address right? Tell the issuer; the kiosk tries again by itself."
            }
            Self::Refused => "What was in force stays. Ask the issuer to publish again.",
            Self::Folder => "Is the stick in, and does it hold metadata/ and targets/?",
            Self::Storage => "Is the disk full? Run munjigi doctor.",
        }
    }
}

/// A failed update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What kind.
    pub class: Class,
    /// What exactly: one line, at most 300 letters.
    pub detail: String,
}

impl Problem {
    /// Control characters and what is too long go: a server may have written it.
    #[must_use]
    pub fn new(class: Class, detail: impl ToString) -> Self {
        let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
        let detail = detail.to_string();
        Self {
            class,
            detail: detail.chars().take(MOST_DETAIL).map(plain).collect(),
        }
    }
}

impl From<TrustError> for Problem {
    fn from(error: TrustError) -> Self {
        match error {
            TrustError::Road(problem) => problem,
            error @ TrustError::File { .. } => Self::new(Class::Folder, error),
            TrustError::Repository(reason) => Self::new(Class::Refused, reason),
            error => Self::new(Class::Refused, error),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.class.sentence(), self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_and_what_a_server_said_is_one_short_line() {
        let names: std::collections::BTreeSet<_> =
            Class::ALL.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), Class::ALL.len());
        let problem = Problem::new(Class::Server, format!("a\nb\u{1b}[2J{}", "문".repeat(400)));
        assert_eq!(problem.detail.chars().count(), MOST_DETAIL);
        assert!(problem.detail.starts_with("a b [2J문"));
    }
}
