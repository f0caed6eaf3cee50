//! A network with a sign-in page (RFC 8952 calls it captive) answers in every server's place. What can be told without
//! asking anybody but the repository's own host: over plain HTTP such a network sends to its page, or says status 511
//! (RFC 6585 section 6). What it says is a hint for staff and nothing else: anybody on the way may have said it.

use std::time::Duration;

use jiff::fmt::rfc2822;
use url::Url;

use crate::http;

/// How long the question may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Network Authentication Required.
const SIGN_IN: u16 = 511;

/// What answered in the clear.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Where it wants people to sign in.
    pub(super) sign_in: Option<String>,
    /// Its time, seconds since 1970.
    pub(super) date: Option<u64>,
}

/// Asks the host of a repository in the clear.
pub(super) fn ask(url: &Url, port: u16) -> Answer {
    let Some(host) = url.host_str() else {
        return Answer::default();
    };
    let agent = http::agent(PATIENCE, None);
    let Ok(response) = agent.get(format!("http://{host}:{port}/")).call() else {
        return Answer::default();
    };
    let header = |name| {
        let value = response.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    Answer {
        sign_in: sign_in(response.status().as_u16(), header("location"), url),
        date: header("date").and_then(date),
    }
}

/// Where an answer sends people to sign in, if it does.
fn sign_in(status: u16, location: Option<&str>, asked: &Url) -> Option<String> {
    let to = location.and_then(|to| asked.join(to).ok());
    let to = to.filter(|to| matches!(to.scheme(), "http" | "https"));
    let host = to.as_ref().and_then(Url::host_str);
    match (status, host) {
        (SIGN_IN, host) => Some(host.unwrap_or("its own page").to_owned()),
        (300..=399, Some(host)) if owner(host) != owner(asked.host_str()?) => Some(host.to_owned()),
        _ => None,
    }
}

/// The part of a name that has one owner: a server may well send to another name of its own.
fn owner(host: &str) -> &str {
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return host;
    }
    let parts: Vec<&str> = host.rsplitn(4, '.').collect();
    // Such as co.kr: everybody's.
    let shared = parts.len() > 2 && parts[0].len() == 2 && parts[1].len() <= 3;
    let own = parts.iter().take(if shared { 3 } else { 2 });
    let length: usize = own.map(|part| part.len() + 1).sum();
    &host[host.len().saturating_sub(length.saturating_sub(1))..]
}

/// A header `Date` (RFC 9110 section 5.6.7).
fn date(text: &str) -> Option<u64> {
    let time = rfc2822::parse(text).ok()?.timestamp().as_second();
    u64::try_from(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_page_is_somebody_elses() {
        let asked = Url::parse("https://pass.example.org/trust/").unwrap();
        let sends = |status, to| sign_in(status, to, &asked);
        for to in [
            "http://192.168.0.1/login?to=x",
            "http://login.cafe.example/",
            "//login.cafe.example",
            "https://example.com/",
        ] {
            assert!(sends(302, Some(to)).is_some(), "{to}");
        }
        // As any server sends from http to https, or to its front page.
        for to in [
            "https://pass.example.org/",
            "https://www.example.org/",
            "https://example.org/",
            "/start",
            "mailto:a@b.example",
        ] {
            assert_eq!(sends(301, Some(to)), None, "{to}");
        }
        assert_eq!(sends(302, None), None);
        assert_eq!(sends(200, Some("http://login.cafe.example/")), None);
        assert_eq!(sends(511, None).as_deref(), Some("its own page"));
    }

    #[test]
    fn names_of_one_owner() {
        for (host, is) in [
            ("a.pass.example.org", "example.org"),
            ("example.org", "example.org"),
            ("abc.com", "abc.com"),
            ("pass.hanbit.co.kr", "hanbit.co.kr"),
            ("hanbit.co.kr", "hanbit.co.kr"),
            ("login.kr", "login.kr"),
            ("localhost", "localhost"),
            ("10.0.0.1", "10.0.0.1"),
            ("[2001:db8::1]", "[2001:db8::1]"),
            ("", ""),
        ] {
            assert_eq!(owner(host), is);
        }
    }

    #[test]
    fn dates_are_read() {
        assert_eq!(date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(date("yesterday"), None);
    }
}
