//! Passes: find, revoke, suspend.

use axum::{
    Form,
    extract::{Path, Query},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    Failure, Session, page,
    text::{Words, words},
};
use crate::issuer::{
    Pass,
    service::{State, now},
};

const MOST: u32 = 50;
/// Letters that are looked for at most.
const SEARCH: usize = 40;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    done: bool,
}

pub(super) async fn page(
    app: State,
    session: Session,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Markup, Failure> {
    let words = words(&headers);
    let search: String = asked.q.chars().take(SEARCH).collect();
    let shown = search.clone();
    let passes = app
        .desk
        .ask(move |issuer| issuer.passes(&search, MOST))
        .await?;
    let body = html! {
        @if asked.done { p.done role="status" { (words.changed) } }
        form.row method="get" action="/owner/passes" {
            input name="q" value=(shown) placeholder=(words.number) aria-label=(words.number) autocapitalize="characters";
            button { (words.find) }
        }
        @if passes.is_empty() { p.quiet { (words.none) } }
        ul.passes {
            @for pass in &passes { (row(words, &session, pass)) }
        }
        @if !passes.is_empty() { p.quiet { (words.revoke_sure) } }
    };
    Ok(page::page(
        words,
        Some(&session),
        "/owner/passes",
        words.passes,
        &body,
    ))
}

fn row(words: &'static Words, session: &Session, pass: &Pass) -> Markup {
    let state = pass.state.name();
    let over = pass.exp <= now();
    html! {
        li {
            div {
                b.number { (pass.number) }
                span.state.(state) { ((words.state)(state)) }
                p.quiet {
                    ((words.service)(&pass.service)) " · " ((words.kind)(&pass.kind)) " · "
                    ((words.until)(&page::last(pass.exp))) " · " ((words.attested)(&pass.attested))
                    @if let Some(visits) = pass.visits { " · " ((words.visits)(visits)) }
                }
                // Behind a tap, so that a list of passes stays short.
                details.note {
                    summary { @if pass.note.is_empty() { (words.add_note) } @else { (pass.note) } }
                    form method="post" action=(format!("/owner/passes/{}", pass.number)) {
                        (page::csrf(session))
                        input name="note" value=(pass.note) maxlength="40" autocomplete="off" aria-label=(words.note);
                        button.quiet name="act" value="note" { (words.save) }
                    }
                    p.quiet { (words.note_rule) }
                }
            }
            @if state != "revoked" && !over {
                form method="post" action=(format!("/owner/passes/{}", pass.number)) {
                    (page::csrf(session))
                    @if state == "suspended" {
                        button.quiet name="act" value="lift" { (words.lift) }
                    } @else {
                        button.quiet name="act" value="suspend" { (words.suspend) }
                    }
                    // It cannot be taken back: a second tap, on a button that was not there before.
                    details.sure {
                        summary { (words.revoke) }
                        button.danger name="act" value="revoke" { (words.revoke_now) }
                    }
                }
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ChangeForm {
    csrf: String,
    act: Act,
    #[serde(default)]
    note: String,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Revoke,
    Suspend,
    Lift,
    Note,
}

pub(super) async fn change(
    app: State,
    session: Session,
    Path(number): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, Failure> {
    session.sent(&form.csrf)?;
    let named = number.clone();
    app.desk
        .ask(move |issuer| match form.act {
            Act::Revoke => issuer.revoke(&named, now()),
            Act::Suspend => issuer.suspend(&named, true, now()),
            Act::Lift => issuer.suspend(&named, false, now()),
            Act::Note => issuer.set_note(&named, &form.note),
        })
        .await?;
    if form.act == Act::Note {
        return Ok(Redirect::to(&format!("/owner/passes?q={number}")).into_response());
    }
    app.publisher.changed();
    Ok(Redirect::to(&format!("/owner/passes?q={number}&done=true")).into_response())
}
