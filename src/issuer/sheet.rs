//! Printed passes: the code with number and expiry readable beneath it, as PNG, SVG or a PDF sheet.

use image::{GrayImage, Luma};
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};

use super::{Issued, last_day};
use crate::pass::{
    compose,
    symbol::{Medium, QUIET, Symbol},
};

/// One printed pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The pass number.
    pub number: String,
    /// The last day, as people read it.
    pub until: String,
    /// The service's name.
    pub service: String,
    /// The signed credential.
    pub credential: Vec<u8>,
}

impl Card {
    /// The card of a pass that was issued.
    #[must_use]
    pub fn of(issued: &Issued) -> Self {
        Self {
            number: issued.number.clone(),
            until: last_day(issued.exp),
            service: issued.service.name().into(),
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

// A4 and a bank card (ISO/IEC 7810 ID-1) upright, in points (1/72 inch).
const PAGE: (f32, f32) = (595.28, 841.89);
const CARD: (f32, f32) = (153.07, 242.65);
const COLUMNS: usize = 3;
const ROWS: usize = 3;
const CODE: f32 = 130.0;

/// What cards are printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// A4 sheets, nine cards of bank card size on each, with lines to cut along.
    #[default]
    A4,
    /// A page of bank card size for each, for card printers.
    Card,
}

impl Paper {
    const fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => PAGE,
            Self::Card => CARD,
        }
    }

    const fn cards(self) -> usize {
        match self {
            Self::A4 => COLUMNS * ROWS,
            Self::Card => 1,
        }
    }

    /// The lower left corner of the card at a place.
    fn corner(self, place: usize) -> (f32, f32) {
        if self == Self::Card {
            return (0.0, 0.0);
        }
        // safe: columns and rows are below ten
        #[allow(clippy::cast_precision_loss)]
        let (column, row) = ((place % COLUMNS) as f32, (place / COLUMNS) as f32);
        let gap = ((PAGE.0 - 3.0 * CARD.0) / 4.0, (PAGE.1 - 3.0 * CARD.1) / 4.0);
        (
            gap.0 + column * (CARD.0 + gap.0),
            PAGE.1 - (row + 1.0) * (CARD.1 + gap.1),
        )
    }
}

/// A PDF of cards.
///
/// # Errors
/// When a credential fits no code.
pub fn pdf(cards: &[Card], paper: Paper) -> Result<Vec<u8>, String> {
    let mut ids = 1..;
    let mut id = || Ref::new(ids.next().unwrap_or(i32::MAX));
    let (catalog, tree, font, bold) = (id(), id(), id(), id());
    let mut pdf = Pdf::new();
    let mut pages = Vec::new();
    for sheet in cards.chunks(paper.cards()) {
        let (page, content) = (id(), id());
        pages.push(page);
        let mut drawn = Content::new();
        for (place, card) in sheet.iter().enumerate() {
            draw(&mut drawn, card, paper.corner(place))?;
        }
        let _ = pdf.stream(content, &drawn.finish());
        let mut page = pdf.page(page);
        let _ = page
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, paper.size().0, paper.size().1))
            .contents(content);
        let mut resources = page.resources();
        let _ = resources
            .fonts()
            .pair(Name(b"F"), font)
            .pair(Name(b"B"), bold);
    }
    // The fonts that every reader has: numbers, dates and service names are ASCII.
    let _ = pdf.type1_font(font).base_font(Name(b"Helvetica"));
    let _ = pdf.type1_font(bold).base_font(Name(b"Helvetica-Bold"));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    let _ = pdf.pages(tree).kids(pages).count(count);
    let _ = pdf.catalog(catalog).pages(tree);
    Ok(pdf.finish())
}

fn draw(drawn: &mut Content, card: &Card, (left, bottom): (f32, f32)) -> Result<(), String> {
    let _ = drawn
        .set_stroke_gray(0.7)
        .set_line_width(0.4)
        .rect(left, bottom, CARD.0, CARD.1)
        .stroke();

    let code = Symbol::of(&compose::text(&card.credential), Medium::Paper)?;
    // safe: a code has at most 177 modules
    #[allow(clippy::cast_precision_loss)]
    let module = CODE / code.side as f32;
    let (from_x, top) = (left + (CARD.0 - CODE) / 2.0, bottom + CARD.1 - 14.0);
    let _ = drawn.set_fill_gray(0.0);
    for (at, _) in code.dark.iter().enumerate().filter(|(_, dark)| **dark) {
        #[allow(clippy::cast_precision_loss)]
        let (x, y) = ((at % code.side) as f32, (at / code.side) as f32);
        let _ = drawn.rect(
            from_x + x * module,
            top - (y + 1.0) * module,
            module,
            module,
        );
    }
    let _ = drawn.fill_nonzero();
    let lines = [
        (b"B", 20.0, 46.0, card.number.clone()),
        (
            b"F",
            10.0,
            30.0,
            format!("{}, until {}", card.service, card.until),
        ),
        (
            b"F",
            7.0,
            14.0,
            "Keep it like a key. Lost? Tell the shop.".to_string(),
        ),
    ];
    for (font, size, up, text) in lines {
        let _ = drawn
            .begin_text()
            .set_font(Name(font), size)
            .next_line(left + 12.0, bottom + up)
            .show(Str(text.as_bytes()))
            .end_text();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{camera::Luma as Grey, scan};

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

    #[test]
    fn a_sheet_has_nine_cards_and_a_card_page_one() {
        let card = Card {
            number: "7KQ2M9F".into(),
            until: "2026-12-24".into(),
            service: "entry".into(),
            credential: vec![7; 155],
        };
        for (paper, pages, size) in [
            (Paper::A4, "/Count 2", "595.28"),
            (Paper::Card, "/Count 10", "153.07"),
        ] {
            let pdf = pdf(&vec![card.clone(); 10], paper).unwrap();
            let text = String::from_utf8_lossy(&pdf);
            assert_eq!(text.matches("(7KQ2M9F)").count(), 10);
            assert!(text.contains(pages) && text.contains(size), "{paper:?}");
        }
    }
}
