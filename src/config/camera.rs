//! `[camera]`: where the pictures come from, and who exposes them.

use std::path::PathBuf;

use serde::Deserialize;

/// Which kind of camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CameraSource {
    /// A webcam through V4L2.
    Webcam,
    /// A folder of pictures.
    Replay,
    /// A drawn phone with a live pass (demonstration and tests).
    Phone,
}

/// Who exposes the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    /// The camera by itself, for the whole scene.
    Auto,
    /// The kiosk, for the code, while one is in view.
    Managed,
}

/// Where the pictures come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Camera {
    /// Which kind.
    pub source: CameraSource,
    /// Webcam: `/dev/v4l/by-id/...`, a part of the name, or empty for the first one.
    pub device: String,
    /// Replay: the folder of pictures. Phone: the script, a JSON file.
    pub path: PathBuf,
    /// Replay: start again at the end.
    pub repeat: bool,
    /// Pictures a second that are asked for.
    pub fps: u32,
    /// Clockwise turn that makes the picture upright: 0, 90, 180 or 270.
    pub rotate: u32,
    /// Mirror the preview, as people expect of a screen that shows them.
    pub mirror: bool,
    /// Webcam: who exposes the pictures.
    pub exposure: Exposure,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            source: CameraSource::Webcam,
            device: String::new(),
            path: PathBuf::new(),
            repeat: true,
            fps: 15,
            rotate: 0,
            mirror: true,
            exposure: Exposure::Managed,
        }
    }
}
