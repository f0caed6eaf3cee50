//! `camera.json` in the data folder: what codes were last read with, by the name of the camera.

use std::{collections::BTreeMap, fs, io, path::Path};

use super::Settings;

/// Name of the file.
const FILE: &str = "camera.json";
/// Larger files are not ours.
const MOST_BYTES: u64 = 64 << 10;
/// Cameras at most; a kiosk has one.
const MOST_CAMERAS: usize = 16;

type Kept = BTreeMap<String, Settings>;

/// What was kept for a camera. A file that cannot be understood is as good as none, and said so.
#[must_use]
pub fn read(folder: &Path, camera: &str) -> Option<Settings> {
    all(folder).remove(camera)
}

/// Keeps what codes are read with for a camera. The folder is not made: without it there is no shop to keep it for.
///
/// # Errors
/// When the file cannot be written.
pub fn write(folder: &Path, camera: &str, settings: Settings) -> io::Result<()> {
    let mut kept = all(folder);
    if kept.len() >= MOST_CAMERAS && !kept.contains_key(camera) {
        kept.clear();
    }
    kept.insert(camera.into(), settings);
    let text = serde_json::to_string_pretty(&kept)?;
    // A power cut leaves the old file or the new one.
    let fresh = folder.join(format!("{FILE}.new"));
    fs::write(&fresh, text)?;
    fs::rename(&fresh, folder.join(FILE))
}

fn all(folder: &Path) -> Kept {
    let path = folder.join(FILE);
    let Ok(about) = fs::metadata(&path) else {
        return Kept::new();
    };
    let read = if about.len() > MOST_BYTES {
        Err(io::Error::other("it is too large"))
    } else {
        fs::read(&path).and_then(|bytes| Ok(serde_json::from_slice(&bytes)?))
    };
    read.unwrap_or_else(|error| {
        tracing::warn!(file = %path.display(), %error, "what was kept of the camera's exposure is not used");
        Kept::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::exposure::Mains;

    #[test]
    fn each_camera_gets_back_its_own_and_a_broken_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), "one"), None);
        let one = Settings {
            auto: false,
            exposure: Some(83),
            gain: Some(4),
            focus: None,
            mains: Some(Mains::Hz60),
        };
        write(folder.path(), "one", one).unwrap();
        write(folder.path(), "two", Settings::AUTO).unwrap();
        assert_eq!(read(folder.path(), "one"), Some(one));
        assert_eq!(read(folder.path(), "two"), Some(Settings::AUTO));
        for broken in ["{\"one\": {\"auto\": 3}}", "", "\u{0}"] {
            fs::write(folder.path().join(FILE), broken).unwrap();
            assert_eq!(read(folder.path(), "one"), None, "{broken}");
        }
        write(folder.path(), "one", one).unwrap();
        assert_eq!(read(folder.path(), "one"), Some(one));
        assert!(write(&folder.path().join("gone"), "one", one).is_err());
    }
}
