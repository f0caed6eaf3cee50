//! The code that lets a kiosk trust this issuer.

use std::num::NonZeroU16;

use axum::http::HeaderMap;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Failure, Session, page, text::words};
use crate::{
    issuer::{service::State, sheet},
    pass::symbol::{Medium, Symbol},
    trust::{
        pin::{self, Pin},
        place::Place,
    },
};

pub(super) async fn page(
    app: State,
    session: Session,
    headers: HeaderMap,
) -> Result<Markup, Failure> {
    let words = words(&headers);
    let root = tokio::fs::read(app.repository.join("metadata/root.json")).await;
    let text = root.ok().and_then(|root| code(&root, &app.origin));
    let symbol = text.as_deref().map(|text| Symbol::of(text, Medium::Screen));
    let body = html! {
        @if let (Some(text), Some(Ok(symbol))) = (&text, &symbol) {
            div.card.ready {
                div.code { (PreEscaped(sheet::svg(symbol))) }
                p { (words.kiosk_note) }
                p.pin { (text) }
                p.quiet { (words.kiosk_care) }
            }
        } @else {
            p { (words.kiosk_none) }
        }
    };
    let here = "/owner/kiosks";
    Ok(page::page(
        words,
        Some(&session),
        here,
        words.kiosk_title,
        &body,
    ))
}

#[derive(Deserialize)]
struct Root {
    signed: Signed,
}

#[derive(Deserialize)]
struct Signed {
    version: NonZeroU16,
}

/// The text of the code: the newest root, and where it is served.
fn code(root: &[u8], origin: &str) -> Option<String> {
    let version = serde_json::from_slice::<Root>(root).ok()?.signed.version;
    let Ok(Place::Url(url)) = Place::parse(&format!("{origin}/trust/")) else {
        return None;
    };
    pin::compose(&Pin {
        url,
        root: version,
        anchor: Sha256::digest(root).into(),
    })
}
