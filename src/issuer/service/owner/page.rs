//! What all of the owner's pages share.

use axum::{
    Form,
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::{Session, set_cookie, text, text::Words};
use crate::{
    gate::age,
    issuer::{last_day, service::State},
};

/// A year in seconds.
const YEAR: u64 = 31_536_000;

/// A page with its frame; `session` is `None` before the login.
pub(super) fn page(
    words: &'static Words,
    session: Option<&Session>,
    here: &str,
    title: &str,
    body: &Markup,
) -> Markup {
    let links = [
        ("/owner/", words.today),
        ("/owner/issue", words.issue),
        ("/owner/passes", words.passes),
        ("/owner/kiosks", words.kiosks),
    ];
    html! {
        (DOCTYPE)
        html lang=(words.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/owner/style.css";
                link rel="icon" href="/icon.svg";
            }
            body {
                header {
                    b { (words.title) }
                    @if session.is_some() {
                        nav {
                            @for (to, name) in links {
                                a href=(to) aria-current=[(to == here).then_some("page")] { (name) }
                            }
                        }
                    }
                    span.end {}
                    // A page that is shown once has no way back to it.
                    @if !here.is_empty() {
                        form method="post" action="/owner/language" {
                            input type="hidden" name="to" value=(words.other.0);
                            input type="hidden" name="back" value=(here);
                            button.quiet { (words.other.1) }
                        }
                    }
                    @if let Some(session) = session {
                        form method="post" action="/owner/logout" {
                            (csrf(session))
                            button.quiet { (words.log_out) }
                        }
                    }
                }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

/// The hidden field without which no form is taken.
pub(super) fn csrf(session: &Session) -> Markup {
    html! { input type="hidden" name="csrf" value=(session.csrf); }
}

/// A second in Seoul, as people read it.
pub(super) fn moment(unix: u64) -> String {
    let day = age::date_of(age::seoul_day(unix)).map_or_else(String::new, |date| date.to_string());
    let minutes = unix.saturating_add(9 * 3600) % 86_400 / 60;
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// The last day of a pass that ends at a midnight, else its last minute.
pub(super) fn last(exp: u64) -> String {
    if age::midnight(age::seoul_day(exp)) == exp {
        last_day(exp)
    } else {
        moment(exp)
    }
}

pub(super) async fn style() -> impl IntoResponse {
    let style = include_str!("../../../../assets/owner/style.css");
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        style,
    )
}

#[derive(Deserialize)]
pub(super) struct LanguageForm {
    to: String,
    back: String,
}

/// Remembers a language; no secret and no session is touched.
pub(super) async fn language(app: State, Form(form): Form<LanguageForm>) -> Response {
    let to = if form.to == "en" { "en" } else { "ko" };
    let known = [
        "/owner/",
        "/owner/issue",
        "/owner/passes",
        "/owner/kiosks",
        "/owner/login",
    ];
    let back = known.into_iter().find(|page| *page == form.back);
    (
        set_cookie(&app, text::COOKIE, to, YEAR),
        Redirect::to(back.unwrap_or("/owner/")),
    )
        .into_response()
}
