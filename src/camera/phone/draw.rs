//! The phone's screen, or a card of paper, with its code.

use crate::pass::symbol::{Medium, QUIET, Symbol};

/// Pixels a module on the drawn screen: more than any camera here resolves.
const MODULE: usize = 8;

const BLACK: u8 = 14;
const WHITE: u8 = 246;
const EDGE: u8 = 8;
const SCENE_TEXT: u8 = 150;

/// A flat picture of what is held up.
pub(super) struct Card {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
    /// Upper left corner and side of the code itself.
    pub(super) code: (usize, usize, usize),
}

impl Card {
    /// Draws a text on a screen or on paper.
    pub(super) fn draw(text: &str, medium: Medium) -> Result<Self, String> {
        let code = Symbol::of(text, medium)?;
        Ok(match medium {
            Medium::Paper => Self::paper(&code),
            Medium::Live | Medium::Screen => Self::phone(&code),
        })
    }

    pub(super) fn phone(code: &Symbol) -> Self {
        let side = code.side * MODULE;
        let frame = side / 20;
        let quiet = QUIET * MODULE;
        let width = side + 2 * quiet + 2 * frame;
        let height = width * 2;
        let mut card = Self {
            width,
            height,
            pixels: vec![WHITE; width * height],
            code: (frame + quiet, height / 3, side),
        };
        card.bars();
        let (bottom, right) = (height - frame, width - frame);
        card.fill(0, 0, width, frame, EDGE);
        card.fill(0, bottom, width, height, EDGE);
        card.fill(0, 0, frame, height, EDGE);
        card.fill(right, 0, width, height, EDGE);
        card.modules(code);
        card
    }

    fn paper(code: &Symbol) -> Self {
        let side = code.side * MODULE;
        let (width, height) = (side * 17 / 10, side * 27 / 10 * 10 / 17);
        let mut card = Self {
            width,
            height,
            pixels: vec![WHITE - 16; width * height],
            code: ((width - side) / 2, side / 8, side),
        };
        card.bars();
        card.modules(code);
        card
    }

    /// Light on dark, as a screen in dark mode shows it; the phone's own edge stays dark.
    pub(super) fn inverted(mut self) -> Self {
        let frame = self.code.2 / 20;
        for row in self.pixels.chunks_mut(self.width).skip(frame) {
            let inner = row.len().saturating_sub(frame);
            for pixel in row.iter_mut().take(inner).skip(frame) {
                *pixel = u8::MAX - *pixel;
            }
        }
        let foot = self.height.saturating_sub(frame);
        let (width, height) = (self.width, self.height);
        self.fill(0, foot, width, height, EDGE);
        self
    }

    /// Something like lines of text above and below the code.
    fn bars(&mut self) {
        let (left, top, side) = self.code;
        let step = side / 12;
        let above = (1..4).map(|line| top.saturating_sub(side / 8 + line * step));
        let below = (0..4).map(|line| top + side + side / 6 + line * step);
        for (line, y) in above.chain(below).enumerate() {
            let width = side * (5 + line * 3 % 5) / 10;
            if y > 0 && y + step / 2 < self.height {
                self.fill(left, y, left + width, y + step / 2, SCENE_TEXT);
            }
        }
    }

    fn modules(&mut self, code: &Symbol) {
        let (left, top, side) = self.code;
        let quiet = QUIET * MODULE;
        let paper = self.pixels[(top + side / 2) * self.width + left];
        self.fill(
            left - quiet.min(left),
            top - quiet.min(top),
            left + side + quiet,
            top + side + quiet,
            paper,
        );
        let modules = code.side;
        for (at, dark) in code.dark.iter().enumerate() {
            if *dark {
                let (x, y) = (left + at % modules * MODULE, top + at / modules * MODULE);
                self.fill(x, y, x + MODULE, y + MODULE, BLACK);
            }
        }
    }

    fn fill(&mut self, left: usize, top: usize, right: usize, bottom: usize, grey: u8) {
        for y in top..bottom.min(self.height) {
            self.pixels[y * self.width + left..y * self.width + right.min(self.width)].fill(grey);
        }
    }
}
