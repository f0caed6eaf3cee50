//! A web server under the test's hand: it serves a folder, or whatever else, whole or cut off, with or without TLS.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use sha2::{Digest, Sha256};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub path: String,
    /// `If-None-Match`.
    pub tag: Option<String>,
    /// What was answered.
    pub status: u16,
}

/// An answer.
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// The body is sent again and again, without an end.
    pub endless: bool,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            endless: false,
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn endless(mut self) -> Self {
        self.endless = true;
        self
    }
}

type Answer = dyn Fn(&str, Option<&str>) -> Reply + Send + Sync;

pub struct Server {
    pub port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Bytes that may still be sent; then every connection is shut.
    left: Arc<AtomicI64>,
    answer: Arc<Mutex<Arc<Answer>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&str, Option<&str>) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(None, answer)
    }

    pub fn with(
        tls: Option<Arc<rustls::ServerConfig>>,
        answer: impl Fn(&str, Option<&str>) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            asked: Arc::default(),
            left: Arc::new(AtomicI64::new(i64::MAX)),
            answer: Arc::new(Mutex::new(Arc::new(answer))),
        };
        let (asked, left, answer) = (
            server.asked.clone(),
            server.left.clone(),
            server.answer.clone(),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { break };
                let (asked, left, answer) = (asked.clone(), left.clone(), answer.clone());
                let tls = tls.clone();
                std::thread::spawn(move || {
                    let socket = stream.try_clone().unwrap();
                    let _ = stream.set_nodelay(true);
                    let counted = Counted { stream, left };
                    match tls {
                        None => talk(counted, &asked, &answer),
                        Some(tls) => {
                            let connection = rustls::ServerConnection::new(tls).unwrap();
                            talk(
                                rustls::StreamOwned::new(connection, counted),
                                &asked,
                                &answer,
                            );
                        }
                    }
                    let _ = socket.shutdown(Shutdown::Both);
                });
            }
        });
        server
    }

    /// From now on it answers so.
    pub fn answers(&self, answer: impl Fn(&str, Option<&str>) -> Reply + Send + Sync + 'static) {
        *self.answer.lock().unwrap() = Arc::new(answer);
    }

    /// So many bytes more, and the network is dead.
    pub fn dies_after(&self, bytes: i64) {
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// How many bytes were sent since [`Server::dies_after`] with this number.
    pub fn sent_of(&self, bytes: i64) -> i64 {
        bytes - self.left.load(Ordering::SeqCst)
    }

    /// What was asked for since the last call.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/trust/", self.port)
    }
}

/// Serves a repository under `/trust/`, with tags.
pub fn folder(folder: &Path) -> impl Fn(&str, Option<&str>) -> Reply + Send + Sync + 'static {
    let folder = PathBuf::from(folder);
    move |path, known| {
        let name = path.strip_prefix("/trust/").unwrap_or("nothing");
        let Ok(bytes) = std::fs::read(folder.join(name)) else {
            return Reply::new(404, "");
        };
        let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..8]));
        let reply = if known == Some(&tag) {
            Reply::new(304, "")
        } else {
            Reply::new(200, bytes)
        };
        reply.with("ETag", tag)
    }
}

fn talk(stream: impl Read + Write, asked: &Mutex<Vec<Asked>>, answer: &Mutex<Arc<Answer>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut line, mut head) = (String::new(), Vec::new());
        while matches!(stream.read_line(&mut line), Ok(length) if length > 2) {
            head.push(std::mem::take(&mut line));
        }
        let Some(path) = head.first().and_then(|first| first.split(' ').nth(1)) else {
            return;
        };
        let tag = head.iter().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is = name.eq_ignore_ascii_case("if-none-match");
            is.then(|| value.trim().to_owned())
        });
        let answer = answer.lock().unwrap().clone();
        let reply = answer(path, tag.as_deref());
        asked.lock().unwrap().push(Asked {
            path: path.to_owned(),
            tag,
            status: reply.status,
        });
        if send(stream.get_mut(), &reply).is_err() {
            return;
        }
    }
}

fn send(stream: &mut impl Write, reply: &Reply) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} So\r\n", reply.status);
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    let told = |header: &str| reply.headers.iter().any(|(name, _)| *name == header);
    if !reply.endless && reply.status != 304 && !told("Content-Length") {
        head += &format!("Content-Length: {}\r\n", reply.body.len());
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(&reply.body)?;
    if reply.endless {
        loop {
            stream.write_all(&reply.body)?;
        }
    }
    stream.flush()
}

/// A stream that dies after a number of bytes, shared with all others of its server.
struct Counted {
    stream: TcpStream,
    left: Arc<AtomicI64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.stream.read(into)
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let left = self.left.load(Ordering::SeqCst).max(0);
        let length = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if length > 0 {
            self.stream.write_all(&bytes[..length])?;
            self.left.fetch_sub(length as i64, Ordering::SeqCst);
        }
        if length < bytes.len() {
            let _ = self.stream.shutdown(Shutdown::Both);
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        Ok(length)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}
