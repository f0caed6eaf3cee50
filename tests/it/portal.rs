//! What stands between a kiosk and its issuer's server: sign-in pages, certificates and clocks, told apart.

use std::{process::Command, sync::Arc};

use munjigi::{
    store::Store,
    trust::{
        problem::{Class, Problem},
        repository,
    },
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::{
    roads::{Small, source},
    serve::{Reply, Server, folder},
    shop::now,
};

/// An authority of the test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A server's side for this name, good from one year to another.
    fn server(&self, name: &str, (from, to): (i32, i32)) -> Arc<rustls::ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.not_before, params.not_after) =
            (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Arc::new(config)
    }
}

/// Runs a test of this file again in a process that trusts an authority: certificates are the machine's.
fn again(test: &str, pem: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, pem).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("SSL_CERT_FILE", &file)
        .env("MUNJIGI_TEST_AUTHORITY", &file)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&said)
    );
}

fn problem(shop: &Small, port: u16, portal: u16, floor: u64) -> Option<Problem> {
    let url = format!("https://localhost:{port}/trust/");
    let source = source(&url, portal).floor(floor);
    let pinned = repository::pin(&shop.root(), source, now());
    pinned.err().map(Problem::from)
}

/// Where nobody listens.
fn closed() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Something that speaks HTTP where TLS is expected.
fn plain() -> u16 {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: http://10.1.1.1/\r\n\r\n");
        }
    });
    port
}

fn date(day: &'static str) -> Server {
    Server::start(move |_, _| Reply::new(404, "").with("Date", format!("{day} 12:00:00 GMT")))
}

#[test]
fn a_sign_in_page_in_the_servers_place_is_told_from_everything_else() {
    let mut shop = Small::new();
    shop.publish("repo", now());
    let authority = Authority::new();
    // Nobody here knows this authority: as a portal that answers for every name.
    let stranger = Server::with(
        Some(authority.server("login.cafe.example", (2020, 2099))),
        folder(&shop.path("repo")),
    );
    let silent = Server::start(|_, _| Reply::new(404, ""));
    silent.dies_after(0);
    let portal =
        Server::start(|_, _| Reply::new(302, "").with("Location", "http://10.1.1.1/login"));
    let says_511 = Server::start(|_, _| Reply::new(511, "Sign in"));
    let own = Server::start(|_, _| Reply::new(301, "").with("Location", "https://localhost/"));
    let page = Server::start(|_, _| Reply::new(200, "<html>").with("Content-Type", "text/html"));
    for (server, open, class, said) in [
        (stranger.port, portal.port, Class::Portal, "to 10.1.1.1"),
        (stranger.port, says_511.port, Class::Portal, "its own page"),
        (silent.port, portal.port, Class::Portal, "to 10.1.1.1"),
        (closed(), portal.port, Class::Portal, "to 10.1.1.1"),
        // Something that does not even speak TLS.
        (plain(), portal.port, Class::Portal, "to 10.1.1.1"),
        (plain(), closed(), Class::Server, "localhost"),
        // What any server does is no sign-in page.
        (stranger.port, own.port, Class::Certificate, "authority"),
        (stranger.port, page.port, Class::Certificate, "authority"),
        (silent.port, own.port, Class::Network, "localhost"),
        (silent.port, closed(), Class::Network, "broke off"),
        (closed(), closed(), Class::Network, "refused"),
    ] {
        let problem = problem(&shop, server, open, 0).unwrap();
        assert_eq!(problem.class, class, "{problem}");
        assert!(problem.detail.contains(said), "{problem}");
    }
    // No such name: there is nobody to ask.
    portal.asked();
    let lost = source("https://pass.invalid/trust/", portal.port);
    let lost = Problem::from(repository::pin(&shop.root(), lost, now()).unwrap_err());
    assert_eq!(lost.class, Class::Network, "{lost}");
    assert_eq!(portal.asked(), []);
}

#[test]
fn a_certificate_that_is_over_is_told_from_a_clock_that_is_wrong() {
    let Ok(_) = std::env::var("MUNJIGI_TEST_AUTHORITY") else {
        // The certificates that this process trusts are not known before it starts.
        let authority = Authority::new();
        let key = authority.issuer.key().serialize_pem();
        let test = "portal::a_certificate_that_is_over_is_told_from_a_clock_that_is_wrong";
        return again(test, &format!("{}{key}", authority.pem));
    };
    let authority = known();
    let mut shop = Small::new();
    shop.publish("repo", now());
    let serve = |name, years| {
        Server::with(
            Some(authority.server(name, years)),
            folder(&shop.path("repo")),
        )
    };
    let good = serve("localhost", (2020, 2099));
    let over = serve("localhost", (2020, 2021));
    let early = serve("localhost", (2090, 2099));
    let other = serve("login.cafe.example", (2020, 2099));
    assert_eq!(problem(&shop, good.port, closed(), 0), None);

    let (before, after) = (date("Mon, 01 Jun 2020"), date("Wed, 01 Jun 2095"));
    let today = Server::start(|_, _| {
        let date = jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&jiff::Timestamp::now())
            .unwrap();
        Reply::new(404, "").with("Date", date)
    });
    for (server, open, floor, class, said) in [
        // The server's own time agrees with its certificate: the clock here is wrong.
        (&over, before.port, 0, Class::Clock, "2020-06-01"),
        (&early, after.port, 0, Class::Clock, "2095-06-01"),
        // Both clocks agree: it is the certificate.
        (&over, today.port, 0, Class::Certificate, "has expired"),
        (&early, today.port, 0, Class::Certificate, "not valid yet"),
        (&over, closed(), 0, Class::Certificate, "has expired"),
        (&other, today.port, 0, Class::Certificate, "another name"),
        // This kiosk has seen later times already: nobody needs to be asked.
        (&early, closed(), now() + 1000, Class::Clock, "already"),
        // Within what clocks differ.
        (
            &early,
            closed(),
            now() + 60,
            Class::Certificate,
            "not valid yet",
        ),
    ] {
        let problem = problem(&shop, server.port, open, floor).unwrap();
        assert_eq!(problem.class, class, "{problem}");
        assert!(problem.detail.contains(said), "{problem}");
    }

    // The whole way with the program, over TLS: pinned, updated, and the door keeps what it has when the certificate is over.
    let url = |server: &Server| format!("https://localhost:{}/trust/", server.port);
    shop.run(
        &format!(
            "trust add --data data --root issuer/root.json {}",
            url(&good)
        ),
        0,
    );
    shop.revoke_and_publish("repo");
    shop.run("trust import --data data", 0);
    let before = crate::roads::in_force(&shop);
    let store = Store::open_shared(&shop.path("data")).unwrap();
    store.raise_time_floor(now() + 10_000);
    drop(store);
    let said = shop.run(&format!("trust import --data data {}", url(&over)), 1);
    assert!(
        said.contains("this kiosk's clock is wrong") && said.contains("timedatectl"),
        "{said}"
    );
    assert_eq!(crate::roads::in_force(&shop), before);
}

/// The authority that this process trusts.
fn known() -> Authority {
    let file = std::env::var("MUNJIGI_TEST_AUTHORITY").unwrap();
    let pem = std::fs::read_to_string(file).unwrap();
    let at = pem.find("-----BEGIN PRIVATE KEY-----").unwrap();
    let key = KeyPair::from_pem(&pem[at..]).unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    Authority {
        issuer: Issuer::new(params, key),
        pem,
    }
}
