//! What the drawn phone shows, one act after the other.
//!
//! ```json
//! {"acts": [{"show": "live", "wallet_key": "a.key", "credential": "a.cwt", "aud": "E", "seconds": 4, "grade": "easy"},
//!           {"show": "again", "seconds": 4},
//!           {"show": "text", "text": "MJ1:...", "printed": true, "seconds": 4},
//!           {"show": "file", "path": "answer.txt", "seconds": 20},
//!           {"show": "nothing", "seconds": 3}],
//!  "fps": 15, "seed": 7, "loop": true}
//! ```
//!
//! `live` signs anew every 5 s with the holder's key (a file as [`crate::wallet`] writes it) over the credential (a file);
//! `again` is a screenshot of the last live text. `file` is a text that is decided while the script runs: the file is read
//! anew for each picture, and nothing is held up while it is missing or empty. Paths are relative to the script. Grades: `easy`, `medium`, `hard`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{
    camera::CameraError,
    pass::{Audience, compose::HolderSigner},
    wallet,
};

/// Bytes of a script at most.
const MOST: u64 = 16 << 20;

/// A script with its files read.
pub struct Script {
    /// One after the other.
    pub acts: Vec<Act>,
    /// Pictures a second.
    pub fps: u32,
    /// The same seed draws the same scenes.
    pub seed: u64,
    /// Begins again at the end.
    pub repeat: bool,
}

/// One thing that is held up for a while.
pub struct Act {
    /// What.
    pub show: Show,
    /// On paper instead of a screen.
    pub printed: bool,
    /// For how long.
    pub seconds: f64,
    /// How hard it is to read.
    pub grade: Grade,
}

/// What is held up.
pub enum Show {
    /// Nothing.
    Nothing,
    /// Always the same text.
    Text(String),
    /// The last live text.
    Again,
    /// The text in this file at that moment; nothing without one.
    File(PathBuf),
    /// A pass that is signed anew.
    Live(Box<Wallet>),
}

/// A holder's wallet.
pub struct Wallet {
    /// The private key.
    pub key: HolderSigner,
    /// The credential's bytes.
    pub credential: Vec<u8>,
    /// Whom the presentation is for.
    pub audience: Audience,
}

/// How hard a picture is to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// A steady hand in good light.
    #[default]
    Easy,
    /// Tilted, blurred, noisy, sometimes glare.
    Medium,
    /// Far, dark, shaken.
    Hard,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenScript {
    acts: Vec<WrittenAct>,
    fps: u32,
    #[serde(default)]
    seed: u64,
    #[serde(default, rename = "loop")]
    repeat: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAct {
    show: String,
    #[serde(default)]
    wallet_key: PathBuf,
    #[serde(default)]
    credential: PathBuf,
    #[serde(default)]
    aud: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    path: PathBuf,
    #[serde(default)]
    printed: bool,
    seconds: f64,
    #[serde(default)]
    grade: Grade,
}

/// Reads a script and the files that it names.
///
/// # Errors
/// [`CameraError`] when it is missing or says what cannot be done.
pub fn read(path: &Path) -> Result<Script, CameraError> {
    let name = path.display().to_string();
    let length = std::fs::metadata(path)
        .map_err(|_| CameraError::Missing(name.clone()))?
        .len();
    let failed = |problem: String| CameraError::Open {
        name: name.clone(),
        problem,
    };
    if length > MOST {
        return Err(failed(format!("the script is longer than {MOST} bytes")));
    }
    let text = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let script: WrittenScript =
        serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let acts: Result<Vec<Act>, String> =
        script.acts.into_iter().map(|act| of(act, folder)).collect();
    let acts = acts.map_err(failed)?;
    if !acts.iter().any(|act| act.seconds > 0.0) {
        return Err(failed("no act of the script takes any time".into()));
    }
    Ok(Script {
        acts,
        fps: script.fps,
        seed: script.seed,
        repeat: script.repeat,
    })
}

fn of(act: WrittenAct, folder: &Path) -> Result<Act, String> {
    let show = match act.show.as_str() {
        "nothing" => Show::Nothing,
        "text" => Show::Text(act.text),
        "again" => Show::Again,
        "file" => Show::File(folder.join(&act.path)),
        "live" => Show::Live(Box::new(Wallet {
            key: key(&folder.join(&act.wallet_key))?,
            credential: file(&folder.join(&act.credential))?,
            audience: act.aud.parse()?,
        })),
        other => {
            return Err(format!(
                "show '{other}' is none of live, again, text, file, nothing"
            ));
        }
    };
    Ok(Act {
        show,
        printed: act.printed,
        seconds: act.seconds,
        grade: act.grade,
    })
}

fn file(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn key(path: &Path) -> Result<HolderSigner, String> {
    let text = String::from_utf8(file(path)?).unwrap_or_default();
    wallet::parse_key(&text).map_err(|problem| format!("{}: {problem}", path.display()))
}
