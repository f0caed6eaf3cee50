//! The owner's pages: plain HTML that works without scripts. Everything that changes something is a form with the session's
//! CSRF token.

mod chart;
mod issue;
mod kiosks;
mod login;
mod page;
mod passes;
mod text;
mod today;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{App, now, problem::Problem};
use crate::issuer::desk::DeskError;

/// What these pages may do: show themselves. No script, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";
/// The session's cookie.
const COOKIE: &str = "munjigi";

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/owner", get(async || Redirect::to("/owner/")))
        .route("/owner/", get(today::page))
        .route("/owner/style.css", get(page::style))
        .route("/owner/language", post(page::language))
        .route("/owner/setup", get(login::setup_page).post(login::setup))
        .route("/owner/login", get(login::page).post(login::login))
        .route("/owner/logout", post(login::logout))
        .route("/owner/issue", get(issue::page).post(issue::issue))
        .route("/owner/withdraw", post(today::withdraw))
        .route("/owner/kiosks", get(kiosks::page))
        .route("/owner/passes", get(passes::page))
        .route("/owner/passes/{number}", post(passes::change))
        .layer(middleware::map_response(async |mut response: Response| {
            let _ = response
                .headers_mut()
                .entry(header::CONTENT_SECURITY_POLICY)
                .or_insert(HeaderValue::from_static(POLICY));
            response
        }))
}

/// Somebody who has typed the owner's code.
pub(super) struct Session {
    cookie: String,
    csrf: String,
}

impl Session {
    /// Whether a form is of this session: nobody else's page can send it.
    fn sent(&self, csrf: &str) -> Result<(), Failure> {
        // In constant time: each byte is looked at.
        let differ = self
            .csrf
            .bytes()
            .zip(csrf.bytes())
            .fold(0, |all, (a, b)| all | (a ^ b));
        if self.csrf.len() == csrf.len() && differ == 0 {
            Ok(())
        } else {
            Err(Failure::Csrf)
        }
    }
}

impl FromRequestParts<Arc<App>> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let Some(cookie) = cookie(&parts.headers, COOKIE) else {
            return Err(Failure::NoSession);
        };
        let asked = cookie.clone();
        let csrf = app
            .desk
            .ask(move |issuer| issuer.session(&asked, now()))
            .await?;
        csrf.map(|csrf| Self { cookie, csrf })
            .ok_or(Failure::NoSession)
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// A cookie that no script and no other site gets.
fn set_cookie(
    app: &App,
    name: &str,
    value: &str,
    seconds: u64,
) -> [(header::HeaderName, String); 1] {
    let secure = if app.secure { "; Secure" } else { "" };
    [(
        header::SET_COOKIE,
        format!(
            "{name}={value}; Path=/owner; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
        ),
    )]
}

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Failure {
    NoSession,
    Csrf,
    Desk(DeskError),
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::Desk(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NoSession => Redirect::to("/owner/login").into_response(),
            Self::Csrf => Problem::new(
                StatusCode::FORBIDDEN,
                "csrf",
                "this form is not of your session: open the page again",
            )
            .into_response(),
            Self::Desk(error) => Problem::from(error).into_response(),
        }
    }
}
