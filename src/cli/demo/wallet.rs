//! The demo's issuer as a service: a browser on this machine can fetch a pass and look at the owner's pages.

use std::{net::Ipv4Addr, path::PathBuf};

use super::say;
use crate::{
    cli::Failure,
    issuer::{
        Issuer,
        service::{Service, Settings},
    },
};

/// Starts it on a thread of its own, which ends with the program.
pub(super) fn start(issuer: Issuer, repository: PathBuf, link: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::device(error, "Is this machine without a network of its own?")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    let settings = Settings {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        origin: None,
        wallet: None,
        tls: None,
        behind_proxy: false,
        repository,
        identity: None,
    };
    let service = runtime
        .block_on(Service::start(issuer, settings))
        .map_err(|error| failed(&error))?;
    say(format_args!(
        "A pass for a browser on this machine: {}#enrol/{link}",
        service.wallet()
    ));
    if let Some(page) = service.setup_page() {
        say(format_args!("Its issuer's pages: {page}"));
    }
    drop(std::thread::spawn(move || {
        runtime.block_on(service.run(std::future::pending()))
    }));
    Ok(())
}
