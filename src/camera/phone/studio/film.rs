//! From a card, its corners and the light to the picture that a webcam delivers.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "drawing: values are small and clamped"
)]

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};

use super::{
    super::{
        HEIGHT, WIDTH,
        draw::Card,
        lens::{Dice, Homography, blur, shine},
    },
    grade::Take,
    scene::normal,
};
use crate::camera::Luma;

/// One picture of a card over a scene.
pub(super) fn film(
    mut frame: Vec<f32>,
    card: &Card,
    corners: [[f32; 2]; 4],
    take: &Take,
    dice: &mut Dice,
) -> Luma {
    let bounds = put(&mut frame, card, corners, take, dice);
    gradient(&mut frame, dice);
    if take.glare {
        let mut about = |at: f32| at + dice.between(-0.6, 0.6) * take.width;
        let spot = [about(corners[0][0]), about(corners[0][1])];
        let half = [
            (corners[2][0] - corners[0][0]) / 2.0,
            (corners[2][1] - corners[0][1]) / 2.0,
        ];
        let centre = [spot[0] + half[0], spot[1] + half[1]];
        let radius = dice.between(0.06, 0.27) * take.width;
        shine(&mut frame, centre, radius, dice.between(40.0, 190.0));
    }
    blur(&mut frame, take.blur, [0, 0, WIDTH, HEIGHT]);
    smear(&mut frame, take.motion, bounds);
    develop(frame, take, dice)
}

/// A picture of a scene alone.
pub(super) fn film_nothing(mut frame: Vec<f32>, noise: f32, quality: u8, dice: &mut Dice) -> Luma {
    gradient(&mut frame, dice);
    let data = frame
        .into_iter()
        .map(|light| (light + normal(dice) * noise + 0.5).clamp(0.0, 255.0) as u8);
    compressed(data.collect(), quality)
}

/// Draws the card so that its code has these corners, with the grid of the screen; returns the bounds of what it covers.
fn put(
    frame: &mut [f32],
    card: &Card,
    corners: [[f32; 2]; 4],
    take: &Take,
    dice: &mut Dice,
) -> [usize; 4] {
    let (left, top, side) = (card.code.0 as f32, card.code.1 as f32, card.code.2 as f32);
    let waves: [[f32; 4]; 2] = std::array::from_fn(|_| {
        let period = dice.between(2.6_f32.ln(), 40.0_f32.ln()).exp();
        let way = dice.between(0.0, std::f32::consts::PI);
        let turns = std::f32::consts::TAU / period;
        [
            turns * way.cos(),
            turns * way.sin(),
            turns * dice.between(-2e-4, 2e-4),
            dice.between(0.0, std::f32::consts::TAU),
        ]
    });
    let Some(map) = Homography::onto_unit(corners) else {
        return [0; 4];
    };
    let bounds = bounds(corners);
    let [from_x, from_y, to_x, to_y] = bounds;
    for y in from_y..to_y {
        for x in from_x..to_x {
            let (mut sum, mut count) = (0.0, 0.0);
            for (dx, dy) in [
                (0.125, 0.375),
                (0.625, 0.125),
                (0.375, 0.875),
                (0.875, 0.625),
            ] {
                let [u, v] = map.at(x as f32 + dx, y as f32 + dy);
                let (x, y) = (left + u * side, top + v * side);
                if x >= 0.0 && y >= 0.0 && x < card.width as f32 && y < card.height as f32 {
                    sum += f32::from(card.pixels[y as usize * card.width + x as usize]);
                    count += 1.0;
                }
            }
            if count > 0.0 {
                let mut light = sum / count / 255.0;
                if take.grid > 0.0 {
                    let (x, y) = (
                        x as f32 - WIDTH as f32 / 2.0,
                        y as f32 - HEIGHT as f32 / 2.0,
                    );
                    let wave =
                        |[a, b, c, d]: [f32; 4]| (a * x + b * y + c * (x * x + y * y) + d).sin();
                    let waves: f32 = waves.into_iter().map(wave).sum();
                    light *= 1.0 + take.grid * 0.7 * waves;
                }
                let screen = take.black + light * (take.white - take.black);
                let pixel = &mut frame[y * WIDTH + x];
                *pixel += (screen - *pixel) * (count / 4.0);
            }
        }
    }
    bounds
}

/// Left, top, right and bottom of what a card may cover whose code has these corners: the phone is 1.4 codes wide and
/// reaches 1.7 codes below.
fn bounds(corners: [[f32; 2]; 4]) -> [usize; 4] {
    let reach = |axis: usize, most: usize| {
        let (low, high) = corners
            .iter()
            .fold((f32::MAX, f32::MIN), |(low, high), corner| {
                (low.min(corner[axis]), high.max(corner[axis]))
            });
        let room = (high - low) * 2.2;
        let clamp = |value: f32| value.clamp(0.0, most as f32) as usize;
        (clamp(low - room), clamp(high + room))
    };
    let (x, y) = (reach(0, WIDTH), reach(1, HEIGHT));
    [x.0, y.0, x.1, y.1]
}

/// One side of the room is brighter.
fn gradient(frame: &mut [f32], dice: &mut Dice) {
    let way = dice.between(0.0, std::f32::consts::TAU);
    let strength = dice.between(0.0, 0.25) / WIDTH as f32;
    let (across, down) = (way.cos() * strength, way.sin() * strength);
    for (y, row) in frame.chunks_mut(WIDTH).enumerate() {
        let start = 1.0 + (y as f32 - HEIGHT as f32 / 2.0) * down - WIDTH as f32 / 2.0 * across;
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel *= start + x as f32 * across;
        }
    }
}

/// What a movement does while the shutter is open: the mean along its way.
fn smear(frame: &mut [f32], motion: [f32; 2], [left, top, right, bottom]: [usize; 4]) {
    let length = motion[0].hypot(motion[1]);
    if length < 0.8 {
        return;
    }
    let mut taps: Vec<(isize, isize, f32)> = Vec::new();
    let mut add = |x: isize, y: isize, weight: f32| match taps
        .iter_mut()
        .find(|tap| (tap.0, tap.1) == (x, y))
    {
        Some(tap) => tap.2 += weight,
        None => taps.push((x, y, weight)),
    };
    let steps = 40;
    for step in 0..=steps {
        let part = step as f32 / steps as f32 - 0.5;
        let (x, y) = (motion[0] * part, motion[1] * part);
        let (column, row) = (x.floor(), y.floor());
        let (dx, dy) = (x - column, y - row);
        let (column, row) = (column as isize, row as isize);
        let weight = 1.0 / (steps + 1) as f32;
        add(column, row, weight * (1.0 - dx) * (1.0 - dy));
        add(column + 1, row, weight * dx * (1.0 - dy));
        add(column, row + 1, weight * (1.0 - dx) * dy);
        add(column + 1, row + 1, weight * dx * dy);
    }
    taps.retain(|tap| tap.2 > 0.0);
    let source = frame.to_vec();
    for y in top..bottom {
        let target = &mut frame[y * WIDTH + left..y * WIDTH + right];
        target.fill(0.0);
        for &(dx, dy, weight) in &taps {
            let row = y.saturating_add_signed(dy).min(HEIGHT - 1) * WIDTH;
            for (at, pixel) in target.iter_mut().enumerate() {
                let column = (left + at).saturating_add_signed(dx).min(WIDTH - 1);
                *pixel += weight * source[row + column];
            }
        }
    }
}

/// The camera's curve, its noise and its JPEG.
fn develop(frame: Vec<f32>, take: &Take, dice: &mut Dice) -> Luma {
    let curve: Vec<f32> = (0..=1020_u16)
        .map(|quarter| 255.0 * (f32::from(quarter) / 1020.0).powf(take.gamma))
        .collect();
    let noise: Vec<f32> = curve
        .iter()
        .map(|light| take.noise * (0.4 + 0.6 * light / 255.0).sqrt())
        .collect();
    let data = frame.into_iter().map(|light| {
        let at = (light.clamp(0.0, 255.0) * 4.0) as usize;
        (curve[at] + normal(dice) * noise[at] + 0.5).clamp(0.0, 255.0) as u8
    });
    compressed(data.collect(), take.quality)
}

/// What is left after the JPEG that a cheap webcam sends.
fn compressed(data: Vec<u8>, quality: u8) -> Luma {
    let mut bytes = Vec::new();
    let (width, height) = (WIDTH as u32, HEIGHT as u32);
    let packed = JpegEncoder::new_with_quality(&mut bytes, quality).write_image(
        &data,
        width,
        height,
        ExtendedColorType::L8,
    );
    let unpacked =
        packed.and_then(|()| image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg));
    Luma {
        width: WIDTH,
        height: HEIGHT,
        // A picture of these sizes always fits a JPEG; were it not so, the frame without its traces is still the frame.
        data: unpacked.map_or(data, |picture| picture.into_luma8().into_raw()),
    }
}
