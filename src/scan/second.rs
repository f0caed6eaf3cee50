//! The second opinion: rxing's port of zxing-cpp, in both polarities.

use rxing::{
    BarcodeFormat, Binarizer, BinaryBitmap, DecodeHints, ImmutableReader, Luma8Source, RXingResult,
    common::HybridBinarizer,
    multi::MultipleBarcodeReader,
    qrcode::{QRCodeReader, cpp_port::QrReader},
};

use super::Found;
use crate::camera::Luma;

/// Every code, dark on light and then light on dark.
pub(super) fn read(picture: &Luma) -> Vec<Found> {
    let Some(mut bitmap) = bitmap(picture) else {
        return Vec::new();
    };
    let mut found = every(&mut bitmap, false);
    bitmap.invert();
    found.extend(every(&mut bitmap, false));
    found
}

/// The same with every row looked at and the older reader after it: for still pictures.
pub(super) fn patient(picture: &Luma) -> Vec<Found> {
    let Some(mut bitmap) = bitmap(picture) else {
        return Vec::new();
    };
    for _ in 0..2 {
        let mut found = every(&mut bitmap, true);
        if found.is_empty() {
            let hints = hints(true);
            found.extend(
                QRCodeReader
                    .immutable_decode_with_hints(&mut bitmap, &hints)
                    .ok()
                    .and_then(|code| of(&code)),
            );
        }
        if !found.is_empty() {
            return found;
        }
        bitmap.invert();
    }
    Vec::new()
}

fn bitmap(picture: &Luma) -> Option<BinaryBitmap<HybridBinarizer<Luma8Source<'_>>>> {
    let (width, height) = (
        u32::try_from(picture.width).ok()?,
        u32::try_from(picture.height).ok()?,
    );
    let source = Luma8Source::new_with_slice(&picture.data, width, height).ok()?;
    Some(BinaryBitmap::new(HybridBinarizer::new(source)))
}

fn hints(patient: bool) -> DecodeHints {
    DecodeHints {
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        TryHarder: Some(patient),
        ..DecodeHints::default()
    }
}

fn every<B: Binarizer>(bitmap: &mut BinaryBitmap<B>, patient: bool) -> Vec<Found> {
    let codes = QrReader
        .decode_multiple_with_hints(bitmap, &hints(patient))
        .unwrap_or_default();
    codes.iter().filter_map(of).collect()
}

fn of(code: &RXingResult) -> Option<Found> {
    // The text was decoded with a guessed character set; a scanner hands on the bytes themselves where text is not all
    // there is. The raw bytes of the newer reader are the content, of the older one code words.
    let text = code.getText();
    let bytes = code.getRawBytes();
    let text = if bytes.starts_with(&[0xD2, 0x84]) {
        bytes.to_vec()
    } else {
        text.as_bytes().to_vec()
    };
    let points = code.getPoints();
    let corners = match points {
        // Row by row, not around the code.
        [a, b, d, c, ..] => [[a.x, a.y], [b.x, b.y], [c.x, c.y], [d.x, d.y]],
        // Three finders, lower left first: the fourth corner completes the parallelogram.
        [lower, upper, right] => [
            [upper.x, upper.y],
            [right.x, right.y],
            [right.x + lower.x - upper.x, right.y + lower.y - upper.y],
            [lower.x, lower.y],
        ],
        _ => return None,
    };
    (!text.is_empty()).then_some(Found { text, corners })
}
