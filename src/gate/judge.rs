//! Every stateless check, in the order of the profile.

use super::{
    Clock, Now, Policy, age, foreign,
    freshness::{self, Fresh},
    replay::{Limit, PassId},
};
use crate::{
    pass::{
        Credential, Formats, Kind, Parsed, Reason, Reference, Service, format::Form,
        verify::Verified,
    },
    trust::{IssuerKey, Status, Trust},
};

/// What the gate found out about one text. Fields are `None` where not established: pass and issuer are named only after
/// a good issuer signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The first check that failed, or [`Reason::Granted`].
    pub reason: Reason,
    /// Live or printed, once the form was read.
    pub kind: Option<Kind>,
    /// The pass, after a good issuer signature.
    pub pass: Option<PassId>,
    /// The issuer's id, after a good issuer signature.
    pub issuer: Option<String>,
    /// The presentation's replay id, after a good holder signature.
    pub replay_id: Option<[u8; 16]>,
    /// The presentation's `iat`, after a good holder signature.
    pub iat: Option<u64>,
    /// Whether the kiosk's own nonce stood in for the window.
    pub by_challenge: bool,
    /// The payment reference, when a store's door is granted.
    pub reference: Option<Reference>,
    /// For how many visits the pass is good, after a good issuer signature.
    pub limit: Option<Limit>,
}

impl Judgement {
    /// A decision before anything was established, or where nothing is asked for.
    #[must_use]
    pub const fn early(reason: Reason, kind: Option<Kind>) -> Self {
        Self {
            reason,
            kind,
            pass: None,
            issuer: None,
            replay_id: None,
            iat: None,
            by_challenge: false,
            reference: None,
            limit: None,
        }
    }

    /// Whether a challenge would help: everything held but the time, of the phone or of the kiosk.
    #[must_use]
    pub fn wants_challenge(&self, service: Service) -> bool {
        match self.reason {
            Reason::Stale | Reason::FromFuture => true,
            // The `iat` is noted just before it is judged. What else waits for the clock is not healed by a nonce.
            Reason::ClockUnknown => self.iat.is_some() && service != Service::Adult,
            _ => false,
        }
    }
}

/// Judges one text as scanned, where no format but MJ1 is known. `nonce` is that of the challenge that the kiosk shows, if
/// it does.
#[must_use]
pub fn judge(
    text: &[u8],
    trust: &Trust,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
) -> Judgement {
    judge_among(&Formats::default(), text, trust, policy, now, nonce)
}

/// Judges one text as scanned, which may be of any of these formats.
#[must_use]
pub fn judge_among(
    formats: &Formats,
    text: &[u8],
    trust: &Trust,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
) -> Judgement {
    match formats.read(text) {
        Ok(Form::Mj1(parsed)) => judge_parsed(&parsed, trust, policy, now, nonce),
        Ok(Form::Foreign(pass)) => foreign::judge(pass.as_ref(), policy, now),
        Err(reason) => Judgement::early(reason, None),
    }
}

/// Judges a pass of MJ1.
fn judge_parsed(
    parsed: &Parsed,
    trust: &Trust,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
) -> Judgement {
    let verified = match issuer(parsed, trust, policy.service, now) {
        Ok(verified) => verified,
        Err(reason) => return Judgement::early(reason, Some(parsed.credential.kind)),
    };
    let credential = verified.credential();
    let mut judgement = Judgement {
        pass: Some(PassId {
            thumbprint: verified.key().thumbprint,
            uri: credential.status.uri.clone(),
            idx: credential.status.idx,
            number: credential.number.clone(),
        }),
        issuer: Some(verified.key().issuer.clone()),
        limit: credential.services.visits.map(|visits| Limit {
            visits,
            exp: credential.exp,
        }),
        ..Judgement::early(Reason::Granted, Some(credential.kind))
    };
    if let Err(reason) = judge_verified(&verified, trust, policy, now, nonce, &mut judgement) {
        judgement.reason = reason;
    } else if policy.service == Service::Store {
        judgement.reference = credential.services.store.map(Reference);
    }
    judgement
}

/// Everything after the issuer's signature; notes in the judgement what was established on the way.
fn judge_verified(
    verified: &Verified<'_>,
    trust: &Trust,
    policy: &Policy,
    now: Now,
    nonce: Option<[u8; 8]>,
    judgement: &mut Judgement,
) -> Result<(), Reason> {
    claims(verified, policy, now)?;
    status(verified, trust, policy, now)?;
    if !verified.holder_signed() {
        return Err(Reason::BadSignature);
    }
    if let Some(presentation) = verified.presentation() {
        judgement.replay_id = Some(presentation.replay_id);
        judgement.iat = Some(presentation.iat);
        let fresh = freshness::check(presentation, policy, now, nonce)?;
        judgement.by_challenge = fresh == Fresh::ByChallenge;
    } else if now.clock == Clock::Unknown && policy.service == Service::Adult {
        return Err(Reason::ClockUnknown);
    }
    if verified.credential().kind == Kind::Printed && !policy.printed {
        return Err(Reason::PrintedNotAllowed);
    }
    match policy.access.with_pass() {
        Reason::Granted => Ok(()),
        reason => Err(reason),
    }
}

/// Kid, then what the keys may sign, then the signature.
fn issuer<'a>(
    parsed: &'a Parsed,
    trust: &'a Trust,
    service: Service,
    now: Now,
) -> Result<Verified<'a>, Reason> {
    let credential = &parsed.credential;
    let mut known = trust.keys_with(credential.kid).peekable();
    if known.peek().is_none() {
        return Err(Reason::UnknownIssuer);
    }
    let mut allowed = known
        .filter(|key| may_sign(key, credential, service, now))
        .peekable();
    if allowed.peek().is_none() {
        return Err(Reason::KeyNotAllowed);
    }
    Verified::new(parsed, allowed).ok_or(Reason::BadSignature)
}

fn may_sign(key: &IssuerKey, credential: &Credential, service: Service, now: Now) -> bool {
    let in_window = credential.nbf.is_none_or(|nbf| {
        let day = age::seoul_day(nbf);
        (key.first_issue_day..=key.last_issue_day).contains(&day)
    });
    key.kinds.contains(&credential.kind)
        && key.services.contains(&service)
        && in_window
        && now.unix < key.verify_until
        && key.distrusted_at.is_none()
}

/// `nbf`, `exp`, the service, its threshold.
fn claims(verified: &Verified<'_>, policy: &Policy, now: Now) -> Result<(), Reason> {
    let credential = verified.credential();
    // Where only the floor is known, it may be later than it seems: what time would heal is not held against a pass.
    let not_yet = |reason| match now.clock {
        Clock::Unknown => Err(Reason::ClockUnknown),
        _ => Err(reason),
    };
    if credential.nbf.is_some_and(|nbf| now.unix < nbf) {
        return not_yet(Reason::NotYetValid);
    }
    if now.unix >= credential.exp {
        return Err(Reason::Expired);
    }
    if let Some(presentation) = verified.presentation() {
        let audience = &presentation.audience;
        let here = audience.venue.is_none() || audience.venue == policy.venue;
        if audience.service != policy.service || !here {
            return Err(Reason::WrongService);
        }
    }
    let services = &credential.services;
    let threshold = match policy.service {
        Service::Entry => services.entry,
        Service::Adult => services.adult,
        // The store asks for a payment reference, not for an age.
        Service::Store => return services.store.map(|_| ()).ok_or(Reason::WrongService),
    };
    match threshold {
        Some(day) if age::seoul_day(now.unix) >= day => Ok(()),
        Some(_) => not_yet(Reason::TooYoung),
        None if services.is_empty() => Err(Reason::TooYoung),
        None => Err(Reason::WrongService),
    }
}

/// What the status list says, if it may be asked.
fn status(verified: &Verified<'_>, trust: &Trust, policy: &Policy, now: Now) -> Result<(), Reason> {
    let place = &verified.credential().status;
    let list = trust
        .lists
        .get(&place.uri)
        .filter(|_| verified.key().status_uris.contains(&place.uri))
        .filter(|list| list.exp.is_none_or(|exp| now.unix < exp))
        .filter(|list| {
            policy
                .grace
                .of(policy.service)
                .is_none_or(|grace| now.unix.saturating_sub(list.iat) <= grace)
        });
    match list.map(|list| list.get(place.idx)) {
        Some(Status::Valid) => Ok(()),
        Some(Status::Revoked) => Err(Reason::Revoked),
        Some(Status::Suspended) => Err(Reason::Suspended),
        Some(Status::Unknown) | None => Err(Reason::StatusUnknown),
    }
}
