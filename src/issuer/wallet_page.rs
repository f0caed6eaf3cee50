//! The wallet page: its files are in the program, for the service here or for any static host.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// The wallet page as it is.
#[derive(RustEmbed)]
#[folder = "assets/wallet"]
#[exclude = "*.md"]
pub(super) struct Wallet;

/// What the page may reach when its host is the service.
const OWN: &str = "connect-src 'self';";
/// Where the name of another service goes.
const HEAD: &str = "<meta charset=\"utf-8\" />";
const WORKER: &str = "sw.js";
const VERSION: &str = "const version = \"";

/// A file of the page: its name, with `/`, and its bytes.
pub type PageFile = (String, Vec<u8>);

/// The page's files for another host: they ask the service at `origin` (`https://host`, no slash at the end), and nobody
/// else.
///
/// # Errors
/// When the files in this program are not those that this code knows.
pub fn for_host(origin: &str) -> Result<Vec<PageFile>, String> {
    let mut files: Vec<PageFile> = Wallet::iter()
        .filter_map(|name| Some((name.to_string(), Wallet::get(&name)?.data.into_owned())))
        .collect();
    let own = format!("connect-src 'self' {origin};");
    let head = format!("{HEAD}\n    <meta name=\"munjigi-service\" content=\"{origin}\" />");
    change(&mut files, "index.html", &[(OWN, &own), (HEAD, &head)])?;
    // A phone takes the page anew when the worker's version is another one.
    let worker = text(&files, WORKER)?.into_owned();
    let (old, new) = (part(&worker, VERSION, "\"")?, version(&files)?);
    change(&mut files, WORKER, &[(old, &new)])?;
    Ok(files)
}

/// The version of the worker: over the names and bytes of the files that it keeps, in its order.
fn version(files: &[PageFile]) -> Result<String, String> {
    let worker = text(files, WORKER)?;
    let list = part(&worker, "const files = [", "]")?;
    let mut hash = Sha256::new();
    for name in list.split('"').skip(1).step_by(2) {
        let file = if name == "./" { "index.html" } else { name };
        hash.update(name);
        hash.update(bytes(files, file)?);
    }
    let mut version = hex::encode(hash.finalize());
    version.truncate(12);
    Ok(version)
}

fn bytes<'a>(files: &'a [PageFile], name: &str) -> Result<&'a [u8], String> {
    let file = files.iter().find(|(file, _)| file == name);
    file.map(|(_, bytes)| bytes.as_slice())
        .ok_or_else(|| format!("the wallet page has no {name}"))
}

fn text<'a>(files: &'a [PageFile], name: &str) -> Result<Cow<'a, str>, String> {
    bytes(files, name).map(String::from_utf8_lossy)
}

fn part<'a>(text: &'a str, before: &str, after: &str) -> Result<&'a str, String> {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map(|(part, _)| part)
        .ok_or_else(|| format!("the wallet page has no {before}"))
}

/// Puts something else in the place of texts that are there once.
fn change(files: &mut [PageFile], name: &str, pairs: &[(&str, &str)]) -> Result<(), String> {
    let mut changed = text(files, name)?.into_owned();
    for (old, new) in pairs {
        if changed.matches(old).count() != 1 {
            return Err(format!("{name} of the wallet page has not one {old}"));
        }
        changed = changed.replace(old, new);
    }
    for (_, bytes) in files.iter_mut().filter(|(file, _)| file == name) {
        *bytes = changed.clone().into_bytes();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_for_another_host_knows_its_service_and_has_a_version_of_its_own() {
        let own: Vec<PageFile> = Wallet::iter()
            .map(|name| {
                (
                    name.to_string(),
                    Wallet::get(&name).unwrap().data.into_owned(),
                )
            })
            .collect();
        let worker = text(&own, WORKER).unwrap();
        let said = part(&worker, VERSION, "\"").unwrap();
        assert_eq!(said, version(&own).unwrap(), "as in the page here");

        let files = for_host("https://pass.example.org").unwrap();
        assert_eq!(files.len(), own.len());
        let index = text(&files, "index.html").unwrap();
        assert!(index.contains("connect-src 'self' https://pass.example.org;"));
        assert!(
            index.contains(r#"<meta name="munjigi-service" content="https://pass.example.org" />"#)
        );
        // Relative, so that any folder will do.
        assert!(!index.contains("=\"/"));
        let there = text(&files, WORKER).unwrap();
        let new = part(&there, VERSION, "\"").unwrap();
        assert_eq!(new, version(&files).unwrap());
        assert_ne!(new, said);
        assert_ne!(for_host("https://b.example").unwrap(), files);
        // Everything else is as it was.
        let same = |name: &str| bytes(&files, name).unwrap() == bytes(&own, name).unwrap();
        assert!(same("main.js") && same("lib/jsqr.js") && same("manifest.webmanifest"));
    }
}
