//! A webcam through V4L2 (nokhwa).

use std::{path::Path, sync::Arc, time::Instant};

use nokhwa::{
    Camera,
    pixel_format::LumaFormat,
    utils::{
        ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
    },
};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use super::{
    CameraError, Frame, Luma, Source,
    controls::Controls,
    exposure::{Limits, Settings},
    format::{self, Offer, Pixels},
};

/// An open webcam.
pub struct Webcam {
    camera: Camera,
    controls: Controls,
    offer: Offer,
    name: String,
    turn: u32,
    seq: u64,
}

/// A webcam that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugged {
    /// Number of `/dev/video`.
    pub index: u32,
    /// What it calls itself.
    pub name: String,
}

/// Every webcam that is plugged in.
#[must_use]
pub fn plugged() -> Vec<Plugged> {
    let found = nokhwa::query(ApiBackend::Video4Linux).unwrap_or_default();
    let mut cameras: Vec<Plugged> = found
        .iter()
        .filter_map(|camera| {
            Some(Plugged {
                index: camera.index().as_index().ok()?,
                name: camera.human_name(),
            })
        })
        .collect();
    cameras.sort_by_key(|camera| camera.index);
    cameras
}

impl Webcam {
    /// Opens the camera that `device` names now: a path (`/dev/v4l/by-id/...`), a part of its name, or empty for the first
    /// one that gives pictures. Numbers move when a plug is pulled, so this is done at every open. `turn` is clockwise in
    /// degrees.
    ///
    /// # Errors
    /// [`CameraError`] when it is missing, busy, or offers no format that can be read.
    pub fn open(device: &str, fps: u32, turn: u32) -> Result<Self, CameraError> {
        let missing = || {
            CameraError::Missing(if device.is_empty() {
                "/dev/video*".into()
            } else {
                device.into()
            })
        };
        let mut failure = None;
        for index in candidates(device) {
            match Self::open_index(index, fps, turn) {
                Ok(webcam) => return Ok(webcam),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.unwrap_or_else(missing))
    }

    fn open_index(index: u32, fps: u32, turn: u32) -> Result<Self, CameraError> {
        let path = format!("/dev/video{index}");
        let failed = |problem: String| CameraError::Open {
            name: path.clone(),
            problem,
        };
        let any = RequestedFormat::new::<LumaFormat>(RequestedFormatType::None);
        let mut camera = Camera::new(CameraIndex::Index(index), any)
            .map_err(|error| failed(error.to_string()))?;
        let offers = camera
            .compatible_camera_formats()
            .map_err(|error| failed(error.to_string()))?;
        let offers: Vec<Offer> = offers.iter().map(offer).collect();
        let chosen = format::choose(&offers, fps)
            .ok_or_else(|| failed("it offers no format that can be read".into()))?;
        let wanted = CameraFormat::new_from(
            chosen.width,
            chosen.height,
            frame_format(chosen.pixels),
            chosen.fps,
        );
        let formats = [wanted.format()];
        let exact = RequestedFormat::with_formats(RequestedFormatType::Exact(wanted), &formats);
        let set = camera
            .set_camera_requset(exact)
            .map_err(|error| failed(error.to_string()))?;
        camera
            .open_stream()
            .map_err(|error| failed(error.to_string()))?;
        // Drivers may set something near what was asked for: what is read counts.
        let offer = offer(&set);
        let name = format!(
            "{} ({path}, {}x{})",
            camera.info().human_name(),
            offer.width,
            offer.height
        );
        Ok(Self {
            camera,
            controls: Controls::open(index),
            offer,
            name,
            turn,
            seq: 0,
        })
    }
}

impl Source for Webcam {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn next(&mut self) -> Result<Option<Frame>, CameraError> {
        // A cable in the wind gives a damaged picture now and then; ten in a row are a fault.
        let mut damaged = 0;
        loop {
            let failed = |problem: String| CameraError::Picture {
                name: self.name.clone(),
                problem,
            };
            let raw = self
                .camera
                .frame_raw()
                .map_err(|error| failed(error.to_string()))?;
            let at = Instant::now();
            match luma(&raw, self.offer) {
                Some(luma) => {
                    self.seq += 1;
                    return Ok(Some(Frame {
                        seq: self.seq - 1,
                        luma: Arc::new(luma.turned(self.turn)),
                        at,
                    }));
                }
                None if damaged < 10 => damaged += 1,
                None => return Err(failed("its pictures are damaged".into())),
            }
        }
    }

    fn model(&self) -> String {
        self.camera.info().human_name()
    }

    fn limits(&self) -> Limits {
        self.controls.limits()
    }

    fn set(&mut self, settings: &Settings) {
        self.controls.set(settings);
    }
}

/// The numbers of the devices that `device` may mean.
fn candidates(device: &str) -> Vec<u32> {
    if device.starts_with('/') {
        let path = std::fs::canonicalize(device).ok();
        return path.as_deref().and_then(number).into_iter().collect();
    }
    let wanted = device.to_lowercase();
    plugged()
        .into_iter()
        .filter(|camera| camera.name.to_lowercase().contains(&wanted))
        .map(|camera| camera.index)
        .collect()
}

/// 4 of `/dev/video4`.
fn number(path: &Path) -> Option<u32> {
    path.to_str()?.strip_prefix("/dev/video")?.parse().ok()
}

fn offer(format: &CameraFormat) -> Offer {
    let pixels = match format.format() {
        FrameFormat::MJPEG => Pixels::Mjpeg,
        FrameFormat::YUYV => Pixels::Yuyv,
        FrameFormat::NV12 => Pixels::Nv12,
        FrameFormat::GRAY => Pixels::Grey,
        FrameFormat::RAWRGB => Pixels::Rgb,
        FrameFormat::RAWBGR => Pixels::Bgr,
    };
    Offer {
        width: format.width(),
        height: format.height(),
        fps: format.frame_rate(),
        pixels,
    }
}

const fn frame_format(pixels: Pixels) -> FrameFormat {
    match pixels {
        Pixels::Mjpeg => FrameFormat::MJPEG,
        Pixels::Yuyv => FrameFormat::YUYV,
        Pixels::Nv12 => FrameFormat::NV12,
        Pixels::Grey => FrameFormat::GRAY,
        Pixels::Rgb => FrameFormat::RAWRGB,
        Pixels::Bgr => FrameFormat::RAWBGR,
    }
}

/// Brightness out of a raw buffer; `None` when it is damaged.
fn luma(raw: &[u8], offer: Offer) -> Option<Luma> {
    let (width, height) = (offer.width as usize, offer.height as usize);
    let pixels = width.checked_mul(height)?;
    let data = match offer.pixels {
        Pixels::Grey | Pixels::Nv12 => raw.get(..pixels)?.to_vec(),
        Pixels::Yuyv => raw.get(..pixels * 2)?.iter().step_by(2).copied().collect(),
        // Green alone is most of the brightness and costs nothing.
        Pixels::Rgb | Pixels::Bgr => raw
            .get(..pixels * 3)?
            .iter()
            .skip(1)
            .step_by(3)
            .copied()
            .collect(),
        Pixels::Mjpeg => {
            let options = DecoderOptions::default()
                .jpeg_set_out_colorspace(ColorSpace::Luma)
                .set_max_width(width)
                .set_max_height(height);
            let mut decoder = JpegDecoder::new_with_options(ZCursor::new(raw), options);
            let data = decoder.decode().ok()?;
            let (width, height) = decoder
                .info()
                .map(|info| (usize::from(info.width), usize::from(info.height)))?;
            return Luma::new(width, height, data);
        }
    };
    Luma::new(width, height, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pixels: Pixels) -> Offer {
        Offer {
            width: 2,
            height: 2,
            fps: 30,
            pixels,
        }
    }

    #[test]
    fn brightness_of_every_kind_of_buffer() {
        for (pixels, raw) in [
            (Pixels::Grey, vec![1, 2, 3, 4]),
            (Pixels::Nv12, vec![1, 2, 3, 4, 99, 99]),
            (Pixels::Yuyv, vec![1, 99, 2, 99, 3, 99, 4, 99]),
            (Pixels::Rgb, vec![9, 1, 9, 9, 2, 9, 9, 3, 9, 9, 4, 9]),
        ] {
            assert_eq!(
                luma(&raw, of(pixels)).unwrap().data,
                [1, 2, 3, 4],
                "{pixels:?}"
            );
            assert_eq!(luma(&raw[..3], of(pixels)), None, "{pixels:?} cut short");
        }
    }

    #[test]
    fn jpeg_pictures_are_decoded_and_damaged_ones_are_not() {
        let picture = image::GrayImage::from_fn(64, 48, |x, y| image::Luma([(x * 2 + y) as u8]));
        let mut jpeg = std::io::Cursor::new(Vec::new());
        picture
            .write_to(&mut jpeg, image::ImageFormat::Jpeg)
            .unwrap();
        let offer = Offer {
            width: 64,
            height: 48,
            fps: 30,
            pixels: Pixels::Mjpeg,
        };
        let read = luma(jpeg.get_ref(), offer).unwrap();
        assert_eq!((read.width, read.height), (64, 48));
        assert!(
            read.data[64 * 20 + 30].abs_diff(80) < 6,
            "{}",
            read.data[64 * 20 + 30]
        );
        assert_eq!(luma(b"\xff\xd8 rubbish", offer), None);
        assert_eq!(
            luma(jpeg.get_ref(), of(Pixels::Mjpeg)),
            None,
            "larger than announced"
        );
    }

    #[test]
    fn a_missing_camera_is_named() {
        for (device, said) in [
            ("/dev/v4l/by-id/no-such", "/dev/v4l/by-id/no-such"),
            ("no such camera", "no such camera"),
        ] {
            let error = Webcam::open(device, 15, 0).err().unwrap().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert_eq!(number(Path::new("/dev/video12")), Some(12));
        assert_eq!(number(Path::new("/dev/null")), None);
    }
}
