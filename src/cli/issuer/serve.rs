//! `munjigi issuer serve`.

use std::{net::SocketAddr, path::PathBuf};

use tokio::signal::unix::{SignalKind, signal};

use super::{Failure, failed, say};
use crate::{
    issuer::{
        Issuer,
        service::{Service as Server, ServiceError, Settings, identity::Identity},
    },
    pass::Service,
    webhook::Secret,
};

/// Arguments of `munjigi issuer serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Folder of the issuer
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How its keys are opened.
    #[command(flatten)]
    unlock: super::unlock::Unlock,
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// What people type, such as https://pass.example.org; links begin with it
    #[arg(long, value_name = "URL", value_parser = origin)]
    origin: Option<String>,
    /// Where the wallet page is, when another host has it (munjigi issuer wallet), such as https://me.github.io/pass/
    #[arg(long, value_name = "URL", value_parser = page)]
    wallet: Option<url::Url>,
    /// Certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// A proxy before it speaks TLS and sets X-Forwarded-For
    #[arg(long, requires = "origin", conflicts_with = "cert")]
    behind_proxy: bool,
    /// Forget the owner's code, so that a new one is chosen
    #[arg(long)]
    forget_owner: bool,
    /// Folder in which the trust repository is published [default: repository in the issuer's folder]
    #[arg(long, value_name = "DIR")]
    repository: Option<PathBuf>,
    /// Identity service that checks people who come by themselves (its interface: see the documentation)
    #[arg(long, value_name = "URL", requires = "identity_secret", value_parser = identity)]
    identity: Option<String>,
    /// File with the secret that both share: whsec_ and Base64
    #[arg(long, value_name = "FILE", requires = "identity")]
    identity_secret: Option<PathBuf>,
    /// What people get by themselves: entry, adult, or both
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "SERVICE",
        default_value = "entry",
        requires = "identity"
    )]
    self_service: Vec<Service>,
}

fn identity(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).map_err(|error| format!("'{text}': {error}"))?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "https" || here {
        Ok(text.into())
    } else {
        Err(format!(
            "'{text}': https:// is needed, for this tells who is who"
        ))
    }
}

/// Browsers give keys to secure pages only: https, or a loopback address.
fn is_secure(url: &url::Url) -> bool {
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

fn page(text: &str) -> Result<url::Url, String> {
    let wrong = || {
        format!("'{text}' is no page: https:// and a folder, such as https://me.github.io/pass/")
    };
    let mut url = url::Url::parse(text).map_err(|_| wrong())?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !plain || !is_secure(&url) {
        return Err(wrong());
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

pub(super) fn origin(text: &str) -> Result<String, String> {
    let wrong =
        || format!("'{text}' is no origin: https:// and a host, such as https://pass.example.org");
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if is_secure(&url) && bare {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(wrong())
    }
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        let issuer = self.unlock.open(&self.data)?;
        if self.forget_owner {
            issuer.forget_owner().map_err(failed)?;
        }
        let secret = self
            .identity_secret
            .as_deref()
            .map(Secret::read)
            .transpose();
        let secret = secret.map_err(|problem| {
            Failure::usage(
                problem,
                "Write whsec_ and at least 24 random bytes in Base64 into it.",
            )
        })?;
        let identity = self.identity.zip(secret).map(|(url, secret)| Identity {
            url,
            secret,
            services: self.self_service,
        });
        let settings = Settings {
            identity,
            listen: self.listen,
            origin: self.origin,
            wallet: self.wallet,
            tls: self.cert.zip(self.key),
            behind_proxy: self.behind_proxy,
            repository: self
                .repository
                .unwrap_or_else(|| self.data.join("repository")),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::device(error, "Are there too many processes?"))?;
        runtime.block_on(serve(issuer, settings)).map_err(refused)
    }
}

async fn serve(issuer: Issuer, settings: Settings) -> Result<(), ServiceError> {
    let service = Server::start(issuer, settings).await?;
    let (origin, wallet) = (service.origin(), service.wallet());
    say(format_args!(
        "Wallets: {wallet}\nOwner:   {origin}/owner/\nKiosks:  {origin}/trust"
    ));
    if let Some(page) = service.setup_page() {
        say(format_args!(
            "Choose the owner's code now, at this address, which is good once:\n  {page}"
        ));
    }
    service.run(stopped()).await
}

/// SIGTERM or Ctrl+C.
async fn stopped() {
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

fn refused(error: ServiceError) -> Failure {
    match error {
        ServiceError::Issuer(error) => failed(error),
        ServiceError::Insecure(_) => Failure::usage(
            error,
            "Give --cert and --key, or stand behind a proxy that speaks TLS (--behind-proxy), or listen on 127.0.0.1.",
        ),
        ServiceError::NoTls(_) => Failure::usage(
            error,
            "Give --cert and --key, or --behind-proxy when a proxy before it speaks TLS.",
        ),
        ServiceError::Certificate { .. } => Failure::usage(
            error,
            "Give the chain and its key as PEM files that this user may read.",
        ),
        ServiceError::Listen { .. } => Failure::device(
            error,
            "Give another --listen, or end the program that has it.",
        ),
    }
}
