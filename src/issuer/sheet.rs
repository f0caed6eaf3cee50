//! Printed passes: the code with number and expiry readable beneath it, as PNG, SVG or a PDF sheet.

mod pdf;

use image::{GrayImage, Luma};

use super::{Issued, last_day};
use crate::pass::{
    Service,
    symbol::{QUIET, Symbol},
};

pub use pdf::{Paper, pdf};

/// One printed pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The shop's name.
    pub shop: String,
    /// The pass number.
    pub number: String,
    /// The last day, as people read it.
    pub until: String,
    /// What it opens.
    pub service: Service,
    /// For how many visits, if there is a limit.
    pub visits: Option<u8>,
    /// The signed credential.
    pub credential: Vec<u8>,
}

impl Card {
    /// The card of a pass that a shop issued.
    #[must_use]
    pub fn of(issued: &Issued, shop: &str) -> Self {
        Self {
            shop: shop.into(),
            number: issued.number.clone(),
            until: last_day(issued.exp),
            service: issued.service,
            visits: issued.visits,
            credential: issued.credential.clone(),
        }
    }
}

/// A PNG picture of a code, `scale` pixels a module, quiet zone included.
///
/// # Errors
/// When it could not be encoded.
pub fn png(code: &Symbol, scale: usize) -> Result<Vec<u8>, String> {
    let pixels = u32::try_from(code.framed_side() * scale).map_err(|error| error.to_string())?;
    let picture = GrayImage::from_fn(pixels, pixels, |x, y| {
        let dark = code.is_dark(x as usize / scale, y as usize / scale);
        Luma([if dark { 0 } else { 255 }])
    });
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut out, image::ImageFormat::Png)
        .map_err(|error| error.to_string())?;
    Ok(out.into_inner())
}

/// An SVG picture of a code, a module a unit, quiet zone included.
#[must_use]
pub fn svg(code: &Symbol) -> String {
    let side = code.framed_side();
    let dark = code.dark.iter().enumerate().filter(|(_, dark)| **dark);
    let path: String = dark
        .map(|(at, _)| {
            format!(
                "M{} {}h1v1h-1z",
                at % code.side + QUIET,
                at / code.side + QUIET
            )
        })
        .collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{camera::Luma as Grey, pass::symbol::Medium, scan};

    #[test]
    fn what_is_drawn_can_be_read() {
        let text = format!("MJ1:{}", "0123456789ABCDEF".repeat(26));
        for medium in [Medium::Live, Medium::Screen, Medium::Paper] {
            let code = Symbol::of(&text, medium).unwrap();
            assert_eq!(code.side == 61, medium != Medium::Paper, "{medium:?}");
            let png = image::load_from_memory(&png(&code, 4).unwrap())
                .unwrap()
                .into_luma8();
            let (width, height) = (png.width() as usize, png.height() as usize);
            let found = scan::read(
                &Grey::new(width, height, png.into_raw()).unwrap(),
                scan::Effort::Frame,
            );
            assert_eq!(found[0].text, text.as_bytes());
            assert_eq!(
                svg(&code).matches("h1v1h-1z").count(),
                code.dark.iter().filter(|dark| **dark).count()
            );
        }
        assert!(Symbol::of(&"x".repeat(5000), Medium::Paper).is_err());
    }
}
