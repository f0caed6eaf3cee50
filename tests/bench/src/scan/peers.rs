//! The readers that are compared, behind one call. All read QR codes only, on the calling thread.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
};

use munjigi::{
    camera::Luma,
    scan::{self, Effort},
};
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, common::HybridBinarizer,
    multi::MultipleBarcodeReader, qrcode::cpp_port::QrReader,
};

/// Pixels that rqrr is given at most: its time has no bound, and a thread that is stuck cannot be ended.
const MOST_FOR_RQRR: usize = 2_000_000;

/// One content as a reader tells it: its text and its bytes, where it has both.
pub type Code = Vec<Vec<u8>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    Frame,
    Still,
    Rqrr,
    Rxing,
    Zxing,
    #[cfg(feature = "zbar")]
    Zbar,
}

/// What a reader made of a picture.
pub enum Outcome {
    Read(Vec<Code>),
    Panicked,
    /// Not given to it.
    Skipped,
}

impl Peer {
    pub const ALL: &[Self] = &[
        Self::Frame,
        Self::Still,
        Self::Rqrr,
        Self::Rxing,
        Self::Zxing,
        #[cfg(feature = "zbar")]
        Self::Zbar,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Frame => "munjigi frame",
            Self::Still => "munjigi still",
            Self::Rqrr => "rqrr",
            Self::Rxing => "rxing",
            Self::Zxing => "zxing-cpp full",
            #[cfg(feature = "zbar")]
            Self::Zbar => "zbar",
        }
    }

    pub fn read(self, picture: &Luma) -> Outcome {
        if self == Self::Rqrr && picture.data.len() > MOST_FOR_RQRR {
            return Outcome::Skipped;
        }
        READING.set(true);
        let outcome = catch_unwind(AssertUnwindSafe(|| match self {
            Self::Frame => munjigi(picture, Effort::Frame),
            Self::Still => munjigi(picture, Effort::Still),
            Self::Rqrr => rqrr(picture),
            Self::Rxing => rxing(picture),
            Self::Zxing => zxing(picture),
            #[cfg(feature = "zbar")]
            Self::Zbar => super::zbar::read(picture),
        }));
        READING.set(false);
        outcome.map_or(Outcome::Panicked, Outcome::Read)
    }
}

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Keeps readers that panic from writing over the tables: they are counted. The bench's own panics still speak.
pub fn quiet() {
    let speak = take_hook();
    set_hook(Box::new(move |panic| {
        if !READING.get() {
            speak(panic);
        }
    }));
}

fn munjigi(picture: &Luma, effort: Effort) -> Vec<Code> {
    let found = scan::read(picture, effort);
    found.into_iter().map(|found| code(found.text)).collect()
}

/// The content of a reader that gives bytes only, and its text.
fn code(content: Vec<u8>) -> Code {
    vec![scan::shown(&content).into_bytes(), content]
}

fn rqrr(picture: &Luma) -> Vec<Code> {
    let (width, height) = (picture.width, picture.height);
    let light = |x: usize, y: usize| picture.data[y * width + x];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, light);
    let grids = prepared.detect_grids();
    let content = grids.iter().filter_map(|grid| {
        let mut content = Vec::new();
        grid.decode_to(&mut content).ok().map(|_| code(content))
    });
    content.collect()
}

/// Dark on light, then light on dark.
fn rxing(picture: &Luma) -> Vec<Code> {
    let (width, height) = (picture.width as u32, picture.height as u32);
    let Ok(source) = Luma8Source::new_with_slice(&picture.data, width, height) else {
        return Vec::new();
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints {
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let mut codes = QrReader
        .decode_multiple_with_hints(&mut bitmap, &hints)
        .unwrap_or_default();
    bitmap.invert();
    codes.extend(
        QrReader
            .decode_multiple_with_hints(&mut bitmap, &hints)
            .unwrap_or_default(),
    );
    let both = |code: &rxing::RXingResult| {
        vec![
            code.getText().as_bytes().to_vec(),
            code.getRawBytes().to_vec(),
        ]
    };
    codes.iter().map(both).collect()
}

/// Everything it can do: these are its defaults, written down.
fn zxing(picture: &Luma) -> Vec<Code> {
    let view = zxingcpp::ImageView::from_slice(
        &picture.data,
        picture.width,
        picture.height,
        zxingcpp::ImageFormat::Lum,
    );
    let reader = zxingcpp::read()
        .formats([zxingcpp::BarcodeFormat::QRCode])
        .text_mode(zxingcpp::TextMode::Plain)
        .try_harder(true)
        .try_rotate(true)
        .try_invert(true)
        .try_downscale(true);
    let codes = view.and_then(|view| reader.from(view)).unwrap_or_default();
    codes
        .iter()
        .map(|code| vec![code.text().into_bytes(), code.bytes()])
        .collect()
}
