//! What an issuer does in a day, and what its service does in a second.

use std::{
    net::Ipv4Addr,
    sync::Mutex,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use munjigi::{
    issuer::{
        Eligibility, IssueRequest, Issuer, IssuerSettings, OWN_EYES, Subject,
        link::{Length, LinkRequest},
        midnight_after,
        service::{Service as Server, Settings},
    },
    pass::{Service, compose::HolderSigner},
};

use crate::{quantile, shop::now};

const PRINTED: usize = 100_000;
/// Wallets, each renewed once at most, so that each renewal is one that is written; renewals a second, and for how long.
const WALLETS: usize = 5_000;
const A_SECOND: u32 = 500;
const MEASURED: Duration = Duration::from_secs(10);
/// Until every client is ready.
const LEAD: Duration = Duration::from_millis(500);
/// Connections that share the load.
const CLIENTS: usize = 16;

pub fn run() {
    let folder = tempfile::tempdir().unwrap();
    let settings = IssuerSettings {
        name_en: Some("Bench".into()),
        ..IssuerSettings::default()
    };
    let data = folder.path().join("issuer");
    let mut issuer = Issuer::create(&data, settings, now() - 40 * 86_400).unwrap();

    let request = IssueRequest {
        service: Service::Entry,
        subject: Subject::Printed,
        eligibility: Eligibility::Over14,
        exp: midnight_after(now(), 30),
        visits: None,
        note: String::new(),
        attested: OWN_EYES.into(),
    };
    let begin = Instant::now();
    let issued = issuer.issue_many(&request, PRINTED, now()).unwrap();
    let signed = begin.elapsed();
    let repository = folder.path().join("repository");
    issuer.publish(&repository, now()).unwrap();
    println!(
        "issue {} printed passes: {:.1} s, with publishing {:.1} s",
        issued.len(),
        signed.as_secs_f64(),
        begin.elapsed().as_secs_f64()
    );
    renewals(issuer, repository);
}

struct Held {
    pass: String,
    key: HolderSigner,
}

fn renewals(mut issuer: Issuer, repository: std::path::PathBuf) {
    let holders: Vec<Held> = (0..WALLETS)
        .map(|number| {
            let mut seed = [1; 32];
            seed[..8].copy_from_slice(&(number as u64).to_be_bytes());
            let key = HolderSigner::Ed25519(SigningKey::from_bytes(&seed));
            let link = LinkRequest {
                service: Service::Entry,
                eligibility: Eligibility::Over14,
                length: Length::Days(30),
                valid: 3600,
                visits: None,
                note: String::new(),
                attested: OWN_EYES.into(),
            };
            // Twenty days ago, so that every renewal is one that is written.
            let then = now() - 20 * 86_400;
            let code = issuer.make_link(link, then).unwrap().code;
            let issued = issuer.enrol(&code, key.public(), true, then).unwrap();
            Held {
                pass: issued.number,
                key,
            }
        })
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let settings = Settings {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        origin: None,
        wallet: None,
        tls: None,
        // Each client is told to be another visitor: one address may not ask so often.
        behind_proxy: true,
        repository,
        identity: None,
    };
    let server = runtime.block_on(Server::start(issuer, settings)).unwrap();
    let origin = server.origin().to_owned();
    drop(runtime.spawn(server.run(std::future::pending())));

    let times = Mutex::new(Vec::new());
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (origin, holders, times) = (&origin, &holders, &times);
            scope.spawn(move || {
                let own = load(origin, holders, client, begin);
                times.lock().unwrap().extend(own);
            });
        }
    });
    let mut times = times.into_inner().unwrap();
    let rate = times.len() as f64 / (begin.elapsed() - LEAD).as_secs_f64();
    println!(
        "renewals: {rate:.0} a second, median {:.1} ms, p99 {:.1} ms, most {:.1} ms (client and server on the same cores)",
        quantile(&mut times, 0.5),
        quantile(&mut times, 0.99),
        quantile(&mut times, 1.0)
    );
}

/// One client's part of the load. A request that begins late counts from when it should have begun.
fn load(origin: &str, holders: &[Held], client: usize, begin: Instant) -> Vec<f64> {
    let agent = ureq::Agent::new_with_defaults();
    let address = format!("10.0.0.{client}");
    let nonce: serde_json::Value = agent
        .get(format!("{origin}/api/v1/nonce"))
        .header("x-forwarded-for", &address)
        .call()
        .unwrap()
        .body_mut()
        .read_json()
        .unwrap();
    let nonce = nonce["nonce"].as_str().unwrap();
    let step = Duration::from_secs(1) * CLIENTS as u32 / A_SECOND;
    let mut due = begin + step * client as u32 / CLIENTS as u32 + LEAD;
    let mut times = Vec::new();
    let mut at = client;
    while due < begin + MEASURED {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let holder = &holders[at % holders.len()];
        let message = format!("munjigi renew v1\n{}\n{nonce}", holder.pass);
        let signature = URL_SAFE_NO_PAD.encode(holder.key.sign(message.as_bytes()));
        let body = serde_json::json!({"pass": holder.pass, "nonce": nonce, "signature": signature});
        let mut answer = agent
            .post(format!("{origin}/api/v1/renew"))
            .header("x-forwarded-for", &address)
            .send_json(body)
            .unwrap();
        let _ = answer.body_mut().read_to_vec().unwrap();
        times.push(due.elapsed().as_secs_f64() * 1000.0);
        due += step;
        at += CLIENTS;
    }
    times
}
