//! Where a repository is: a folder, or a URL.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use url::{Host, Url};

/// Letters of a URL at most.
pub const MOST_URL: usize = 200;

/// Where a repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder with `metadata/` and `targets/`.
    Folder(PathBuf),
    /// A URL under which both are; it ends with a slash.
    Url(Url),
}

impl Place {
    /// Reads what people give: with `://` it is a URL, else a folder.
    ///
    /// # Errors
    /// What is wrong with the URL.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains("://") {
            url(text).map(Self::Url)
        } else {
            Ok(Self::Folder(text.into()))
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Url(url) => url.fmt(f),
        }
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::Folder(path.into())
    }
}

/// The URL of a repository.
fn url(text: &str) -> Result<Url, &'static str> {
    if text.len() > MOST_URL {
        return Err("is longer than 200 letters");
    }
    let mut url = Url::parse(text).map_err(|_| "is no URL")?;
    if !is_fetched(&url) {
        return Err("is not https:// (http:// is for this machine alone)");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name or password in it");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a question mark or a number sign in it");
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Whether anything may be fetched from there: nobody on the way can read or keep back a single file.
pub(super) fn is_fetched(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether it stays on this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_https_or_of_this_machine() {
        for (text, is) in [
            (
                "https://Pass.example.org/trust",
                "https://pass.example.org/trust/",
            ),
            (
                "https://pass.example.org:8443",
                "https://pass.example.org:8443/",
            ),
            (
                "http://localhost:8080/trust/",
                "http://localhost:8080/trust/",
            ),
            ("http://127.0.0.9/", "http://127.0.0.9/"),
            ("http://[::1]:1/", "http://[::1]:1/"),
            ("/media/stick/repo", "/media/stick/repo"),
            ("repo", "repo"),
        ] {
            assert_eq!(Place::parse(text).unwrap().to_string(), is);
        }
        for text in [
            "http://pass.example.org/",
            "http://localhost.example.org/",
            "http://10.0.0.1/",
            "ftp://pass.example.org/",
            "file:///etc/",
            "https://",
            "https://owner:code@pass.example.org/",
            "https://pass.example.org/?a=b",
            "https://pass.example.org/#a",
            &format!("https://pass.example.org/{}", "a".repeat(MOST_URL)),
        ] {
            assert!(Place::parse(text).is_err(), "{text}");
        }
    }
}
