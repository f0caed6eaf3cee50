//! How often one address may ask. Guessing codes is limited more than anything else.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{App, problem::Problem};
use crate::passcode;

/// Requests of one address: at once, and a second. A shop's visitors may share one.
const BURST: NonZeroU32 = NonZeroU32::new(600).unwrap();
const STEADY: NonZeroU32 = NonZeroU32::new(100).unwrap();
/// Codes of links that nobody made: so many of one address, and then none for a while.
const GUESSES: u32 = 10;
const PAUSE: Duration = Duration::from_secs(600);
/// Addresses that are remembered before the quiet ones are forgotten.
const REMEMBERED: usize = 50_000;

/// The counters.
pub(super) struct Limits {
    requests: DefaultKeyedRateLimiter<IpAddr>,
    /// Wrong codes of an address, and since when they are counted.
    guesses: Mutex<HashMap<IpAddr, (u32, Instant)>>,
    /// Wrong owner's codes of an address, and until when (in seconds since 1970) none of it is looked at.
    logins: Mutex<HashMap<IpAddr, (u32, u64)>>,
}

impl Limits {
    pub(super) fn new() -> Self {
        Self {
            requests: RateLimiter::keyed(Quota::per_second(STEADY).allow_burst(BURST)),
            guesses: Mutex::default(),
            logins: Mutex::default(),
        }
    }

    /// Charges an address for a try of the owner's code, before it is looked at: how many were wrong, this one among them;
    /// or until when none is looked at. One address does not shut out another, else anybody could keep the owner from his
    /// pages.
    pub(super) fn charge(&self, from: IpAddr, now: u64) -> Result<u32, u64> {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        if logins.len() >= REMEMBERED {
            logins.retain(|_, (_, until)| now < *until);
        }
        let (wrong, until) = logins.entry(from).or_default();
        if now < *until {
            return Err(*until);
        }
        *wrong = wrong.saturating_add(1);
        *until = passcode::locked_until(*wrong, now).unwrap_or(0);
        Ok(*wrong)
    }

    /// The code was right: the address begins anew.
    pub(super) fn welcome(&self, from: IpAddr) {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = logins.remove(&from);
    }

    /// Whether an address may try a code: a right one too is refused after many wrong ones.
    pub(super) fn may_guess(&self, from: IpAddr) -> bool {
        let guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        let wrong = guesses
            .get(&from)
            .filter(|(_, since)| since.elapsed() < PAUSE);
        wrong.is_none_or(|(count, _)| *count < GUESSES)
    }

    /// Counts a wrong code; `true` for the last one that is allowed.
    pub(super) fn guessed(&self, from: IpAddr) -> bool {
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() >= REMEMBERED {
            guesses.retain(|_, (_, since)| since.elapsed() < PAUSE);
        }
        let (count, since) = guesses.entry(from).or_insert((0, Instant::now()));
        if since.elapsed() >= PAUSE {
            (*count, *since) = (0, Instant::now());
        }
        *count += 1;
        *count == GUESSES
    }
}

fn forget(limiter: &DefaultKeyedRateLimiter<IpAddr>) {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
    }
}

/// The address of the one who asks, put into the request.
#[derive(Debug, Clone, Copy)]
pub(super) struct From(pub(super) IpAddr);

/// Turns away whoever asks too often.
pub(super) async fn each_address(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let from = network(address(&app, peer, request.headers()));
    forget(&app.limits.requests);
    if app.limits.requests.check_key(&from).is_err() {
        return Problem::too_many(1).into_response();
    }
    let _ = request.extensions_mut().insert(From(from));
    next.run(request).await
}

fn address(app: &App, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let told = headers.get_all("x-forwarded-for").iter().next_back();
    // Only the last entry is the proxy's own; the visitor writes the others as he likes.
    let last = told.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.filter(|_| app.behind_proxy).unwrap_or(peer.ip())
}

/// Whoever has one IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or_else(
            || Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX)).into(),
            IpAddr::V4,
        ),
    }
}
