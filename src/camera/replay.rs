//! A folder of pictures (PNG, JPEG, PGM) in the order of their names, at a given rate.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use image::{ImageReader, Limits};

use super::{CameraError, Frame, Luma, Source};

/// Width and height of a picture at most.
const MOST_SIDE: u32 = 10_000;
/// Memory for one picture at most.
const MOST_BYTES: u64 = 256 << 20;

/// Reads a picture file as brightness. Its size is bounded before it is decoded.
///
/// # Errors
/// [`CameraError::Picture`] with the file and what is wrong with it.
pub fn read(path: &Path) -> Result<Luma, CameraError> {
    let failed = |problem: String| CameraError::Picture {
        name: path.display().to_string(),
        problem,
    };
    let mut reader = ImageReader::open(path)
        .and_then(ImageReader::with_guessed_format)
        .map_err(|error| failed(error.to_string()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let grey = reader
        .decode()
        .map_err(|error| failed(error.to_string()))?
        .into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    Luma::new(width, height, grey.into_raw()).ok_or_else(|| failed("its size does not fit".into()))
}

/// A folder that stands in for a camera.
#[derive(Debug)]
pub struct Replay {
    folder: PathBuf,
    files: Vec<PathBuf>,
    next: usize,
    repeat: bool,
    turn: u32,
    pace: Pace,
    seq: u64,
}

impl Replay {
    /// Lists the folder. `fps` pictures a second; `repeat` begins again at the end; `turn` is clockwise in degrees.
    ///
    /// # Errors
    /// [`CameraError`] when there is no such folder or no picture in it.
    pub fn open(folder: &Path, fps: u32, repeat: bool, turn: u32) -> Result<Self, CameraError> {
        let name = folder.display().to_string();
        let listed = std::fs::read_dir(folder).map_err(|_| CameraError::Missing(name.clone()))?;
        let mut files: Vec<PathBuf> = listed
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let extension = path
                    .extension()
                    .and_then(|extension| extension.to_str())
                    .unwrap_or("");
                ["png", "jpg", "jpeg", "pgm"]
                    .iter()
                    .any(|known| extension.eq_ignore_ascii_case(known))
            })
            .collect();
        if files.is_empty() {
            return Err(CameraError::Open {
                name,
                problem: "no PNG, JPEG or PGM picture is in it".into(),
            });
        }
        files.sort();
        Ok(Self {
            folder: folder.into(),
            files,
            next: 0,
            repeat,
            turn,
            pace: Pace::new(fps),
            seq: 0,
        })
    }
}

impl Source for Replay {
    fn name(&self) -> String {
        self.folder.display().to_string()
    }

    fn next(&mut self) -> Result<Option<Frame>, CameraError> {
        if self.next == self.files.len() {
            if !self.repeat {
                return Ok(None);
            }
            self.next = 0;
        }
        let luma = read(&self.files[self.next])?.turned(self.turn);
        self.next += 1;
        self.pace.wait();
        self.seq += 1;
        Ok(Some(Frame {
            seq: self.seq - 1,
            luma: Arc::new(luma),
            at: Instant::now(),
        }))
    }
}

/// Holds a source to its rate.
#[derive(Debug)]
pub(super) struct Pace {
    period: Duration,
    next: Instant,
}

impl Pace {
    pub(super) fn new(fps: u32) -> Self {
        Self {
            period: Duration::from_secs(1) / fps.clamp(1, 240),
            next: Instant::now(),
        }
    }

    /// Sleeps until the next picture is due. What is late stays late: pictures do not come in bursts.
    pub(super) fn wait(&mut self) {
        let now = Instant::now();
        std::thread::sleep(self.next.saturating_duration_since(now));
        self.next = self.next.max(now) + self.period;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_a_folder_in_order_once_or_again() {
        let folder = tempfile::tempdir().unwrap();
        for (name, grey) in [("b.pgm", 2_u8), ("a.png", 1), ("c.txt", 9)] {
            let path = folder.path().join(name);
            if name == "c.txt" {
                std::fs::write(path, "no picture").unwrap();
            } else {
                image::GrayImage::from_pixel(3, 2, image::Luma([grey]))
                    .save(path)
                    .unwrap();
            }
        }
        let mut once = Replay::open(folder.path(), 200, false, 90).unwrap();
        let frames: Vec<Frame> = std::iter::from_fn(|| once.next().unwrap()).collect();
        let seen: Vec<_> = frames
            .iter()
            .map(|frame| (frame.seq, frame.luma.data[0], frame.luma.width))
            .collect();
        assert_eq!(seen, [(0, 1, 2), (1, 2, 2)]);
        let mut again = Replay::open(folder.path(), 200, true, 0).unwrap();
        let greys: Vec<u8> = (0..5)
            .map(|_| again.next().unwrap().unwrap().luma.data[0])
            .collect();
        assert_eq!(greys, [1, 2, 1, 2, 1]);
    }

    #[test]
    fn what_is_missing_or_no_picture_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            Replay::open(&folder.path().join("no"), 1, true, 0),
            Err(CameraError::Missing(_))
        ));
        let empty = Replay::open(folder.path(), 1, true, 0)
            .unwrap_err()
            .to_string();
        assert!(
            empty.ends_with("no PNG, JPEG or PGM picture is in it"),
            "{empty}"
        );
        std::fs::write(folder.path().join("a.png"), b"\x89PNG\r\n\x1a\nrubbish").unwrap();
        let broken = Replay::open(folder.path(), 1, true, 0)
            .unwrap()
            .next()
            .unwrap_err()
            .to_string();
        assert!(broken.contains("a.png"), "{broken}");
    }
}
