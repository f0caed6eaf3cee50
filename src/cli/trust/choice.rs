//! `munjigi trust allow` and `munjigi trust forbid`.

use super::{failed, refused, say};
use crate::{
    cli::{Failure, unix},
    pass::Service,
    store::Store,
    trust::repository,
};

/// Lets an issuer's passes open this door for a service again.
pub(super) fn allow(store: &Store, issuer: &str, service: Service) -> Result<bool, Failure> {
    if store
        .set_forbidden(issuer, service, false, "command line", unix())
        .map_err(failed)?
    {
        say(format_args!(
            "{issuer} may open this door for {service} passes"
        ));
        return Ok(true);
    }
    // Nothing was forbidden: why then does it not open?
    let hint = if is_signed_for(store, issuer, service)? {
        "It may open this door already."
    } else {
        "What its keys are for is in the issuer's issuers.json; this kiosk can only allow less."
    };
    Err(not(format!("{issuer} was not forbidden {service}"), hint))
}

/// Lets an issuer's passes open this door for a service no more.
pub(super) fn forbid(store: &Store, issuer: &str, service: Service) -> Result<bool, Failure> {
    // A slip of the finger would leave the door open.
    if !is_signed_for(store, issuer, service)? {
        return Err(not(
            format!("no key of an issuer '{issuer}' is for {service} passes"),
            "Run munjigi trust list: it shows the issuers and what their keys are for.",
        ));
    }
    if store
        .set_forbidden(issuer, service, true, "command line", unix())
        .map_err(failed)?
    {
        say(format_args!(
            "{issuer} may not open this door for {service} passes; a running kiosk knows it within 2 seconds"
        ));
        return Ok(true);
    }
    Err(not(
        format!("{issuer} was forbidden {service} already"),
        "Run munjigi trust allow to take it back.",
    ))
}

/// Whether the issuer's own keys are for this service, whatever the owner forbids.
fn is_signed_for(store: &Store, issuer: &str, service: Service) -> Result<bool, Failure> {
    let snapshots = store.load_trust().map_err(failed)?;
    let trust = repository::restore(&snapshots)
        .map_err(|error| refused(&error.into(), "Run munjigi trust import."))?;
    Ok(trust
        .keys
        .iter()
        .any(|key| key.issuer == issuer && key.services.contains(&service)))
}

fn not(what: String, hint: &str) -> Failure {
    Failure {
        status: 1,
        ..Failure::usage(what, hint)
    }
}
