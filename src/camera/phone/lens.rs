//! What a cheap webcam makes of a card that is held before it: perspective, contrast, glare, blur, noise.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "drawing: values are small and clamped"
)]

use super::{HEIGHT, WIDTH, draw::Card, script::Grade};
use crate::camera::Luma;

/// Numbers that look random and are the same for the same seed (splitmix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Even between both.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * ((self.next() >> 40) as f32 / (1_u64 << 24) as f32)
    }
}

/// What a grade ranges over.
struct Ranges {
    /// Width of the code in pixels.
    width: (f32, f32),
    /// Turn in degrees, to both sides.
    turn: f32,
    /// How far a corner is moved, in parts of the width.
    perspective: f32,
    /// Darkest and brightest of the screen, in parts of 255.
    contrast: (f32, f32),
    /// Passes of a small blur.
    blur: (f32, f32),
    /// Standard deviation of the noise.
    noise: (f32, f32),
    /// How often there is glare.
    glare: f32,
    /// How far a hand trembles, in pixels.
    tremor: f32,
}

impl Ranges {
    const fn of(grade: Grade) -> Self {
        match grade {
            Grade::Easy => Self {
                width: (360.0, 460.0),
                turn: 7.0,
                perspective: 0.03,
                contrast: (0.75, 1.0),
                blur: (0.0, 0.7),
                noise: (1.0, 4.0),
                glare: 0.0,
                tremor: 2.0,
            },
            Grade::Medium => Self {
                width: (280.0, 420.0),
                turn: 18.0,
                perspective: 0.07,
                contrast: (0.45, 0.8),
                blur: (0.4, 1.1),
                noise: (3.0, 8.0),
                glare: 0.3,
                tremor: 4.0,
            },
            Grade::Hard => Self {
                width: (200.0, 380.0),
                turn: 20.0,
                perspective: 0.12,
                contrast: (0.25, 0.55),
                blur: (0.7, 1.7),
                noise: (5.0, 12.0),
                glare: 0.6,
                tremor: 6.0,
            },
        }
    }
}

/// How a card is held, and in what light.
pub(super) struct Pose {
    /// Corners of the code in the frame, clockwise from its upper left.
    corners: [[f32; 2]; 4],
    centre: [f32; 2],
    width: f32,
    black: f32,
    white: f32,
    blur: f32,
    noise: f32,
    glare: Option<[f32; 4]>,
    tremor: f32,
    phase: f32,
}

impl Pose {
    pub(super) fn new(grade: Grade, dice: &mut Dice) -> Self {
        let ranges = Ranges::of(grade);
        let width = dice.between(ranges.width.0, ranges.width.1);
        let turn = dice.between(-ranges.turn, ranges.turn).to_radians();
        let centre = [
            dice.between(WIDTH as f32 * 0.42, WIDTH as f32 * 0.58),
            dice.between(HEIGHT as f32 * 0.46, HEIGHT as f32 * 0.54),
        ];
        let (sin, cos) = turn.sin_cos();
        let corners = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5_f32]].map(|[x, y]| {
            let moved =
                |dice: &mut Dice| dice.between(-ranges.perspective, ranges.perspective) * width;
            [
                centre[0] + (x * cos - y * sin) * width + moved(dice),
                centre[1] + (x * sin + y * cos) * width + moved(dice),
            ]
        });
        let contrast = dice.between(ranges.contrast.0, ranges.contrast.1) * 255.0;
        let white = dice.between(contrast.max(110.0), 252.0);
        let glare = (dice.between(0.0, 1.0) < ranges.glare).then(|| {
            [
                centre[0] + dice.between(-0.5, 0.5) * width,
                centre[1] + dice.between(-0.5, 0.5) * width,
                dice.between(0.08, 0.25) * width,
                dice.between(30.0, 120.0),
            ]
        });
        Self {
            corners,
            centre,
            width,
            black: (white - contrast).max(0.0),
            white,
            blur: dice.between(ranges.blur.0, ranges.blur.1),
            noise: dice.between(ranges.noise.0, ranges.noise.1),
            glare,
            tremor: ranges.tremor,
            phase: dice.between(0.0, std::f32::consts::TAU),
        }
    }

    /// The corners at this moment: no hand is still.
    fn corners(&self, seq: u64, dice: &mut Dice) -> [[f32; 2]; 4] {
        let time = seq as f32 / 7.0 + self.phase;
        let sway = [
            time.sin() * self.tremor * 3.0,
            (time * 0.7).cos() * self.tremor * 2.0,
        ];
        let tilt = (time * 0.5).sin() * 0.03;
        let breath = 1.0 + (time * 0.3).sin() * 0.04;
        let shake = [
            dice.between(-0.3, 0.3) * self.tremor,
            dice.between(-0.3, 0.3) * self.tremor,
        ];
        self.corners.map(|[x, y]| {
            let (x, y) = ((x - self.centre[0]) * breath, (y - self.centre[1]) * breath);
            [
                self.centre[0] + x - y * tilt + sway[0] + shake[0],
                self.centre[1] + y + x * tilt + sway[1] + shake[1],
            ]
        })
    }
}

/// The camera and the room behind the visitor.
pub(super) struct Lens {
    room: Vec<f32>,
    /// Noise that was drawn once; each frame begins elsewhere in it.
    grain: Vec<f32>,
}

/// A prime, so that the rows of a frame never line up in it.
const GRAIN: usize = 262_147;
/// Noise of the camera where nothing is held up.
const ROOM_NOISE: f32 = 1.5;

impl Lens {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let normal = |dice: &mut Dice| (0..4).map(|_| dice.between(-1.0, 1.0)).sum::<f32>() * 0.87;
        let grain = (0..GRAIN).map(|_| normal(dice)).collect();
        Self {
            room: room(dice),
            grain,
        }
    }

    /// One frame.
    pub(super) fn film(&self, hand: Option<(&Card, &Pose)>, seq: u64, dice: &mut Dice) -> Luma {
        let mut frame = self.room.clone();
        let mut noise = ROOM_NOISE;
        if let Some((card, pose)) = hand {
            noise = pose.noise;
            put(&mut frame, card, pose, pose.corners(seq, dice));
            if let Some([x, y, radius, light]) = pose.glare {
                shine(&mut frame, [x, y], radius, light);
            }
            blur(&mut frame, pose.blur, pose.bounds());
        }
        let from = (dice.next() % GRAIN as u64) as usize;
        let grain = self.grain[from..].iter().chain(self.grain.iter().cycle());
        let data = frame
            .iter()
            .zip(grain)
            .map(|(light, grain)| (light + grain * noise + 0.5).clamp(0.0, 255.0) as u8);
        Luma {
            width: WIDTH,
            height: HEIGHT,
            data: data.collect(),
        }
    }
}

impl Pose {
    /// Rows and columns that a card may cover: left, top, right, bottom.
    fn bounds(&self) -> [usize; 4] {
        let reach = self.width * 1.9;
        let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
        [
            clamp(self.centre[0] - reach, WIDTH),
            clamp(self.centre[1] - reach, HEIGHT),
            clamp(self.centre[0] + reach, WIDTH),
            clamp(self.centre[1] + reach, HEIGHT),
        ]
    }
}

/// A dim shop: a wall, shelves, a lamp.
fn room(dice: &mut Dice) -> Vec<f32> {
    let mut room = vec![0.0; WIDTH * HEIGHT];
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let lamp = ((x as f32 - 980.0) / 420.0).powi(2) + ((y as f32 - 80.0) / 260.0).powi(2);
            room[y * WIDTH + x] = 62.0 + 70.0 * (-lamp).exp() + 14.0 * (y as f32 / HEIGHT as f32);
        }
    }
    for shelf in 0..4 {
        let top = 90 + shelf * 150;
        let mut x = 20;
        while x < 420 {
            let (width, height) = (
                dice.between(24.0, 60.0) as usize,
                dice.between(60.0, 120.0) as usize,
            );
            let grey = dice.between(40.0, 170.0);
            for row in top + 130 - height..top + 130 {
                for pixel in room
                    .iter_mut()
                    .skip(row.min(HEIGHT - 1) * WIDTH + x)
                    .take(width)
                {
                    *pixel = grey;
                }
            }
            x += width + 8;
        }
    }
    blur(&mut room, 1.6, [0, 0, WIDTH, HEIGHT]);
    room
}

/// Draws the card so that its code has these corners.
fn put(frame: &mut [f32], card: &Card, pose: &Pose, corners: [[f32; 2]; 4]) {
    let (left, top, side) = (card.code.0 as f32, card.code.1 as f32, card.code.2 as f32);
    let Some(map) = Homography::onto_unit(corners) else {
        return;
    };
    let [from_x, from_y, to_x, to_y] = pose.bounds();
    // Where on the card a point of the frame is; brightness there, or nothing beside the card.
    let light = |x: f32, y: f32| {
        let [u, v] = map.at(x, y);
        let (x, y) = (left + u * side, top + v * side);
        let inside = x >= 0.0 && y >= 0.0 && x < card.width as f32 && y < card.height as f32;
        inside.then(|| f32::from(card.pixels[y as usize * card.width + x as usize]))
    };
    for y in from_y..to_y {
        for x in from_x..to_x {
            // Four points a pixel: a sensor's pixel has a size.
            let (mut sum, mut count) = (0.0, 0.0);
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                if let Some(light) = light(x as f32 + dx, y as f32 + dy) {
                    sum += light;
                    count += 1.0;
                }
            }
            if count > 0.0 {
                let screen = pose.black + sum / count / 255.0 * (pose.white - pose.black);
                let pixel = &mut frame[y * WIDTH + x];
                *pixel += (screen - *pixel) * (count / 4.0);
            }
        }
    }
}

pub(super) fn shine(frame: &mut [f32], centre: [f32; 2], radius: f32, light: f32) {
    let reach = radius * 3.0;
    let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
    for y in clamp(centre[1] - reach, HEIGHT)..clamp(centre[1] + reach, HEIGHT) {
        for x in clamp(centre[0] - reach, WIDTH)..clamp(centre[0] + reach, WIDTH) {
            let far = ((x as f32 - centre[0]) / radius).powi(2)
                + ((y as f32 - centre[1]) / radius).powi(2);
            frame[y * WIDTH + x] += light * (-0.5 * far).exp();
        }
    }
}

/// A Gaussian blur of this many pixels (standard deviation), inside these bounds.
pub(super) fn blur(frame: &mut [f32], sigma: f32, [left, top, right, bottom]: [usize; 4]) {
    if sigma < 0.15 || right <= left || bottom <= top {
        return;
    }
    let reach = (sigma * 2.5).ceil() as usize;
    let weights: Vec<f32> = (0..=reach)
        .map(|at| (-0.5 * (at as f32 / sigma).powi(2)).exp())
        .collect();
    let total: f32 = weights[0] + 2.0 * weights[1..].iter().sum::<f32>();
    let weights: Vec<f32> = weights.iter().map(|weight| weight / total).collect();
    let blurred = |line: &[f32], out: &mut [f32]| {
        let last = line.len() - 1;
        for (at, out) in out.iter_mut().enumerate() {
            let sides = weights.iter().enumerate().skip(1);
            *out = line[at] * weights[0]
                + sides
                    .map(|(off, weight)| {
                        weight * (line[at.saturating_sub(off)] + line[(at + off).min(last)])
                    })
                    .sum::<f32>();
        }
    };
    let mut out = vec![0.0; (right - left).max(bottom - top)];
    for y in top..bottom {
        let row = y * WIDTH + left..y * WIDTH + right;
        let line = frame[row.clone()].to_vec();
        blurred(&line, &mut out[..right - left]);
        frame[row].copy_from_slice(&out[..right - left]);
    }
    // Rows at once: columns one by one would walk through memory in the worst order.
    let source: Vec<f32> = frame[top * WIDTH..bottom * WIDTH].to_vec();
    let rows = bottom - top;
    for y in 0..rows {
        let target = &mut frame[(y + top) * WIDTH + left..(y + top) * WIDTH + right];
        let row = |y: usize| &source[y * WIDTH + left..y * WIDTH + right];
        for (pixel, value) in target.iter_mut().zip(row(y)) {
            *pixel = value * weights[0];
        }
        for (off, weight) in weights.iter().enumerate().skip(1) {
            let (above, below) = (row(y.saturating_sub(off)), row((y + off).min(rows - 1)));
            for (pixel, (above, below)) in target.iter_mut().zip(above.iter().zip(below)) {
                *pixel += weight * (above + below);
            }
        }
    }
}

/// A projective map of the plane.
pub(super) struct Homography([f32; 9]);

impl Homography {
    /// The map that takes four corners (clockwise) to those of the unit square; `None` when they lie on a line.
    pub(super) fn onto_unit([a, b, c, d]: [[f32; 2]; 4]) -> Option<Self> {
        // From the unit square to the corners (Heckbert 1989, 2.2.3), then turned around.
        let (dx1, dx2, sx) = (b[0] - c[0], d[0] - c[0], a[0] - b[0] + c[0] - d[0]);
        let (dy1, dy2, sy) = (b[1] - c[1], d[1] - c[1], a[1] - b[1] + c[1] - d[1]);
        let det = dx1 * dy2 - dx2 * dy1;
        if det.abs() < 1e-3 {
            return None;
        }
        let g = (sx * dy2 - dx2 * sy) / det;
        let h = (dx1 * sy - sx * dy1) / det;
        let m = [
            b[0] - a[0] + g * b[0],
            d[0] - a[0] + h * d[0],
            a[0],
            b[1] - a[1] + g * b[1],
            d[1] - a[1] + h * d[1],
            a[1],
            g,
            h,
            1.0,
        ];
        Some(Self([
            m[4] * m[8] - m[5] * m[7],
            m[2] * m[7] - m[1] * m[8],
            m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8],
            m[0] * m[8] - m[2] * m[6],
            m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6],
            m[1] * m[6] - m[0] * m[7],
            m[0] * m[4] - m[1] * m[3],
        ]))
    }

    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        [
            (m[0] * x + m[1] * y + m[2]) / w,
            (m[3] * x + m[4] * y + m[5]) / w,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_to_the_unit_square() {
        let corners = [[100.0, 50.0], [300.0, 70.0], [280.0, 260.0], [90.0, 240.0]];
        let map = Homography::onto_unit(corners).unwrap();
        for (corner, unit) in
            corners
                .into_iter()
                .zip([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
        {
            let [x, y] = map.at(corner[0], corner[1]);
            assert!(
                (x - unit[0]).abs() < 1e-3 && (y - unit[1]).abs() < 1e-3,
                "{corner:?} -> {x} {y}"
            );
        }
        assert!(Homography::onto_unit([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]).is_none());
    }
}
