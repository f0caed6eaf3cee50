//! Which of the formats that a webcam offers is taken. Pure.

/// How pixels arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pixels {
    /// One byte a pixel.
    Grey,
    /// Y and interleaved colour: every second byte is brightness.
    Yuyv,
    /// A plane of brightness, then colour.
    Nv12,
    /// JPEG pictures.
    Mjpeg,
    /// Three bytes a pixel, red first.
    Rgb,
    /// Three bytes a pixel, blue first.
    Bgr,
}

/// One format that a webcam offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Offer {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pictures a second.
    pub fps: u32,
    /// How pixels arrive.
    pub pixels: Pixels,
}

/// What the scanner is at home with.
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;
/// Larger pictures are reduced before they are read: they only cost.
const MOST: u64 = 2_100_000;

/// The best offer for reading codes at `fps` pictures a second: enough pictures first (a cheap camera gives 1280x720 raw
/// at 5 a second only), then the size nearest to 1280x720, then the pixels that cost least. `None` when none fits.
#[must_use]
pub fn choose(offers: &[Offer], fps: u32) -> Option<Offer> {
    let fits = |offer: &&Offer| {
        let pixels = u64::from(offer.width) * u64::from(offer.height);
        offer.width >= 320 && offer.height >= 240 && pixels <= MOST && offer.fps > 0
    };
    offers.iter().filter(fits).copied().min_by_key(|offer| {
        let missing = fps.min(15).saturating_sub(offer.fps);
        let off = offer.width.abs_diff(WIDTH) + offer.height.abs_diff(HEIGHT);
        // The turn is for equal ones only: an order among them makes the choice the same at every start.
        (
            missing,
            off,
            cost(offer.pixels),
            offer.fps.abs_diff(fps),
            offer.width,
        )
    })
}

const fn cost(pixels: Pixels) -> u8 {
    match pixels {
        Pixels::Grey => 0,
        Pixels::Nv12 => 1,
        Pixels::Yuyv => 2,
        Pixels::Mjpeg => 3,
        Pixels::Rgb | Pixels::Bgr => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(width: u32, height: u32, fps: u32, pixels: Pixels) -> Offer {
        Offer {
            width,
            height,
            fps,
            pixels,
        }
    }

    #[test]
    fn of_what_cameras_offer() {
        use Pixels::{Grey, Mjpeg, Yuyv};
        let cheap = [
            offer(640, 480, 30, Yuyv),
            offer(1280, 720, 5, Yuyv),
            offer(1280, 720, 30, Mjpeg),
            offer(1920, 1080, 30, Mjpeg),
        ];
        let cases = [
            (&cheap[..], Some(cheap[2])),
            (&cheap[..2], Some(cheap[0])),
            (&cheap[1..2], Some(cheap[1])),
            (
                &[
                    offer(1280, 720, 30, Mjpeg),
                    offer(1280, 720, 30, Yuyv),
                    offer(1280, 720, 60, Yuyv),
                ],
                Some(offer(1280, 720, 30, Yuyv)),
            ),
            (
                &[
                    offer(640, 480, 30, Grey),
                    offer(160, 120, 30, Grey),
                    offer(4000, 3000, 30, Grey),
                ],
                Some(offer(640, 480, 30, Grey)),
            ),
            (&[offer(160, 120, 30, Yuyv)], None),
            (&[], None),
        ];
        for (offers, expected) in cases {
            assert_eq!(choose(offers, 15), expected, "{offers:?}");
        }
    }
}
