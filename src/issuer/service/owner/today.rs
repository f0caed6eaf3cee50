//! How many passes are good, what was issued, what the owner should know.

use axum::http::HeaderMap;
use maud::{Markup, html};

use super::{Failure, Session, chart, page, text::words};
use crate::issuer::service::{State, now};

const DAYS: u16 = 14;
const NOTICES: u32 = 20;

pub(super) async fn page(
    app: State,
    session: Session,
    headers: HeaderMap,
) -> Result<Markup, Failure> {
    let words = words(&headers);
    let (counts, notices) = app
        .desk
        .ask(|issuer| Ok((issuer.counts(DAYS, now())?, issuer.notices(NOTICES)?)))
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
