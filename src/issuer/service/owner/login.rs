//! The owner's code: chosen once by the address that the service shows, then typed.

use axum::{
    Extension, Form,
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    COOKIE, Failure, Session,
    page::page as frame,
    set_cookie,
    text::{Words, words},
};
use crate::{
    issuer::{
        IssuerError,
        desk::DeskError,
        owner,
        service::{App, State, limits::From, now},
    },
    passcode,
};

/// The cookie lives as long as the session at most.
const SESSION: u64 = 12 * 3600;

pub(super) async fn page(app: State, headers: HeaderMap) -> Result<Response, Failure> {
    let words = words(&headers);
    let problem = match app.desk.ask(|issuer| issuer.has_owner()).await? {
        true => None,
        false => Some(words.no_owner.to_owned()),
    };
    Ok(form(words, problem).into_response())
}

fn form(words: &'static Words, problem: Option<String>) -> Markup {
    let body = html! {
        (said(problem))
        form.card method="post" action="/owner/login" {
            label { (words.owner_code) input type="password" name="code" autocomplete="current-password" required autofocus; }
            button { (words.log_in) }
        }
    };
    frame(words, None, "/owner/login", words.log_in, &body)
}

fn said(problem: Option<String>) -> Markup {
    html! { @if let Some(problem) = problem { p.problem role="alert" { (problem) } } }
}

#[derive(Deserialize)]
pub(super) struct LoginForm {
    code: Zeroizing<String>,
}

pub(super) async fn login(
    app: State,
    Extension(from): Extension<From>,
    headers: HeaderMap,
    Form(typed): Form<LoginForm>,
) -> Result<Response, Failure> {
    let words = words(&headers);
    let wrong = match app.limits.charge(from.0, now()) {
        Ok(wrong) => wrong,
        Err(until) => {
            let seconds = until.saturating_sub(now()).max(1);
            let page = form(words, Some((words.locked)(seconds)));
            return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
        }
    };
    let hash = app.desk.ask(|issuer| issuer.owner_hash()).await?;
    if !aside(move || passcode::matches(&typed.code, &hash)).await? {
        if passcode::locked_until(wrong, 0).is_some() {
            let times = wrong.to_string();
            app.desk
                .ask(move |issuer| issuer.tell("login-locked", &times, now()))
                .await?;
        }
        let page = form(words, Some(words.wrong.to_owned()));
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    }
    app.limits.welcome(from.0);
    welcome(&app).await
}

async fn welcome(app: &App) -> Result<Response, Failure> {
    let cookie = app.desk.ask(|issuer| issuer.welcome(now())).await?;
    Ok((
        set_cookie(app, COOKIE, &cookie, SESSION),
        Redirect::to("/owner/"),
    )
        .into_response())
}

/// Hashing takes its time: not on a thread that serves.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::Desk(DeskError::Gone))
}

#[derive(Deserialize)]
pub(super) struct LogoutForm {
    csrf: String,
}

pub(super) async fn logout(
    app: State,
    session: Session,
    Form(form): Form<LogoutForm>,
) -> Result<Response, Failure> {
    session.sent(&form.csrf)?;
    let cookie = session.cookie;
    app.desk.ask(move |issuer| issuer.goodbye(&cookie)).await?;
    Ok((
        set_cookie(&app, COOKIE, "", 0),
        Redirect::to("/owner/login"),
    )
        .into_response())
}

#[derive(Deserialize)]
pub(super) struct Secret {
    #[serde(default)]
    secret: String,
}

pub(super) async fn setup_page(headers: HeaderMap, Query(asked): Query<Secret>) -> Markup {
    setup_form(words(&headers), &asked.secret, None)
}

fn setup_form(words: &'static Words, secret: &str, problem: Option<&str>) -> Markup {
    let body = html! {
        (said(problem.map(str::to_owned)))
        form.card method="post" action="/owner/setup" {
            input type="hidden" name="secret" value=(secret);
            p.quiet { (words.choose_rule) }
            label { (words.owner_code) input type="password" name="code" autocomplete="new-password" minlength="8" required autofocus; }
            label { (words.again) input type="password" name="again" autocomplete="new-password" minlength="8" required; }
            button { (words.save) }
        }
    };
    frame(words, None, "", words.choose, &body)
}

#[derive(Deserialize)]
pub(super) struct SetupForm {
    secret: String,
    code: Zeroizing<String>,
    again: Zeroizing<String>,
}

pub(super) async fn setup(
    app: State,
    headers: HeaderMap,
    Form(form): Form<SetupForm>,
) -> Result<Response, Failure> {
    let words = words(&headers);
    let refused = |status, problem| {
        Ok((status, setup_form(words, &form.secret, Some(problem))).into_response())
    };
    let known = app.setup.lock().is_ok_and(|secret| {
        secret
            .as_ref()
            .is_some_and(|secret| **secret == form.secret)
    });
    if !known {
        return refused(StatusCode::GONE, words.setup_over);
    }
    if owner::is_weak(&form.code) {
        return refused(StatusCode::BAD_REQUEST, words.weak);
    }
    if form.code != form.again {
        return refused(StatusCode::BAD_REQUEST, words.differ);
    }
    let code = form.code.clone();
    let hash = aside(move || passcode::hash(&code)).await?;
    let hash = hash.map_err(|_| DeskError::Issuer(IssuerError::Random))?;
    // Used up now: of two that come together one is too late.
    let first = app
        .setup
        .lock()
        .is_ok_and(|mut secret| secret.take().is_some());
    if !first {
        return refused(StatusCode::GONE, words.setup_over);
    }
    app.desk.ask(move |issuer| issuer.set_owner(&hash)).await?;
    welcome(&app).await
}
