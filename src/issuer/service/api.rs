//! What the wallet asks. Bodies are JSON; byte strings are base64url without padding (RFC 4648 section 5).
//!
//! | request | body | answer |
//! |---|---|---|
//! | `GET issuer` | | `id`, `name`, `self_service`: `false`, or the services that [`identity`] gives |
//! | `GET nonce` | | `nonce`, good for two minutes |
//! | `POST offer` | `code` | `service`, `until`, `pass_until`, `window`, `visits` |
//! | `POST enrol` | `code`, `holder`, `nonce`, `signature` | `pass`, `service`, `credential`, `aud`, `exp`, `renew_after`, `issuer` |
//! | `POST renew` | `pass`, `nonce`, `signature` | the same |
//!
//! Signatures are the holder key's over `munjigi enrol v1`, code, holder and nonce, or `munjigi renew v1`, pass and nonce, a
//! line each. No COSE signature begins like that, so that nothing a door reads can be used here.

use std::sync::Arc;

use axum::{
    Extension, Json, Router,
    extract::rejection::JsonRejection,
    http::StatusCode,
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{App, State, identity, limits::From, now, problem::Problem};
use crate::{
    issuer::{Issued, Issuer, IssuerError, desk::DeskError, link},
    wallet,
};

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/issuer", get(issuer))
        .route("/nonce", get(nonce))
        .route("/offer", post(offer))
        .route("/enrol", post(enrol))
        .route("/renew", post(renew))
        .route("/start", post(identity::start))
        .route("/ticket", post(identity::ticket))
        .route("/checked", post(identity::checked))
        .fallback(async || {
            Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "there is no such request",
            )
        })
}

/// A body that was read, or a problem that says what is wrong with it.
type Body<T> = Result<Json<T>, JsonRejection>;

fn read<T>(body: Body<T>) -> Result<T, Problem> {
    body.map(|Json(body)| body).map_err(Problem::bad_request)
}

#[derive(Serialize)]
struct About {
    id: String,
    name: Value,
}

impl About {
    fn of(issuer: &Issuer) -> Result<Self, IssuerError> {
        let (id, ko, en) = issuer.about()?;
        let names = [("ko", ko), ("en", en)];
        let named = names
            .into_iter()
            .filter_map(|(language, name)| Some((language.to_owned(), name?.into())));
        Ok(Self {
            id,
            name: Value::Object(named.collect()),
        })
    }
}

async fn issuer(app: State) -> Result<Json<Value>, Problem> {
    let about = app.desk.ask(|issuer| About::of(issuer)).await?;
    let given = app.checks.as_ref().map(|checks| json!(checks.services()));
    let given = given.unwrap_or(Value::Bool(false));
    Ok(Json(
        json!({"id": about.id, "name": about.name, "self_service": given}),
    ))
}

async fn nonce(app: State) -> Json<Value> {
    Json(json!({"nonce": app.nonces.make(now())}))
}

#[derive(Deserialize)]
struct OfferBody {
    code: String,
}

async fn offer(
    app: State,
    from: Extension<From>,
    body: Body<OfferBody>,
) -> Result<Json<Value>, Problem> {
    let body = read(body)?;
    let code = code(&body.code)?;
    let offer = with_link(&app, *from, move |issuer| issuer.offer(&code, now())).await?;
    Ok(Json(json!({
        "service": offer.service,
        "until": offer.until,
        "pass_until": offer.pass_until,
        "window": offer.window.map(|(from, to)| json!({"from": from, "to": to})),
        "visits": offer.visits,
    })))
}

#[derive(Deserialize)]
struct EnrolBody {
    code: String,
    holder: String,
    nonce: String,
    signature: String,
}

async fn enrol(
    app: State,
    from: Extension<From>,
    body: Body<EnrolBody>,
) -> Result<Json<Value>, Problem> {
    let body = read(body)?;
    let code = code(&body.code)?;
    let holder = wallet::parse_holder(&body.holder).map_err(Problem::bad_request)?;
    let signature = signature(&body.signature)?;
    fresh(&app, &body.nonce)?;
    let message = format!("munjigi enrol v1\n{code}\n{}\n{}", body.holder, body.nonce);
    let proved = holder.signed(message.as_bytes(), &signature);
    let given = with_link(&app, *from, move |issuer| {
        let issued = issuer.enrol(&code, holder, proved, now())?;
        given(issuer, &issued)
    });
    given.await.map(Json)
}

#[derive(Deserialize)]
struct RenewBody {
    pass: String,
    nonce: String,
    signature: String,
}

async fn renew(app: State, body: Body<RenewBody>) -> Result<Json<Value>, Problem> {
    let body = read(body)?;
    let signature = signature(&body.signature)?;
    fresh(&app, &body.nonce)?;
    let message = format!("munjigi renew v1\n{}\n{}", body.pass, body.nonce);
    let given = app
        .desk
        .ask(move |issuer| {
            let proved =
                |holder: &crate::pass::HolderKey| holder.signed(message.as_bytes(), &signature);
            let issued = issuer.renew(&body.pass, proved, now())?;
            given(issuer, &issued)
        })
        .await?;
    Ok(Json(given))
}

/// What a wallet keeps of a pass.
fn given(issuer: &Issuer, issued: &Issued) -> Result<Value, IssuerError> {
    Ok(json!({
        "pass": issued.number,
        "service": issued.service,
        "credential": URL_SAFE_NO_PAD.encode(&issued.credential),
        "aud": issued.service.letter(),
        "exp": issued.exp,
        "renew_after": issuer.renew_after(&issued.number)?,
        "issuer": About::of(issuer)?,
    }))
}

fn code(text: &str) -> Result<String, Problem> {
    link::normal(text).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "link_unknown",
            "a code has twelve letters and digits",
        )
    })
}

fn signature(text: &str) -> Result<[u8; 64], Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let signature = bytes.and_then(|bytes| bytes.try_into().ok());
    signature.ok_or_else(|| Problem::bad_request("a signature has 64 bytes in base64url"))
}

fn fresh(app: &App, nonce: &str) -> Result<(), Problem> {
    if app.nonces.good(nonce, now()) {
        Ok(())
    } else {
        let title = "the nonce is not of the last two minutes: fetch a new one and sign again";
        Err(Problem::new(StatusCode::CONFLICT, "nonce_expired", title))
    }
}

/// Does something with a link, unless this address has tried too many codes that nobody made. The owner is told of that.
async fn with_link<T: Send + 'static>(
    app: &App,
    from: From,
    work: impl FnOnce(&mut Issuer) -> Result<T, IssuerError> + Send + 'static,
) -> Result<T, Problem> {
    if !app.limits.may_guess(from.0) {
        return Err(Problem::too_many(600));
    }
    let answer = app.desk.ask(work).await;
    if matches!(answer, Err(DeskError::Issuer(IssuerError::LinkUnknown)))
        && app.limits.guessed(from.0)
    {
        app.desk
            .ask(|issuer| issuer.notice_once("guessing", now()))
            .await?;
    }
    Ok(answer?)
}
