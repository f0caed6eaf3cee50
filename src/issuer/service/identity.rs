//! Passes without the owner: an external identity service checks who somebody is, and this one gives a link for it.
//!
//! The interface is small, so that any service can be put behind it. Both directions are webhooks signed with one shared
//! secret ([`crate::webhook`]).
//!
//! 1. The wallet asks `POST /api/v1/start {"service"}`; this service asks the identity service
//!    `POST URL {"type": "check.start", "data": {"id", "service", "callback"}}`, which answers `{"go": "https://..."}`: the page
//!    where the person shows who he is. The wallet opens it.
//! 2. The identity service tells `POST callback {"type": "check.done", "data": {"id", "result": "passed" or "refused", "by",
//!    "over_14", "adult", "born"}}`: either what holds, or the birth date, from which the days of the age rules are computed
//!    and which is then forgotten. `by` is recorded with the pass.
//! 3. The wallet, which asks `POST /api/v1/ticket {"ticket"}` meanwhile, gets the code of a link.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json,
    body::Bytes,
    extract::rejection::JsonRejection,
    http::{HeaderMap, StatusCode},
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{State, now, problem::Problem};
use crate::{
    issuer::{
        Eligibility, IssuerError,
        link::{Length, LinkRequest},
        store::random_text,
    },
    pass::Service,
    webhook::{self, Secret},
};

/// Tickets that wait at most, and for how long, in seconds.
const MOST: usize = 1000;
const PATIENCE: u64 = 900;
/// The link of a check that was passed is good for so many seconds, its pass for so many days.
const LINK: u64 = 900;
const DAYS: u16 = 30;
/// Letters of a name that is recorded with a pass.
const BY: usize = 40;
/// Seconds between two questions of a wallet.
const POLL: u64 = 2;

/// Which service checks people, and for which passes.
pub struct Identity {
    /// Where it is asked.
    pub url: String,
    /// The secret that both share.
    pub secret: Secret,
    /// What people may get by it.
    pub services: Vec<Service>,
}

/// The identity service and who waits for it.
pub(super) struct Checks {
    identity: Identity,
    agent: ureq::Agent,
    tickets: Mutex<HashMap<String, Ticket>>,
}

#[derive(Clone)]
struct Ticket {
    service: Service,
    since: u64,
    state: Stage,
}

#[derive(Clone)]
enum Stage {
    Waiting,
    Done(String),
    Refused,
}

impl Checks {
    pub(super) fn new(identity: Identity) -> Self {
        Self {
            identity,
            agent: webhook::agent(),
            tickets: Mutex::default(),
        }
    }

    pub(super) fn services(&self) -> Vec<&'static str> {
        self.identity
            .services
            .iter()
            .map(|service| service.name())
            .collect()
    }

    /// A new ticket, when not too many wait.
    fn begin(&self, service: Service, now: u64) -> Result<String, Problem> {
        let id = random_text(26).map_err(|_| {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "failed", "try again later")
        })?;
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.retain(|_, ticket| now < ticket.since + PATIENCE);
        if tickets.len() >= MOST {
            return Err(Problem::too_many(60));
        }
        let ticket = Ticket {
            service,
            since: now,
            state: Stage::Waiting,
        };
        let _ = tickets.insert(id.clone(), ticket);
        Ok(id)
    }

    fn ticket(&self, id: &str, now: u64) -> Option<Ticket> {
        let tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets
            .get(id)
            .filter(|ticket| now < ticket.since + PATIENCE)
            .cloned()
    }

    /// The first answer counts.
    fn settle(&self, id: &str, state: Stage) {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ticket) = tickets
            .get_mut(id)
            .filter(|ticket| matches!(ticket.state, Stage::Waiting))
        {
            ticket.state = state;
        }
    }

    /// Asks the identity service for the page where somebody shows who he is.
    fn ask(&self, id: &str, service: Service, callback: &str) -> Result<String, String> {
        #[derive(Deserialize)]
        struct Answer {
            go: String,
        }
        let body = json!({"type": "check.start", "data": {"id": id, "service": service, "callback": callback}}).to_string();
        let (status, answer) = webhook::post(
            &self.agent,
            &self.identity.url,
            &self.identity.secret,
            id,
            now(),
            &body,
        )?;
        if status != 200 {
            return Err(format!("it answered {status}"));
        }
        let answer: Answer = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        Ok(answer.go)
    }
}

fn checks(app: &super::App) -> Result<Arc<Checks>, Problem> {
    let off = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "off",
            "passes are given by the shop only",
        )
    };
    app.checks.clone().ok_or_else(off)
}

#[derive(Deserialize)]
pub(super) struct StartBody {
    service: Service,
}

pub(super) async fn start(
    app: State,
    body: Result<Json<StartBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let Json(body) = body.map_err(Problem::bad_request)?;
    let checks = checks(&app)?;
    if !checks.identity.services.contains(&body.service) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "off",
            "this pass is given by the shop only",
        ));
    }
    let id = checks.begin(body.service, now())?;
    let callback = format!("{}/api/v1/checked", app.origin);
    let asked = {
        let (id, checks) = (id.clone(), checks.clone());
        tokio::task::spawn_blocking(move || checks.ask(&id, body.service, &callback)).await
    };
    match asked.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(go) => Ok(Json(json!({"ticket": id, "go": go, "poll_seconds": POLL}))),
        Err(problem) => {
            tracing::error!(problem, "the identity service gave no page");
            checks.settle(&id, Stage::Refused);
            Err(Problem::new(
                StatusCode::BAD_GATEWAY,
                "identity_failed",
                "the identity service does not answer",
            ))
        }
    }
}

#[derive(Deserialize)]
pub(super) struct TicketBody {
    ticket: String,
}

pub(super) async fn ticket(
    app: State,
    body: Result<Json<TicketBody>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let Json(body) = body.map_err(Problem::bad_request)?;
    let unknown = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "ticket_unknown",
            "this ticket has ended: begin anew",
        )
    };
    let ticket = checks(&app)?
        .ticket(&body.ticket, now())
        .ok_or_else(unknown)?;
    Ok(Json(match ticket.state {
        Stage::Waiting => json!({"state": "waiting"}),
        Stage::Done(code) => json!({"state": "done", "code": code}),
        Stage::Refused => json!({"state": "refused"}),
    }))
}

#[derive(Deserialize)]
struct Told {
    data: Checked,
}

#[derive(Deserialize)]
struct Checked {
    id: String,
    result: Outcome,
    #[serde(default)]
    by: String,
    #[serde(default)]
    over_14: bool,
    #[serde(default)]
    adult: bool,
    #[serde(default)]
    born: Option<Date>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Passed,
    Refused,
}

impl Checked {
    fn eligibility(&self, service: Service) -> Option<Eligibility> {
        match (service, self.born) {
            (Service::Store, _) => None,
            (_, Some(born)) => Some(Eligibility::Born(born)),
            (Service::Adult, None) => self.adult.then_some(Eligibility::Adult),
            (Service::Entry, None) => (self.over_14 || self.adult).then_some(Eligibility::Over14),
        }
    }

    /// A name for people; nothing that could be markup or fill a page.
    fn attested(&self) -> String {
        let plain = self
            .by
            .chars()
            .filter(|c| c.is_alphanumeric() || " .-_".contains(*c));
        let by: String = plain.take(BY).collect();
        if by.is_empty() {
            "identity-service".into()
        } else {
            by
        }
    }
}

/// The identity service tells how a check ended.
pub(super) async fn checked(
    app: State,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let checks = checks(&app)?;
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let text = str::from_utf8(&body).map_err(Problem::bad_request)?;
    let timestamp = header("webhook-timestamp").parse().unwrap_or(0);
    if !checks.identity.secret.signed(
        header("webhook-signature"),
        header("webhook-id"),
        timestamp,
        text,
        now(),
    ) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "bad_signature",
            "this is not signed with the shared secret",
        ));
    }
    let Told { data } = serde_json::from_str(text).map_err(Problem::bad_request)?;
    let Some(ticket) = checks.ticket(&data.id, now()) else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "ticket_unknown",
            "nobody waits for this check",
        ));
    };
    // Told twice: webhooks are.
    if !matches!(ticket.state, Stage::Waiting) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let eligibility = data
        .eligibility(ticket.service)
        .filter(|_| data.result == Outcome::Passed);
    let Some(eligibility) = eligibility else {
        checks.settle(&data.id, Stage::Refused);
        return Ok(StatusCode::NO_CONTENT);
    };
    let request = LinkRequest {
        service: ticket.service,
        eligibility,
        length: Length::Days(DAYS),
        visits: None,
        note: String::new(),
        valid: LINK,
        attested: data.attested(),
    };
    let made = app
        .desk
        .ask(move |issuer| match issuer.make_link(request, now()) {
            Ok(link) => Ok(Some(link.code)),
            // Too young, for one: an answer, and no failure of the identity service.
            Err(IssuerError::Rule(_)) => Ok(None),
            Err(error) => Err(error),
        });
    checks.settle(&data.id, made.await?.map_or(Stage::Refused, Stage::Done));
    Ok(StatusCode::NO_CONTENT)
}
