//! How many passes are good, what was issued, what the owner should know.

use axum::{Form, http::HeaderMap, response::Redirect};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Failure, Session, chart, page, text::words};
use crate::issuer::service::{State, now};

const DAYS: u16 = 14;
const NOTICES: u32 = 20;
const LINKS: u32 = 30;

pub(super) async fn page(
    app: State,
    session: Session,
    headers: HeaderMap,
) -> Result<Markup, Failure> {
    let words = words(&headers);
    let (counts, notices, links) = app
        .desk
        .ask(|issuer| {
            Ok((
                issuer.counts(DAYS, now())?,
                issuer.notices(NOTICES)?,
                issuer.open_links(LINKS, now())?,
            ))
        })
        .await?;
    let body = html! {
        section {
            h2 { (words.good_now) }
            @if counts.good.is_empty() { p.quiet { (words.none) } }
            div.tiles {
                @for (service, kind, count) in &counts.good {
                    div.tile { b { (count) } span { ((words.service)(service)) " · " ((words.kind)(kind)) } }
                }
            }
        }
        section {
            h2 { (words.issued_days) }
            (chart::bars(&counts.issued, words.issued_days))
        }
        @if !links.is_empty() {
            section {
                h2 { (words.links) }
                ul.passes {
                    @for link in &links {
                        li {
                            div {
                                ((words.service)(&link.service)) " · " ((words.until)(&page::moment(link.until)))
                                @if !link.note.is_empty() { p.quiet { (link.note) } }
                            }
                            form method="post" action="/owner/withdraw" {
                                (page::csrf(&session))
                                input type="hidden" name="id" value=(link.id);
                                button.quiet { (words.withdraw) }
                            }
                        }
                    }
                }
            }
        }
        section {
            h2 { (words.notices) }
            @if notices.is_empty() { p.quiet { (words.nothing) } }
            ul.notices {
                @for notice in &notices {
                    li { time { (page::moment(notice.at)) } " " ((words.notice)(&notice.kind, &notice.detail)) }
                }
            }
        }
    };
    Ok(page::page(
        words,
        Some(&session),
        "/owner/",
        words.today,
        &body,
    ))
}

#[derive(Deserialize)]
pub(super) struct WithdrawForm {
    csrf: String,
    id: String,
}

/// Ends a link that nobody used.
pub(super) async fn withdraw(
    app: State,
    session: Session,
    Form(form): Form<WithdrawForm>,
) -> Result<Redirect, Failure> {
    session.sent(&form.csrf)?;
    app.desk
        .ask(move |issuer| issuer.withdraw(&form.id))
        .await?;
    Ok(Redirect::to("/owner/"))
}
