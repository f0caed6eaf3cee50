//! Seeded pictures for measuring the scanner: phones in three grades of difficulty, a sweep of sizes, phones on their way
//! to the camera, and rooms without a code.
//!
//! The demonstration's phone ([`super::Phone`]) is friendlier; this one also has dark mode, motion, the grid of screens,
//! the camera's curve and its JPEG. The same seed gives the same picture.

mod film;
mod grade;
mod scene;

use super::{HEIGHT, WIDTH, draw::Card, lens::Dice, script::Grade};
use crate::{
    camera::Luma,
    pass::symbol::{Medium, Symbol},
};
use grade::Take;

/// Frames of an [`Approach`], at 30 a second: a second and a half on the way, then half a second held before the camera.
pub const APPROACH: usize = 60;
/// Frames on the way.
const ON_THE_WAY: f32 = 45.0;

/// A picture and where the code is in it.
#[derive(Debug, Clone)]
pub struct Shot {
    /// The picture, [`WIDTH`] by [`HEIGHT`].
    pub luma: Luma,
    /// Corners of the code in pixels, clockwise from its own upper left.
    pub corners: [[f32; 2]; 4],
    /// Modules on a side of the code.
    pub modules: usize,
}

/// A phone that shows this text, with error correction L or M.
///
/// # Errors
/// When the text fits no code.
pub fn frame(grade: Grade, text: &str, seed: u64) -> Result<Shot, String> {
    let mut dice = Dice::new(seed);
    let take = Take::new(grade, &mut dice);
    let medium = if dice.between(0.0, 1.0) < 0.5 {
        Medium::Screen
    } else {
        Medium::Paper
    };
    shot(&Symbol::of(text, medium)?, &take, &mut dice)
}

/// A phone that shows this text in mild conditions that never differ, with so many pixels a module. Error correction is
/// L for texts that fit version 2 and M for all others.
///
/// # Errors
/// When the text fits no code.
#[allow(clippy::cast_precision_loss, reason = "a code has 177 modules at most")]
pub fn sweep(text: &str, module: f32, seed: u64) -> Result<Shot, String> {
    let mut dice = Dice::new(seed);
    let code = match Symbol::of(text, Medium::Screen)? {
        small if small.side <= 25 => small,
        _ => Symbol::of(text, Medium::Paper)?,
    };
    let take = Take::controlled(module * code.side as f32, &mut dice);
    shot(&code, &take, &mut dice)
}

/// A room without a code; every third has print in it.
#[must_use]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "60 to 92"
)]
pub fn nothing(seed: u64) -> Luma {
    let mut dice = Dice::new(seed);
    let frame = scene::scene(seed.is_multiple_of(3), &mut dice);
    let (noise, quality) = (dice.between(1.0, 6.0), dice.between(60.0, 92.0) as u8);
    film::film_nothing(frame, noise, quality, &mut dice)
}

#[allow(clippy::cast_precision_loss, reason = "the size of a picture")]
fn shot(code: &Symbol, take: &Take, dice: &mut Dice) -> Result<Shot, String> {
    let card = card(code, take);
    let room = |side: usize, dice: &mut Dice| {
        let (side, half) = (side as f32, take.width * 0.75);
        dice.between(half.min(side / 2.0), (side - half).max(side / 2.0))
    };
    let centre = [room(WIDTH, dice), room(HEIGHT, dice)];
    let bends = bends(take, dice);
    let corners = corners(centre, take.width, take.turn, bends);
    let room = scene::scene(false, dice);
    Ok(Shot {
        luma: film::film(room, &card, corners, take, dice),
        corners,
        modules: code.side,
    })
}

fn card(code: &Symbol, take: &Take) -> Card {
    let card = Card::phone(code);
    if take.inverted { card.inverted() } else { card }
}

/// How far perspective moves each corner, in parts of the width.
fn bends(take: &Take, dice: &mut Dice) -> [[f32; 2]; 4] {
    let mut bend = || dice.between(-take.perspective, take.perspective);
    std::array::from_fn(|_| [bend(), bend()])
}

fn corners(centre: [f32; 2], width: f32, turn: f32, bends: [[f32; 2]; 4]) -> [[f32; 2]; 4] {
    let (sin, cos) = turn.sin_cos();
    let square = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5_f32]];
    std::array::from_fn(|at| {
        let ([x, y], [bend_x, bend_y]) = (square[at], bends[at]);
        [
            centre[0] + (x * cos - y * sin + bend_x) * width,
            centre[1] + (x * sin + y * cos + bend_y) * width,
        ]
    })
}

/// A phone that comes from the edge of the picture, nearer and slower all the time.
pub struct Approach {
    card: Card,
    room: Vec<f32>,
    take: Take,
    bends: [[f32; 2]; 4],
    /// Centre and width at first and at last.
    from: ([f32; 2], f32),
    to: ([f32; 2], f32),
    seed: u64,
}

impl Approach {
    /// A live pass, between easy and medium.
    ///
    /// # Errors
    /// When the text fits no code.
    #[allow(clippy::cast_precision_loss, reason = "the size of a picture")]
    pub fn new(text: &str, seed: u64) -> Result<Self, String> {
        let mut dice = Dice::new(seed);
        let mut take = Take::new(Grade::Medium, &mut dice);
        take.blur = dice.between(0.3, 1.0);
        take.noise = dice.between(2.0, 6.0);
        take.grid = 0.0;
        take.glare = false;
        let (width, height) = (WIDTH as f32, HEIGHT as f32);
        let beside = dice.between(0.0, 3.0);
        let from = match beside {
            low if low < 1.0 => [dice.between(0.2, 0.8) * width, height * 1.15],
            left if left < 2.0 => [-0.1 * width, dice.between(0.4, 0.9) * height],
            _ => [1.1 * width, dice.between(0.4, 0.9) * height],
        };
        let to = [
            dice.between(0.42, 0.58) * width,
            dice.between(0.44, 0.56) * height,
        ];
        Ok(Self {
            card: card(&Symbol::of(text, Medium::Live)?, &take),
            room: scene::scene(false, &mut dice),
            bends: bends(&take, &mut dice),
            from: (from, dice.between(90.0, 150.0)),
            to: (to, dice.between(280.0, 400.0)),
            take,
            seed,
        })
    }

    /// A picture of it, of [`APPROACH`].
    #[must_use]
    pub fn frame(&self, number: usize) -> Luma {
        let mut dice = Dice::new(self.seed.rotate_left(32) ^ number as u64);
        let (centre, width) = self.at(number, 0.0);
        // The shutter is open for half of the time between two frames.
        let (later, _) = self.at(number, 0.5);
        let take = Take {
            width,
            motion: [later[0] - centre[0], later[1] - centre[1]],
            ..self.take.clone()
        };
        let corners = corners(centre, width, take.turn, self.bends);
        film::film(self.room.clone(), &self.card, corners, &take, &mut dice)
    }

    /// Centre and width of the code at this time.
    #[allow(clippy::cast_precision_loss, reason = "some dozens of frames")]
    fn at(&self, number: usize, later: f32) -> ([f32; 2], f32) {
        let time = number as f32 + later;
        let rest = (1.0 - time / ON_THE_WAY).max(0.0).powi(2);
        let between = |from: f32, to: f32| to + (from - to) * rest;
        // No hand is still.
        let sway = [(time / 5.0).sin() * 3.0, (time / 7.0).cos() * 2.0];
        let (from, to) = (self.from, self.to);
        let centre = std::array::from_fn(|axis| between(from.0[axis], to.0[axis]) + sway[axis]);
        (centre, between(from.1, to.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{Effort, read};

    const TEXT: &str = "MJ1:STUDIO0123456789";

    #[test]
    fn the_same_seed_gives_the_same_picture() {
        let picture = |seed| frame(Grade::Medium, TEXT, seed).unwrap().luma;
        assert_eq!(picture(1), picture(1));
        assert_ne!(picture(1), picture(2));
        assert_eq!(nothing(3), nothing(3));
    }

    #[test]
    fn what_it_shows_can_be_read_where_it_says() {
        let easy = frame(Grade::Easy, TEXT, 4).unwrap();
        let swept = sweep(TEXT, 5.0, 5).unwrap();
        for shot in [easy, swept] {
            let found = read(&shot.luma, Effort::Frame);
            assert_eq!(found[0].text, TEXT.as_bytes());
            for (corner, expected) in found[0].corners.iter().zip(shot.corners) {
                let off = (corner[0] - expected[0]).hypot(corner[1] - expected[1]);
                assert!(off < 12.0, "{corner:?} is not near {expected:?}");
            }
        }
    }

    #[test]
    fn an_approach_ends_before_the_camera() {
        let approach = Approach::new(TEXT, 6).unwrap();
        assert_eq!(read(&approach.frame(0), Effort::Frame), []);
        let held = read(&approach.frame(APPROACH - 1), Effort::Frame);
        assert_eq!(held[0].text, TEXT.as_bytes());
    }
}
