//! The transport: files under a URL. Each file that is in force is asked for by its tag (RFC 9110 section 13.1.2), every
//! wait has an end, and what goes wrong on the way is told apart.

use std::{
    collections::BTreeMap,
    fmt,
    io::Read,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use tough::{Transport, TransportError, TransportErrorKind, TransportStream};
use ureq::{Body, http::Response};
use url::Url;

use super::{
    budget::{Budget, MAX_FILE},
    fault::Fault,
    portal,
    source::{Progress, Source},
};
use crate::{
    http,
    trust::{
        place::is_fetched,
        problem::{Class, Problem},
    },
};

/// How long a whole update may take: 50 lists over a slow line.
const WHOLE: Duration = Duration::from_secs(600);
/// How long a server may be silent.
const IDLE: Duration = Duration::from_secs(20);
const MOST_REDIRECTS: usize = 3;
/// Letters of a tag at most.
const MOST_TAG: usize = 256;
/// Bytes of a target that are handed on at once.
const PIECE: usize = 64 << 10;
/// How far the clocks of kiosk and server may differ before this one is called wrong, in seconds.
const DAY: u64 = 86_400;
/// How far below its floor a clock may stand, in seconds.
const TOLERANCE: u64 = 120;

/// Files that are in force, by their path, with what the server calls them.
pub(super) type Known = BTreeMap<String, (Vec<u8>, String)>;

/// A repository under a URL.
#[derive(Clone)]
pub(super) struct Web {
    base: Url,
    run: Arc<Run>,
    pub(super) budget: Budget,
}

/// One run.
struct Run {
    agent: ureq::Agent,
    known: Known,
    now: u64,
    floor: u64,
    portal_port: u16,
    progress: Option<Progress>,
    end: Instant,
    answered: AtomicBool,
    files: AtomicU64,
    bytes: AtomicU64,
    problem: Mutex<Option<Problem>>,
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Web({})", self.base)
    }
}

/// What came of a request.
enum Got {
    /// The file that is in force is still the same.
    Stored(Vec<u8>),
    Body(Response<Body>),
    Missing,
}

impl Web {
    pub(super) fn open(
        base: &Url,
        source: &Source,
        known: Known,
        budget: Budget,
        now: u64,
    ) -> Self {
        Self {
            base: base.clone(),
            run: Arc::new(Run {
                agent: http::agent(WHOLE, Some(IDLE)),
                known,
                now,
                floor: source.floor,
                portal_port: source.portal_port,
                progress: source.progress.clone(),
                end: Instant::now() + WHOLE,
                answered: AtomicBool::new(false),
                files: AtomicU64::new(0),
                bytes: AtomicU64::new(0),
                problem: Mutex::default(),
            }),
            budget,
        }
    }

    pub(super) fn url(&self, path: &str) -> Result<Url, url::ParseError> {
        self.base.join(path)
    }

    /// What went wrong first.
    pub(super) fn problem(&self) -> Option<Problem> {
        self.run.noted().clone()
    }

    /// One file whole, of at most so many bytes.
    ///
    /// # Errors
    /// What went wrong.
    pub(super) fn file(&self, path: &str, most: u64) -> Result<Vec<u8>, Problem> {
        let url = self.url(path).map_err(|error| server(error.to_string()))?;
        match self.get(&url, path)? {
            Got::Stored(bytes) => Ok(bytes),
            Got::Body(response) => self.read(response, path, most),
            Got::Missing => Err(server(format!("it has no {path}"))),
        }
    }

    fn get(&self, url: &Url, path: &str) -> Result<Got, Problem> {
        if let Some(problem) = self.problem() {
            return Err(problem);
        }
        let run = &self.run;
        let mut at = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let left = run.end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(network(url, "the update takes too long"));
            }
            let known = run.known.get(path);
            let mut request = run.agent.get(at.as_str());
            if let Some((_, tag)) = known {
                request = request.header("if-none-match", tag);
            }
            let request = request.config().timeout_global(Some(left)).build();
            let response = request.call().map_err(|error| self.judge(&at, &error))?;
            run.answered.store(true, Ordering::Relaxed);
            let status = response.status().as_u16();
            match (status, known) {
                (200, _) if is_page(&response) => {
                    return Err(server(format!("it answers {path} with a web page")));
                }
                (200, _) => return Ok(Got::Body(response)),
                (304, Some((bytes, _))) => return Ok(Got::Stored(bytes.clone())),
                // As of stores of files, which say 403 of what is not there.
                (403 | 404 | 410, _) => return Ok(Got::Missing),
                (301 | 302 | 303 | 307 | 308, _) => at = redirect(&at, &response)?,
                _ => return Err(server(format!("it answers {path} with status {status}"))),
            }
        }
        Err(server(format!("it redirects {path} again and again")))
    }

    fn read(&self, response: Response<Body>, path: &str, most: u64) -> Result<Vec<u8>, Problem> {
        let tag = response.headers().get("etag");
        let tag = tag.and_then(|tag| tag.to_str().ok());
        let tag = tag.filter(|tag| tag.len() <= MOST_TAG).map(str::to_owned);
        let mut reader = body(response);
        let mut bytes = Vec::new();
        let mut piece = vec![0; PIECE];
        loop {
            let length = reader
                .read(&mut piece)
                .map_err(|error| self.broke(&error))?;
            if length == 0 {
                break;
            }
            bytes.extend(&piece[..length]);
            if bytes.len() as u64 > most {
                return Err(server(format!("{path} is longer than {most} bytes")));
            }
            self.run.came(length, 0);
        }
        self.run.came(0, 1);
        self.budget
            .take(path, &bytes, tag)
            .map_err(|problem| server(format!("{path}: {problem}")))?;
        Ok(bytes)
    }

    /// A target goes through as it comes: its length is known, and no more is read.
    fn pieces(&self, response: Response<Body>, url: Url) -> TransportStream {
        let reader = body(response);
        let web = self.clone();
        Box::pin(stream::unfold(Some((reader, web, url)), |open| {
            std::future::ready(open.and_then(|(mut reader, web, url)| {
                let mut piece = vec![0; PIECE];
                match reader.read(&mut piece) {
                    Ok(0) => {
                        web.run.came(0, 1);
                        None
                    }
                    Ok(length) => {
                        piece.truncate(length);
                        web.run.came(length, 0);
                        Some((Ok(Bytes::from(piece)), Some((reader, web, url))))
                    }
                    Err(error) => {
                        let problem = web.broke(&error);
                        Some((Err(web.failed(url, problem)), None))
                    }
                }
            }))
        }))
    }

    /// The connection broke off within a file.
    fn broke(&self, error: &std::io::Error) -> Problem {
        match Fault::of_io(error) {
            Fault::Network(detail) => network(&self.base, &detail),
            _ => network(&self.base, &error.to_string()),
        }
    }

    /// What a request without an answer means.
    fn judge(&self, url: &Url, error: &ureq::Error) -> Problem {
        let run = &self.run;
        let host = url.host_str().unwrap_or_default();
        let fault = Fault::of(error);
        if matches!(fault, Fault::Time(_)) && run.now + TOLERANCE < run.floor {
            return Problem::new(
                Class::Clock,
                format!(
                    "{} here, and it was {} already",
                    time(run.now),
                    time(run.floor)
                ),
            );
        }
        // Asked only where it can explain something: nobody answered yet, and somebody could.
        let asks = url.scheme() == "https"
            && !run.answered.load(Ordering::Relaxed)
            && !matches!(fault, Fault::Name);
        let answer = if asks {
            portal::ask(url, run.portal_port)
        } else {
            portal::Answer::default()
        };
        if let Some(to) = answer.sign_in {
            return Problem::new(Class::Portal, format!("it sends {host} to {to}"));
        }
        match (fault, answer.date) {
            (Fault::Time(_), Some(date)) if date.abs_diff(run.now) > DAY => Problem::new(
                Class::Clock,
                format!("{} here, and {} at {host}", time(run.now), time(date)),
            ),
            (Fault::Time(detail) | Fault::Certificate(detail), _) => {
                Problem::new(Class::Certificate, format!("the one of {host} {detail}"))
            }
            (Fault::Name, _) => network(url, "no such name, or no network"),
            (Fault::Network(detail), _) => network(url, &detail),
            (Fault::Tls(detail) | Fault::Http(detail), _) => server(format!("{host}: {detail}")),
        }
    }

    /// Keeps a problem, and stops the run.
    fn failed(&self, url: Url, problem: Problem) -> TransportError {
        let text = problem.to_string();
        let _ = self.run.noted().get_or_insert(problem);
        TransportError::new_with_cause(TransportErrorKind::Other, url, text)
    }
}

impl Run {
    fn noted(&self) -> std::sync::MutexGuard<'_, Option<Problem>> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn came(&self, bytes: usize, files: u64) {
        let bytes = self.bytes.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let files = self.files.fetch_add(files, Ordering::Relaxed) + files;
        if let Some(progress) = &self.progress {
            progress(files, bytes);
        }
    }
}

#[async_trait]
impl Transport for Web {
    async fn fetch(&self, url: Url) -> Result<TransportStream, TransportError> {
        let path = url.as_str().strip_prefix(self.base.as_str());
        let path = path.unwrap_or_default().to_owned();
        let root = path.ends_with(".root.json");
        let whole = |bytes| -> TransportStream { Box::pin(stream::iter([Ok(Bytes::from(bytes))])) };
        let got = if path.is_empty() {
            Err(server("a name leads out of the repository"))
        } else {
            self.get(&url, &path)
        };
        let came = match got {
            Ok(Got::Missing) if root => {
                return Err(TransportError::new(TransportErrorKind::FileNotFound, url));
            }
            Ok(Got::Missing) => Err(server(format!("it has no {path}"))),
            Ok(Got::Stored(bytes)) => {
                let tag = self.run.known.get(&path).map(|(_, tag)| tag.clone());
                let taken = self.budget.take(&path, &bytes, tag).map_err(server);
                taken.map(|()| whole(bytes))
            }
            Ok(Got::Body(response)) if path.starts_with("metadata/") => {
                self.read(response, &path, MAX_FILE).map(whole)
            }
            Ok(Got::Body(response)) => Ok(self.pieces(response, url.clone())),
            Err(problem) => Err(problem),
        };
        // In the stream: of an error before it, tough thinks that there is no newer root.
        Ok(came.unwrap_or_else(|problem| {
            let error = self.failed(url, problem);
            Box::pin(stream::iter([Err(error)]))
        }))
    }
}

type Reader = Box<dyn Read + Send + Sync>;

fn body(response: Response<Body>) -> Reader {
    // The client's own limit is below what the largest target may have.
    let body = response.into_body().into_with_config();
    Box::new(body.limit(u64::MAX).reader())
}

fn is_page(response: &Response<Body>) -> bool {
    let kind = response.headers().get("content-type");
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.trim_start()
        .to_ascii_lowercase()
        .starts_with("text/html")
}

/// Where a redirect leads: never out of TLS.
fn redirect(from: &Url, response: &Response<Body>) -> Result<Url, Problem> {
    let to = response.headers().get("location");
    let to = to.and_then(|to| from.join(to.to_str().ok()?).ok());
    let to = to.ok_or_else(|| server("it redirects to nowhere"))?;
    if to.scheme() == "https" || (from.scheme() == "http" && is_fetched(&to)) {
        Ok(to)
    } else {
        let host = to.host_str().unwrap_or_default();
        Err(server(format!("it redirects to {}://{host}", to.scheme())))
    }
}

fn server(detail: impl ToString) -> Problem {
    Problem::new(Class::Server, detail)
}

fn network(url: &Url, detail: &str) -> Problem {
    let host = url.host_str().unwrap_or_default();
    Problem::new(Class::Network, format!("{host}: {detail}"))
}

/// A second as people read it.
fn time(unix: u64) -> String {
    let second = i64::try_from(unix).ok();
    let time = second.and_then(|second| jiff::Timestamp::from_second(second).ok());
    time.unwrap_or(jiff::Timestamp::MAX).to_string()
}
