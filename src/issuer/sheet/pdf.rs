//! A PDF of cards, in Korean and English.

use krilla::{
    Document,
    color::luma,
    geom::{PathBuilder, Point, Rect, Transform},
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    text::{Font, TextDirection},
};

use super::Card;
use crate::{
    fonts::PRETENDARD,
    pass::{
        Service, compose,
        symbol::{Medium, Symbol},
    },
};

// A4 and a bank card (ISO/IEC 7810 ID-1) upright, in points (1/72 inch).
const PAGE: (f32, f32) = (595.28, 841.89);
const CARD: (f32, f32) = (153.07, 242.65);
const COLUMNS: usize = 3;
const ROWS: usize = 3;
/// The side of a code: modules of 0.8 mm. Four of them are left free around it.
const CODE: f32 = 122.0;
/// Left of every line.
const MARGIN: f32 = 12.0;

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

    /// The upper left corner of the card at a place.
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
            gap.1 + row * (CARD.1 + gap.1),
        )
    }
}

/// A PDF of cards. The letters that it needs are in it.
///
/// # Errors
/// When a credential fits no code, or the document cannot be made.
pub fn pdf(cards: &[Card], paper: Paper) -> Result<Vec<u8>, String> {
    let [regular, bold] = PRETENDARD.map(|bytes| Font::new(bytes.into(), 0));
    let fonts = regular.zip(bold).ok_or("the font is broken")?;
    let size = PageSettings::from_wh(paper.size().0, paper.size().1);
    let size = size.ok_or("the paper is broken")?;
    let mut document = Document::new();
    for sheet in cards.chunks(paper.cards()) {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        for (place, card) in sheet.iter().enumerate() {
            draw(&mut surface, card, paper, paper.corner(place), &fonts)?;
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| format!("{error:?}"))
}

fn draw(
    surface: &mut Surface<'_>,
    card: &Card,
    paper: Paper,
    (left, top): (f32, f32),
    (regular, bold): &(Font, Font),
) -> Result<(), String> {
    if paper == Paper::A4 {
        outline(surface, (left, top));
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill::default()));
    let code = Symbol::of(&compose::text(&card.credential), Medium::Paper)?;
    modules(surface, &code, (left + (CARD.0 - CODE) / 2.0, top + 34.0));
    let (service, uses) = (service(card.service), uses(card.visits));
    let lines = [
        (bold, 12.0, 20.0, card.shop.clone()),
        (bold, 20.0, 183.0, card.number.clone()),
        (regular, 9.0, 197.0, format!("{service}{uses}")),
        (bold, 9.0, 211.0, format!("{}까지 (last day)", card.until)),
        (
            regular,
            7.0,
            225.0,
            "잃어버리면 바로 매장에 알려 주세요.".into(),
        ),
        (regular, 7.0, 234.0, "Lost? Tell the shop at once.".into()),
    ];
    for (font, size, down, text) in lines {
        let (size, text) = fitting(&text, size);
        let start = Point::from_xy(left + MARGIN, top + down);
        surface.draw_text(
            start,
            font.clone(),
            size,
            &text,
            false,
            TextDirection::LeftToRight,
        );
    }
    Ok(())
}

/// A line to cut along.
fn outline(surface: &mut Surface<'_>, (left, top): (f32, f32)) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(left, top, CARD.0, CARD.1) {
        path.push_rect(rect);
    }
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: luma::Color::new(180).into(),
        width: 0.4,
        ..Stroke::default()
    }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// The dark modules, those that touch in a row as one: no hair's breadth stays white between them.
fn modules(surface: &mut Surface<'_>, code: &Symbol, (left, top): (f32, f32)) {
    // safe: a code has at most 177 modules
    #[allow(clippy::cast_precision_loss)]
    let number = |modules: usize| modules as f32;
    let mut path = PathBuilder::new();
    for (y, row) in code.dark.chunks(code.side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            let rect = Rect::from_xywh(number(x), number(y), number(run.len()), 1.0);
            if let Some(rect) = rect.filter(|_| run.first() == Some(&true)) {
                path.push_rect(rect);
            }
            x += run.len();
        }
    }
    // In modules, which are short numbers, a file of many cards is half as large.
    let module = CODE / number(code.side);
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, left, top));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    surface.pop();
}

const fn service(service: Service) -> &'static str {
    match service {
        Service::Entry => "출입 · Entry",
        Service::Adult => "성인 · Adult",
        Service::Store => "스마트 매장 · Store",
    }
}

fn uses(visits: Option<u8>) -> String {
    match visits {
        None => String::new(),
        Some(1) => " · 한 번 · one visit".into(),
        Some(visits) => format!(" · {visits}번 · {visits} visits"),
    }
}

/// A line that fits the card: smaller where it is long, and cut where it is very long.
fn fitting(text: &str, size: f32) -> (f32, String) {
    const SMALLEST: f32 = 6.5;
    // Widths of Pretendard in parts of its size, rounded up.
    let wide = |c: char| if c.is_ascii() { 0.62 } else { 0.9 };
    let room = CARD.0 - 2.0 * MARGIN;
    let whole: f32 = text.chars().map(wide).sum();
    let size = size.min(room / whole).max(SMALLEST);
    if whole * size <= room {
        return (size, text.into());
    }
    let mut left = room / size - wide('…');
    let fits = |c: &char| {
        left -= wide(*c);
        left >= 0.0
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push('…');
    (size, cut)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::{camera::Luma, scan};

    fn card(shop: &str) -> Card {
        Card {
            shop: shop.into(),
            number: "7KQ2M9F".into(),
            until: "2026-12-24".into(),
            service: Service::Entry,
            visits: Some(1),
            credential: (0..155).collect(),
        }
    }

    /// What a program of poppler makes of a PDF.
    fn poppler(program: &str, pdf: &[u8], arguments: &[&str]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cards.pdf");
        std::fs::write(&file, pdf).unwrap();
        let output = Command::new(program)
            .args(arguments)
            .arg(&file)
            .args((program == "pdftotext").then_some("-"))
            .output();
        let output = output.unwrap();
        assert!(output.stderr.is_empty(), "{output:?}");
        output.stdout
    }

    #[test]
    fn a_sheet_has_nine_cards_and_a_card_page_one_and_all_can_be_read() {
        for (paper, pages) in [(Paper::A4, 2), (Paper::Card, 10)] {
            let pdf = pdf(&vec![card("한빛 Hanbit"); 10], paper).unwrap();
            let text = String::from_utf8(poppler("pdftotext", &pdf, &[])).unwrap();
            assert_eq!(text.matches('\u{c}').count(), pages, "{paper:?}");
            for said in [
                "한빛 Hanbit",
                "7KQ2M9F",
                "출입 · Entry · 한 번 · one visit",
                "2026-12-24까지 (last day)",
                "잃어버리면 바로 매장에 알려 주세요.",
                "Lost? Tell the shop at once.",
            ] {
                assert_eq!(text.matches(said).count(), 10, "{said} in {text}");
            }
        }
    }

    #[test]
    fn what_is_printed_opens_the_door() {
        let pdf = pdf(&[card("한빛")], Paper::Card).unwrap();
        let picture = poppler("pdftoppm", &pdf, &["-png", "-r", "200", "-singlefile"]);
        let picture = image::load_from_memory(&picture).unwrap().into_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let luma = Luma::new(width, height, picture.into_raw()).unwrap();
        let found = scan::read(&luma, scan::Effort::Frame);
        let text = compose::text(&(0..155).collect::<Vec<u8>>());
        assert_eq!(found[0].text, text.as_bytes());
    }

    #[test]
    fn a_hundred_cards_are_a_small_file() {
        let cards: Vec<Card> = (0..100)
            .map(|number| Card {
                number: format!("{number:07}"),
                credential: (0..155).map(|byte| byte ^ number).collect(),
                ..card("한빛")
            })
            .collect();
        let size = pdf(&cards, Paper::A4).unwrap().len();
        assert!(size < 700_000, "{size} bytes");
    }

    #[test]
    fn long_names_are_made_to_fit() {
        let long = "아주 긴 이름을 가진 무인 아이스크림 할인점 본점 별관".repeat(2);
        let (size, text) = fitting(&long, 12.0);
        assert!(size < 12.0 && text.ends_with('…'), "{size} {text}");
        let (size, text) = fitting("Hanbit", 12.0);
        assert_eq!((size, text.as_str()), (12.0, "Hanbit"));
    }
}
