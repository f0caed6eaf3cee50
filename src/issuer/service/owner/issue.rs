//! Issuing: a link for a phone, or cards to print.

use axum::{
    Form,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::civil::{Date, DateTime};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::{
    Failure, Session, page,
    text::{Words, words},
};
use crate::{
    gate::age,
    issuer::{
        Eligibility, IssueRequest, Issuer, IssuerError, OWN_EYES, Subject,
        desk::DeskError,
        link::{Length, Link, LinkRequest},
        midnight_after,
        service::{State, now},
        sheet::{self, Card, Paper},
    },
    pass::{
        Service,
        symbol::{Medium, Symbol},
    },
};

/// A link is good for a day: it is sent now and opened soon.
const LINK: u64 = 86_400;
/// A card opens until its last day.
const PAPER_HOURS: &str = "cards have no hours: give a link";
/// Cards of one sheet at most.
const CARDS: u16 = 900;

pub(super) async fn page(session: Session, headers: HeaderMap) -> Markup {
    form(words(&headers), &session, None)
}

fn form(words: &'static Words, session: &Session, problem: Option<&str>) -> Markup {
    let body = html! {
        @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
        form.card method="post" action="/owner/issue" {
            (page::csrf(session))
            fieldset {
                legend { (words.which_service) }
                @for service in ["entry", "adult", "store"] {
                    label.choice { input type="radio" name="service" value=(service) checked[service == "entry"]; ((words.service)(service)) }
                }
            }
            fieldset {
                legend { (words.why) }
                label.choice { input type="radio" name="why" value="seen"; (words.seen) }
                label.choice { input type="radio" name="why" value="born"; (words.born) input type="date" name="born" aria-label=(words.born); }
                p.quiet { (words.born_note) }
            }
            fieldset.for-store {
                label { (words.reference) input name="reference" pattern="[0-9a-fA-F]{16}" autocomplete="off"; }
            }
            fieldset {
                legend { (words.how) }
                label.choice { input type="radio" name="how" value="link" checked; (words.by_link) }
                label.choice { input type="radio" name="how" value="paper"; (words.by_paper) }
                div.for-paper {
                    p.quiet { (words.paper_note) }
                    label.choice { input type="checkbox" name="card" value="true"; (words.card_size) }
                    label { (words.count) input type="number" name="count" min="1" max=(CARDS) value="1"; }
                }
                label { (words.days) input type="number" name="days" min="1" max="365" value="30"; }
                label.choice { input type="checkbox" name="once" value="true"; (words.once) }
                p.quiet { (words.once_note) }
            }
            details.for-link {
                summary { (words.window) }
                p.quiet { (words.window_note) }
                label.begins { (words.from) input type="datetime-local" name="from"; }
                label { (words.to) input type="datetime-local" name="to"; }
            }
            fieldset {
                label { (words.note) input name="note" maxlength="40" autocomplete="off"; }
                p.quiet { (words.note_rule) }
            }
            button { (words.make) }
        }
    };
    page::page(words, Some(session), "/owner/issue", words.issue, &body)
}

#[derive(Deserialize)]
pub(super) struct IssueForm {
    csrf: String,
    service: Service,
    /// Not asked for where the service is the store.
    why: Option<Why>,
    #[serde(default)]
    born: String,
    #[serde(default)]
    reference: String,
    how: How,
    /// Pages of card size instead of A4 sheets.
    #[serde(default)]
    card: bool,
    #[serde(default = "one")]
    count: u16,
    days: u16,
    /// Good for one visit.
    #[serde(default)]
    once: bool,
    #[serde(default)]
    note: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

const fn one() -> u16 {
    1
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Why {
    Seen,
    Born,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum How {
    Link,
    Paper,
}

impl IssueForm {
    /// The birth date lives in this form and in the request's memory only. One that was typed counts.
    fn eligibility(&self) -> Result<Eligibility, IssuerError> {
        let rule = |text: &str| IssuerError::Rule(text.into());
        let why = if self.born.is_empty() {
            self.why
        } else {
            Some(Why::Born)
        };
        Ok(match (self.service, why) {
            (Service::Store, _) if self.reference.is_empty() => {
                let mut reference = [0; 8];
                getrandom::fill(&mut reference).map_err(|_| IssuerError::Random)?;
                Eligibility::Reference(reference)
            }
            (Service::Store, _) => {
                let mut reference = [0; 8];
                hex::decode_to_slice(&self.reference, &mut reference)
                    .map_err(|_| rule("a payment reference has 16 hexadecimal digits"))?;
                Eligibility::Reference(reference)
            }
            (_, None) => return Err(rule("how the age was checked is missing")),
            (_, Some(Why::Born)) => {
                let born: Date = self
                    .born
                    .parse()
                    .map_err(|_| rule("the birth date is missing"))?;
                Eligibility::Born(born)
            }
            (Service::Adult, Some(Why::Seen)) => Eligibility::Adult,
            (Service::Entry, Some(Why::Seen)) => Eligibility::Over14,
        })
    }

    fn length(&self) -> Result<Length, IssuerError> {
        let second = |text: &str| {
            let at: DateTime = text
                .parse()
                .map_err(|_| IssuerError::Rule("a window needs its end".into()))?;
            let minutes =
                u64::try_from(i64::from(at.hour()) * 60 + i64::from(at.minute())).unwrap_or(0);
            Ok::<_, IssuerError>(age::midnight(age::day_of(at.date())) + minutes * 60)
        };
        // A store's pass begins now, and the form asks for no other beginning.
        let from = match self.service {
            Service::Store => "",
            _ => self.from.as_str(),
        };
        if from.is_empty() && self.to.is_empty() {
            return Ok(Length::Days(self.days));
        }
        let from = if from.is_empty() {
            now()
        } else {
            second(from)?
        };
        Ok(Length::Window(from, second(&self.to)?))
    }

    fn link(&self, issuer: &mut Issuer) -> Result<Link, IssuerError> {
        let request = LinkRequest {
            service: self.service,
            eligibility: self.eligibility()?,
            length: self.length()?,
            visits: self.once.then_some(1),
            note: self.note.clone(),
            valid: LINK,
            attested: OWN_EYES.into(),
        };
        issuer.make_link(request, now())
    }

    fn cards(&self, issuer: &mut Issuer) -> Result<Vec<Card>, IssuerError> {
        if !(self.from.is_empty() && self.to.is_empty()) {
            return Err(IssuerError::Rule(PAPER_HOURS.into()));
        }
        if !(1..=CARDS).contains(&self.count) {
            return Err(IssuerError::Rule(format!("1 to {CARDS} cards")));
        }
        let request = IssueRequest {
            service: self.service,
            subject: Subject::Printed,
            eligibility: self.eligibility()?,
            exp: midnight_after(now(), self.days.into()),
            visits: self.once.then_some(1),
            note: self.note.clone(),
            attested: OWN_EYES.into(),
        };
        // The desk's transaction is around this already.
        let shop = issuer.shop_name()?;
        let card = |_| Ok(Card::of(&issuer.issue(request.clone(), now())?, &shop));
        (0..self.count).map(card).collect()
    }
}

pub(super) async fn issue(
    app: State,
    session: Session,
    headers: HeaderMap,
    Form(asked): Form<IssueForm>,
) -> Result<Response, Failure> {
    session.sent(&asked.csrf)?;
    let words = words(&headers);
    let paper = if asked.card { Paper::Card } else { Paper::A4 };
    let made = if asked.how == How::Paper {
        let cards = app.desk.ask(move |issuer| asked.cards(issuer)).await;
        cards.map(|cards| sheet(&cards, paper))
    } else {
        let once = asked.once;
        let link = app.desk.ask(move |issuer| asked.link(issuer)).await;
        link.map(|link| ready(words, &session, &app.wallet, &link, once).into_response())
    };
    match made {
        Err(DeskError::Issuer(IssuerError::Rule(rule))) => Ok((
            StatusCode::BAD_REQUEST,
            form(words, &session, Some(&(words.rule)(&rule))),
        )
            .into_response()),
        made => Ok(made?),
    }
}

fn sheet(cards: &[Card], paper: Paper) -> Response {
    match sheet::pdf(cards, paper) {
        Ok(pdf) => (
            [
                (header::CONTENT_TYPE, "application/pdf"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"passes.pdf\"",
                ),
            ],
            pdf,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The link, to be scanned, sent or typed. It is shown this once.
fn ready(
    words: &'static Words,
    session: &Session,
    wallet: &str,
    link: &Link,
    once: bool,
) -> Markup {
    let address = format!("{wallet}#enrol/{}", link.code);
    let code = Symbol::of(&address, Medium::Screen).map(|code| sheet::svg(&code));
    let groups: Vec<&str> = [0..4, 4..8, 8..12]
        .map(|part| link.code.get(part).unwrap_or_default())
        .into();
    let body = html! {
        div.card.ready {
            @if let Ok(code) = code { div.code { (PreEscaped(code)) } }
            p { ((words.link_note)(&page::moment(link.until))) }
            @if once { p { b { (words.once) } } }
            p { a href=(address) { (address) } }
            p { (words.code_typed) ": " b.number { (groups.join("-")) } }
        }
    };
    page::page(words, Some(session), "", words.link_ready, &body)
}
