//! The issuer's service: wallets fetch and renew passes, the owner looks after them, kiosks fetch the trust repository.
//!
//! | path | what |
//! |---|---|
//! | `/` | the wallet page, [`files`] |
//! | `/api/v1/` | what the wallet asks, [`api`] |
//! | `/trust/` | the trust repository, [`files`] |
//! | `/owner/` | the owner's pages, [`owner`] |
//!
//! Browsers give keys only to pages of a secure context, so it speaks TLS, or stands behind a proxy that does, or listens on a
//! loopback address.

mod api;
mod files;
pub mod identity;
mod limits;
mod nonce;
mod owner;
mod problem;
mod publisher;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use axum_server::tls_rustls::RustlsConfig;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::info;
use zeroize::Zeroizing;

use super::{Issuer, IssuerError, desk::Desk};
use problem::Problem;

/// Bytes of a request's body at most.
const BODY: usize = 16 * 1024;
/// A request takes this long at most.
const PATIENCE: Duration = Duration::from_secs(15);
/// Browsers may remember for so long that a page may ask.
const PREFLIGHT: Duration = Duration::from_secs(3600);
/// Requests that run get this long when the service stops.
const GOODBYE: Duration = Duration::from_secs(3);

/// How the service is reached.
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// What people type: `https://host`, without a slash at the end. Left out, it is `localhost` and the port.
    pub origin: Option<String>,
    /// Certificate chain and key in PEM files; without them it speaks plain HTTP.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Where the wallet page is, when that is another host: its address with a slash at the end. The API answers to that
    /// origin too (Fetch standard, section 3.3), and links lead there.
    pub wallet: Option<url::Url>,
    /// A proxy stands before it: the last address of `X-Forwarded-For` is the visitor's.
    pub behind_proxy: bool,
    /// Where the trust repository is published.
    pub repository: PathBuf,
    /// Who checks people that come by themselves.
    pub identity: Option<identity::Identity>,
}

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// Wallets would get no keys from their browsers.
    #[error("{0} without TLS: browsers keep no pass for such a page")]
    Insecure(SocketAddr),
    /// Links would lead nowhere.
    #[error("{0} is promised, but nothing here speaks TLS")]
    NoTls(String),
    /// Certificate or key.
    #[error("{path}: {problem}")]
    Certificate {
        /// Which file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// The address is taken, or there is no such one.
    #[error("{listen}: {problem}")]
    Listen {
        /// Where.
        listen: SocketAddr,
        /// Why.
        problem: String,
    },
    /// The issuer.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
}

/// What every request may need.
struct App {
    desk: Desk,
    origin: String,
    /// The address of the wallet page, with a slash at the end.
    wallet: String,
    /// Whether cookies are for TLS only.
    secure: bool,
    behind_proxy: bool,
    repository: PathBuf,
    nonces: nonce::Nonces,
    limits: limits::Limits,
    publisher: publisher::Publisher,
    checks: Option<Arc<identity::Checks>>,
    /// The one-time secret of the page where the owner's code is chosen, until it is.
    setup: Mutex<Option<Zeroizing<String>>>,
}

type State = axum::extract::State<Arc<App>>;

/// A service that listens and is ready to run.
pub struct Service {
    listen: SocketAddr,
    app: Arc<App>,
    listener: std::net::TcpListener,
    tls: Option<RustlsConfig>,
    setup: Option<String>,
}

impl Service {
    /// Opens the issuer, publishes its repository, and listens.
    ///
    /// # Errors
    /// [`ServiceError`].
    pub async fn start(mut issuer: Issuer, settings: Settings) -> Result<Self, ServiceError> {
        let loopback = settings.listen.ip().is_loopback();
        if settings.tls.is_none() && !settings.behind_proxy && !loopback {
            return Err(ServiceError::Insecure(settings.listen));
        }
        let promised = settings
            .origin
            .as_deref()
            .filter(|origin| origin.starts_with("https:"));
        if let Some(origin) = promised.filter(|_| settings.tls.is_none() && !settings.behind_proxy)
        {
            return Err(ServiceError::NoTls(origin.into()));
        }
        let tls = match &settings.tls {
            Some((chain, key)) => Some(RustlsConfig::from_pem_file(chain, key).await.map_err(
                |error| ServiceError::Certificate {
                    path: chain.clone(),
                    problem: error.to_string(),
                },
            )?),
            None => None,
        };
        let listening = |problem: std::io::Error| ServiceError::Listen {
            listen: settings.listen,
            problem: problem.to_string(),
        };
        let listener = std::net::TcpListener::bind(settings.listen).map_err(listening)?;
        listener.set_nonblocking(true).map_err(listening)?;
        let port = listener.local_addr().map_err(listening)?.port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = settings.origin.clone();
        let origin = origin.unwrap_or_else(|| format!("{scheme}://localhost:{port}"));
        let wallet = settings.wallet.as_ref();
        let wallet = wallet.map_or_else(|| format!("{origin}/"), url::Url::to_string);
        let seen = issuer.data_version()?;
        issuer.publish(&settings.repository, now())?;
        let setup = match issuer.has_owner()? {
            true => None,
            false => Some(super::store::random_text(26)?),
        };
        let desk = Desk::start(issuer).map_err(listening)?;
        let app = Arc::new(App {
            publisher: publisher::Publisher::start(desk.clone(), settings.repository.clone(), seen),
            desk,
            secure: origin.starts_with("https:"),
            origin,
            wallet,
            behind_proxy: settings.behind_proxy,
            repository: settings.repository.clone(),
            nonces: nonce::Nonces::new().ok_or(IssuerError::Random)?,
            limits: limits::Limits::new(),
            checks: settings
                .identity
                .map(|identity| Arc::new(identity::Checks::new(identity))),
            setup: Mutex::new(setup.clone().map(Zeroizing::new)),
        });
        Ok(Self {
            listen: settings.listen,
            app,
            listener,
            tls,
            setup,
        })
    }

    /// What people type.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.app.origin
    }

    /// Where the wallet page is.
    #[must_use]
    pub fn wallet(&self) -> &str {
        &self.app.wallet
    }

    /// The page where the owner's code is chosen, as long as there is none.
    #[must_use]
    pub fn setup_page(&self) -> Option<String> {
        let secret = self.setup.as_ref()?;
        Some(format!("{}/owner/setup?secret={secret}", self.app.origin))
    }

    /// Serves until `stop` is done.
    ///
    /// # Errors
    /// [`ServiceError`] when the network fails.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServiceError> {
        let handle = axum_server::Handle::new();
        let stopping = handle.clone();
        drop(tokio::spawn(async move {
            stop.await;
            stopping.graceful_shutdown(Some(GOODBYE));
        }));
        let listening = |problem: std::io::Error| ServiceError::Listen {
            listen: self.listen,
            problem: problem.to_string(),
        };
        let service = router(self.app).into_make_service_with_connect_info::<SocketAddr>();
        info!("the issuer's service runs");
        let served = match self.tls {
            Some(tls) => {
                let server = axum_server::from_tcp_rustls(self.listener, tls).map_err(listening)?;
                server.handle(handle).serve(service).await
            }
            None => {
                let server = axum_server::from_tcp(self.listener).map_err(listening)?;
                server.handle(handle).serve(service).await
            }
        };
        served.map_err(listening)
    }
}

fn router(app: Arc<App>) -> Router {
    Router::new()
        .nest("/api/v1", api::router().layer(other_host(&app)))
        .merge(owner::router())
        .route("/trust/{*path}", get(files::trust).layer(other_host(&app)))
        .fallback(files::wallet)
        .layer(middleware::from_fn_with_state(
            app.clone(),
            limits::each_address,
        ))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::map_response(files::safe_headers))
        .with_state(app)
}

/// Lets the wallet page of another host ask, if there is one: that origin alone, and without cookies.
fn other_host(app: &App) -> CorsLayer {
    let own = app.wallet.strip_suffix('/') == Some(&app.origin);
    let origin = url::Url::parse(&app.wallet).ok().filter(|_| !own);
    let origin = origin.and_then(|url| url.origin().ascii_serialization().parse().ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origin))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .max_age(PREFLIGHT)
}

async fn in_time(request: Request, next: Next) -> Response {
    let late = || {
        let title = "that took too long: try again";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "too_late", title).into_response()
    };
    let answer = tokio::time::timeout(PATIENCE, next.run(request)).await;
    answer.unwrap_or_else(|_| late())
}

/// Seconds since 1970.
fn now() -> u64 {
    crate::clock::unix_ms() / 1000
}
