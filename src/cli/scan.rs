//! `munjigi scan`.

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use serde_json::json;

use super::Failure;
use crate::{
    camera::{CameraError, replay},
    scan::{self, Effort},
};

const ADVICE: &str = "Give PNG, JPEG or PGM pictures that are there and that this user may read.";
/// Folders inside folders are followed this deep.
const DEPTH: u32 = 8;

/// Arguments of `munjigi scan`.
#[derive(Debug, clap::Args)]
pub struct Scan {
    /// A JSON line for each file: {"file","texts":[..],"ms"}
    #[arg(long)]
    pub json: bool,
    /// Read as one frame of a video is read, not with the patience that a still picture gets
    #[arg(long)]
    pub frame: bool,
    /// Picture files (PNG, JPEG, PGM), or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

impl Scan {
    /// Runs it; `false` means that a picture has no code.
    ///
    /// # Errors
    /// [`Failure`] with what to do; the other pictures were read all the same.
    pub fn run(self) -> Result<bool, Failure> {
        let effort = if self.frame {
            Effort::Frame
        } else {
            Effort::Still
        };
        let mut files = Vec::new();
        for file in &self.files {
            let before = files.len();
            list(file, DEPTH, &mut files);
            if files.len() == before {
                return Err(Failure::usage(
                    format!("{} has no picture", file.display()),
                    "Give a folder with PNG, JPEG or PGM pictures.",
                ));
            }
        }
        let mut failed = Vec::new();
        let mut all = true;
        for file in files {
            let picture = match replay::read(&file) {
                Ok(picture) => picture,
                Err(error) => {
                    let problem = match error {
                        CameraError::Picture { problem, .. } => problem,
                        error => error.to_string(),
                    };
                    self.say(&json!({"file": file, "error": problem}));
                    failed.push(file);
                    continue;
                }
            };
            let begin = Instant::now();
            let found = scan::read(&picture, effort);
            let ms = begin.elapsed().as_secs_f64() * 1000.0;
            let texts: Vec<String> = found.iter().map(|found| scan::shown(&found.text)).collect();
            all &= !texts.is_empty();
            self.say(&json!({"file": file, "texts": texts, "ms": (ms * 100.0).round() / 100.0}));
        }
        let problem = match failed.as_slice() {
            [] => return Ok(all),
            [file] => format!("{} could not be read", file.display()),
            files => format!("{} files could not be read", files.len()),
        };
        Err(Failure::device(problem, ADVICE))
    }

    fn say(&self, line: &serde_json::Value) {
        let mut out = std::io::stdout().lock();
        let _ = if self.json {
            writeln!(out, "{line}")
        } else {
            let file = line["file"].as_str().unwrap_or_default();
            match (line["texts"].as_array(), line["error"].as_str()) {
                (_, Some(error)) => writeln!(out, "{file}: {error}"),
                (Some(texts), _) if texts.is_empty() => writeln!(out, "{file}: no code"),
                (Some(texts), _) => texts.iter().try_for_each(|text| {
                    writeln!(out, "{file}: {}", text.as_str().unwrap_or_default())
                }),
                _ => Ok(()),
            }
        };
    }
}

/// The pictures of a folder in the order of their names; a file as it is.
fn list(path: &Path, depth: u32, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        files.push(path.into());
        return;
    };
    let mut inside: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    inside.sort();
    for path in inside {
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        if path.is_dir() && depth > 0 {
            list(&path, depth - 1, files);
        } else if ["png", "jpg", "jpeg", "pgm"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
        {
            files.push(path);
        }
    }
}
