//! The text of the code that lets a kiosk trust an issuer: where its repository is, and the hash of its root.
//!
//! `MJT1:` and Base32 (RFC 4648 section 6, without padding; QR codes have a short form for these letters) of
//!
//! | bytes | what |
//! |---|---|
//! | 2 | version of the root, big-endian |
//! | 32 | SHA-256 of that root's file: the anchor |
//! | 1 to 200 | URL of the repository; of `https://` these letters are left out |
//! | 2 | first bytes of the SHA-256 of all before, against mistyping |

use std::num::NonZeroU16;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use url::Url;

use super::place::{MOST_URL, Place};

/// How it begins.
pub const PREFIX: &str = "MJT1:";
/// Letters of a text at most, spaces and all.
const MOST_TEXT: usize = 1024;
/// Bytes before the URL, and behind it.
const HEAD: usize = 34;
const CHECK: usize = 2;
const HTTPS: &str = "https://";

/// What a kiosk needs to trust an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Where the repository is.
    pub url: Url,
    /// Version of the root that is named.
    pub root: NonZeroU16,
    /// SHA-256 of the file of that root.
    pub anchor: [u8; 32],
}

/// Why a text is no pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Something else.
    #[error("this is no code of an issuer: it begins with MJT1:")]
    Other,
    /// Letters are wrong or missing.
    #[error("letters of this code are wrong or missing")]
    Mistyped,
    /// What it holds is not taken.
    #[error("the address in this code {0}")]
    Url(&'static str),
}

impl Pin {
    /// The name of the root's file in the repository.
    #[must_use]
    pub fn root_file(&self) -> String {
        format!("metadata/{}.root.json", self.root)
    }
}

/// Writes the text of a code; `None` where the URL is one that no kiosk takes.
#[must_use]
pub fn compose(pin: &Pin) -> Option<String> {
    let url = match Place::parse(pin.url.as_str()) {
        Ok(Place::Url(url)) => url,
        _ => return None,
    };
    let mut bytes = pin.root.get().to_be_bytes().to_vec();
    bytes.extend(pin.anchor);
    bytes.extend(url.as_str().trim_start_matches(HTTPS).as_bytes());
    let check = Sha256::digest(&bytes);
    bytes.extend(&check[..CHECK]);
    Some(format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes)))
}

/// Reads the text of a code. Small letters, white space and hyphens are for people and count for nothing.
///
/// # Errors
/// [`PinError`].
pub fn parse(text: &str) -> Result<Pin, PinError> {
    if text.len() > MOST_TEXT {
        return Err(PinError::Other);
    }
    let plain = |letter: &char| !letter.is_whitespace() && *letter != '-';
    let text: String = text.chars().filter(plain).collect();
    let text = text.to_ascii_uppercase();
    let code = text.strip_prefix(PREFIX).ok_or(PinError::Other)?;
    let bytes = BASE32_NOPAD
        .decode(code.as_bytes())
        .map_err(|_| PinError::Mistyped)?;
    let (bytes, check) = bytes
        .split_last_chunk::<CHECK>()
        .ok_or(PinError::Mistyped)?;
    if Sha256::digest(bytes)[..CHECK] != *check {
        return Err(PinError::Mistyped);
    }
    let (head, url) = bytes
        .split_first_chunk::<HEAD>()
        .ok_or(PinError::Mistyped)?;
    let (root, anchor) = head.split_at(2);
    let root = <[u8; 2]>::try_from(root).map(u16::from_be_bytes);
    let root = root
        .ok()
        .and_then(NonZeroU16::new)
        .ok_or(PinError::Mistyped)?;
    let anchor = anchor.try_into().map_err(|_| PinError::Mistyped)?;
    let url = std::str::from_utf8(url).map_err(|_| PinError::Mistyped)?;
    if url.len() > MOST_URL {
        return Err(PinError::Url("is longer than 200 letters"));
    }
    let whole = if url.contains("://") {
        url.to_owned()
    } else {
        format!("{HTTPS}{url}")
    };
    match Place::parse(&whole) {
        Ok(Place::Url(url)) => Ok(Pin { url, root, anchor }),
        Ok(Place::Folder(_)) => Err(PinError::Url("is none")),
        Err(problem) => Err(PinError::Url(problem)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pin(url: &str) -> Pin {
        Pin {
            url: Url::parse(url).unwrap(),
            root: NonZeroU16::MIN,
            anchor: std::array::from_fn(|n| n as u8),
        }
    }

    #[test]
    fn a_code_is_short_and_comes_back_as_people_type_it() {
        let pin = pin("https://pass.example.org/trust/");
        let text = compose(&pin).unwrap();
        assert!(text.len() <= 108, "{} letters", text.len());
        let alphanumeric =
            |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == ':';
        assert!(text.chars().all(alphanumeric), "{text}");
        assert_eq!(parse(&text), Ok(pin.clone()));
        let typed: Vec<_> = text
            .as_bytes()
            .chunks(5)
            .map(String::from_utf8_lossy)
            .collect();
        assert_eq!(
            parse(&format!(" {} \n", typed.join("- ").to_lowercase())),
            Ok(pin)
        );
        assert_eq!(
            parse("https://pass.example.org/trust/"),
            Err(PinError::Other)
        );
        assert_eq!(parse("MJ1:AAAA"), Err(PinError::Other));
        assert_eq!(parse("MJT1:"), Err(PinError::Mistyped));
        for at in PREFIX.len()..text.len() {
            let other = if text.as_bytes()[at] == b'A' {
                "B"
            } else {
                "A"
            };
            let wrong = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            assert_eq!(parse(&wrong), Err(PinError::Mistyped), "letter {at}");
        }
    }

    #[test]
    fn an_address_that_no_kiosk_takes_is_in_no_code() {
        assert_eq!(compose(&pin("http://pass.example.org/")), None);
        // As somebody else would write it.
        for url in [
            "http://pass.example.org/",
            "https://a:b@c/",
            "file:///etc/",
            "",
            &"a".repeat(201),
        ] {
            let mut bytes = vec![0, 1];
            bytes.extend([7; 32]);
            bytes.extend(url.as_bytes());
            let check = Sha256::digest(&bytes);
            bytes.extend(&check[..CHECK]);
            let text = format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes));
            assert!(matches!(parse(&text), Err(PinError::Url(_))), "{url}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_read_makes_it_fail(text in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&text);
            let _ = parse(&format!("{PREFIX}{text}"));
            if let Ok(pin) = parse(&format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes))) {
                prop_assert!(compose(&pin).is_some());
            }
        }

        #[test]
        fn what_is_written_is_read(
            root in 1..=u16::MAX,
            anchor in any::<[u8; 32]>(),
            host in "[a-z]{1,20}\\.[a-z]{2,8}",
            port in any::<Option<u16>>(),
            path in "(/[a-zA-Z0-9_.~-]{1,12}){0,4}",
        ) {
            let port = port.map_or(String::new(), |port| format!(":{port}"));
            let Ok(Place::Url(url)) = Place::parse(&format!("https://{host}{port}{path}")) else {
                return Err(TestCaseError::fail("an address"));
            };
            let pin = Pin { url, root: NonZeroU16::new(root).unwrap(), anchor };
            let text = compose(&pin).unwrap();
            prop_assert_eq!(parse(&text), Ok(pin));
        }
    }
}
