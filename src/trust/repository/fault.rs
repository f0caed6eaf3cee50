//! What became of a request, as far as the client's error tells.

use std::io;

use rustls::CertificateError;
use ureq::Timeout;

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The name is not known here: nobody can be asked anything.
    Name,
    /// No connection, or it broke off.
    Network(String),
    /// The certificate's time is over, or not come yet, by this machine's clock.
    Time(String),
    /// The certificate is not one that this machine takes.
    Certificate(String),
    /// What answers does not speak TLS.
    Tls(String),
    /// What answers is no HTTP that can be read.
    Http(String),
}

impl Fault {
    pub(super) fn of(error: &ureq::Error) -> Self {
        use ureq::Error;
        match error {
            Error::HostNotFound | Error::Timeout(Timeout::Resolve) => Self::Name,
            Error::Timeout(_) => Self::Network("it does not answer in time".into()),
            Error::ConnectionFailed => Self::Network("no connection".into()),
            Error::Rustls(error) => Self::of_tls(error),
            Error::Io(error) => Self::of_io(error),
            other => Self::Http(other.to_string()),
        }
    }

    /// The same of a body that broke off.
    pub(super) fn of_io(error: &io::Error) -> Self {
        // The client hands on what TLS said inside its own errors, one within the other.
        let inner = error.get_ref();
        if let Some(tls) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return Self::of_tls(tls);
        }
        if let Some(inner) = inner.and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
            return Self::of(inner);
        }
        let cause = inner.and_then(|inner| inner.source());
        if let Some(tls) = cause.and_then(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Self::of_tls(tls);
        }
        Self::Network(match error.kind() {
            io::ErrorKind::ConnectionRefused => "the connection is refused".into(),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
                "the connection broke off".into()
            }
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                "it does not answer in time".into()
            }
            _ => error.to_string(),
        })
    }

    fn of_tls(error: &rustls::Error) -> Self {
        use CertificateError as Bad;
        match error {
            rustls::Error::InvalidCertificate(bad) => match bad {
                Bad::Expired | Bad::ExpiredContext { .. } => Self::Time("has expired".into()),
                Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                    Self::Time("is not valid yet".into())
                }
                Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                    Self::Certificate("is for another name".into())
                }
                Bad::UnknownIssuer => {
                    Self::Certificate("is by an authority that this machine does not know".into())
                }
                other => Self::Certificate(format!("does not hold: {other}")),
            },
            other => Self::Tls(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tls_said_is_found_inside() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let wrapped = io::Error::new(io::ErrorKind::InvalidData, tls.clone());
        let expired = Fault::Time("has expired".into());
        assert_eq!(Fault::of(&ureq::Error::Io(wrapped)), expired);
        let twice = io::Error::other(ureq::Error::Rustls(tls));
        assert_eq!(Fault::of(&ureq::Error::Io(twice)), expired);
        let gone = io::Error::from(io::ErrorKind::ConnectionReset);
        assert!(matches!(
            Fault::of(&ureq::Error::Io(gone)),
            Fault::Network(_)
        ));
        assert_eq!(Fault::of(&ureq::Error::HostNotFound), Fault::Name);
    }
}
