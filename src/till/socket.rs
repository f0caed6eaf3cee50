//! A Unix socket of this machine: every program that is connected gets a line for each entry. An entry counts as told when
//! one of them was there to get it; until then it waits.

use std::{
    io::Write,
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::{UnixListener, UnixStream},
    },
    path::PathBuf,
    time::Duration,
};

use super::{
    Carrier,
    notice::{Line, Notice},
};
use crate::{config, store::Waiting};

/// Programs that are connected at most.
const MOST: usize = 16;
/// How long one that does not read holds up the others.
const PATIENCE: Duration = Duration::from_secs(1);
/// The owner and the group: a payment reference is nobody else's business.
const MODE: u32 = 0o660;

pub(super) struct Socket {
    path: PathBuf,
    kiosk: String,
    listener: Option<UnixListener>,
    readers: Vec<UnixStream>,
}

impl Socket {
    pub(super) fn new(till: &config::Till) -> Self {
        let mut socket = Self {
            path: till.socket.clone(),
            kiosk: till.kiosk.clone(),
            listener: None,
            readers: Vec::new(),
        };
        if let Err(problem) = socket.listen() {
            tracing::error!(problem, "no program of this machine can listen");
        }
        socket
    }

    /// Makes the socket, where there is none yet.
    fn listen(&mut self) -> Result<(), String> {
        if self.listener.is_some() {
            return Ok(());
        }
        let made = || {
            // What an earlier run left; two kiosks never have the same data folder.
            let left = std::fs::symlink_metadata(&self.path);
            if left.is_ok_and(|left| left.file_type().is_socket()) {
                std::fs::remove_file(&self.path)?;
            }
            let listener = UnixListener::bind(&self.path)?;
            listener.set_nonblocking(true)?;
            std::fs::set_permissions(&self.path, std::fs::Permissions::from_mode(MODE))?;
            Ok(listener)
        };
        let listener =
            made().map_err(|error: std::io::Error| format!("{}: {error}", self.path.display()))?;
        self.listener = Some(listener);
        Ok(())
    }

    /// Lets in who waits; whether there is somebody new.
    fn accept(&mut self) -> bool {
        let before = self.readers.len();
        while let Some(Ok((reader, _))) = self.listener.as_ref().map(UnixListener::accept) {
            let ready = reader
                .set_nonblocking(false)
                .and_then(|()| reader.set_write_timeout(Some(PATIENCE)));
            if ready.is_ok() && self.readers.len() < MOST {
                self.readers.push(reader);
            }
        }
        self.readers.len() > before
    }
}

impl Carrier for Socket {
    fn deliver(&mut self, entry: &Waiting) -> Result<(), String> {
        self.listen()?;
        self.accept();
        let line = Line {
            id: &entry.id,
            notice: Notice::of(entry, &self.kiosk),
        };
        let mut line = serde_json::to_string(&line).map_err(|error| error.to_string())?;
        line.push('\n');
        // Who is gone, or does not read, is connected no longer.
        self.readers
            .retain_mut(|reader| reader.write_all(line.as_bytes()).is_ok());
        if self.readers.is_empty() {
            Err("nobody listens on the socket".into())
        } else {
            Ok(())
        }
    }

    fn stirred(&mut self) -> bool {
        self.listen().is_ok() && self.accept()
    }
}
