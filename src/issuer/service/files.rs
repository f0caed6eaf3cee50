//! Files: the wallet page, which is in the program, and the trust repository, which is in a folder.

use std::path::{Component, Path};

use axum::{
    body::Body,
    extract::{Path as Named, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::issuer::wallet_page::Wallet;

/// Bytes of a file of the repository at most: a status list of 2^24 passes has 4 MiB.
const MOST: u64 = 16 << 20;

/// What the wallet's page may do (Content Security Policy level 3): its own files, and a camera's picture.
const WALLET_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// A file of the wallet page.
pub(super) async fn wallet(uri: Uri, headers: HeaderMap) -> Response {
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let Some(file) = Wallet::get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = tag(&file.metadata.sha256_hash());
    let kind = file.metadata.mimetype().to_owned();
    let mut response = tagged(&headers, &tag, &kind, || file.data.into_owned().into());
    let _ = response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(WALLET_POLICY),
    );
    response
}

/// A file of the trust repository. Every target is signed by name and hash, so these may be copied and cached anywhere.
pub(super) async fn trust(
    State(app): super::State,
    Named(path): Named<String>,
    headers: HeaderMap,
) -> Response {
    let plain = Path::new(&path)
        .components()
        .all(|part| matches!(part, Component::Normal(name) if !name.as_encoded_bytes().starts_with(b".")));
    let file = app.repository.join(&path);
    let bytes = match tokio::fs::metadata(&file).await {
        Ok(known) if plain && known.is_file() && known.len() <= MOST => {
            tokio::fs::read(&file).await
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Ok(bytes) = bytes else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = if path.ends_with(".json") {
        "application/json"
    } else {
        "application/statuslist+cwt"
    };
    tagged(&headers, &tag(&Sha256::digest(&bytes)), kind, || {
        bytes.into()
    })
}

fn tag(hash: &[u8]) -> String {
    format!("\"{}\"", hex::encode(&hash[..16]))
}

/// The file, or that the asker has it already (RFC 9110 section 13.1.2).
fn tagged(headers: &HeaderMap, tag: &str, kind: &str, body: impl FnOnce() -> Body) -> Response {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().trim_start_matches("W/") == tag);
    let (status, body) = if known {
        (StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        (StatusCode::OK, body())
    };
    let described = [
        (header::ETAG, tag),
        (header::CONTENT_TYPE, kind),
        // To be asked each time whether it is still the same.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    let mut response = (status, body).into_response();
    for (name, value) in described {
        if let Ok(value) = HeaderValue::from_str(value) {
            let _ = response.headers_mut().insert(name, value);
        }
    }
    response
}

/// What every answer says to browsers.
pub(super) async fn safe_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), screen-wake-lock=(self), geolocation=(), microphone=()",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        let _ = headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        let _ = headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
