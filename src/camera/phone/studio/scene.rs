//! What is behind the visitor: clouds of grey with hard edges, a shop's shelves, pages of print.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "drawing: values are small and clamped"
)]

use super::super::{
    HEIGHT, WIDTH,
    lens::{Dice, blur},
};

/// A scene; every third one has print in it when it is asked for.
pub(super) fn scene(printed: bool, dice: &mut Dice) -> Vec<f32> {
    let mut frame = if dice.between(0.0, 1.0) < 0.5 {
        clouds(dice)
    } else {
        shop(dice)
    };
    if printed {
        let left = dice.between(40.0, 500.0);
        page(&mut frame, left, left + dice.between(300.0, 700.0), dice);
    }
    blur(&mut frame, dice.between(0.6, 2.5), [0, 0, WIDTH, HEIGHT]);
    let light = dice.between(0.45, 1.0);
    for pixel in &mut frame {
        *pixel *= light;
    }
    frame
}

/// Noise of all sizes, and polygons over it.
fn clouds(dice: &mut Dice) -> Vec<f32> {
    let mut frame = vec![0.0; WIDTH * HEIGHT];
    let mut strength = 1.0;
    for cells in [4, 8, 16, 32, 64, 128_usize] {
        let across = cells * WIDTH / HEIGHT + 2;
        let knots: Vec<f32> = (0..across * (cells + 2)).map(|_| normal(dice)).collect();
        let step = HEIGHT as f32 / cells as f32;
        for (y, row) in frame.chunks_mut(WIDTH).enumerate() {
            let (down, dy) = ((y as f32 / step) as usize, (y as f32 / step).fract());
            for (x, pixel) in row.iter_mut().enumerate() {
                let (right, dx) = ((x as f32 / step) as usize, (x as f32 / step).fract());
                let at = down * across + right;
                let upper = knots[at] + (knots[at + 1] - knots[at]) * dx;
                let lower = knots[at + across] + (knots[at + across + 1] - knots[at + across]) * dx;
                *pixel += strength * (upper + (lower - upper) * dy);
            }
        }
        strength *= 0.62;
    }
    for pixel in &mut frame {
        *pixel = (110.0 + 45.0 * *pixel).clamp(0.0, 255.0);
    }
    for _ in 0..dice.between(3.0, 14.0) as usize {
        let corners: [[f32; 2]; 3] = std::array::from_fn(|_| {
            [
                dice.between(0.0, WIDTH as f32),
                dice.between(0.0, HEIGHT as f32),
            ]
        });
        triangle(&mut frame, corners, dice.between(10.0, 245.0));
    }
    frame
}

/// Goods side by side on shelves, with labels and bar codes on some.
fn shop(dice: &mut Dice) -> Vec<f32> {
    let wall = dice.between(50.0, 190.0);
    let mut frame = vec![wall; WIDTH * HEIGHT];
    let pitch = dice.between(110.0, 230.0);
    let mut foot = pitch;
    while foot < HEIGHT as f32 + pitch {
        rectangle(
            &mut frame,
            [0.0, foot, WIDTH as f32, foot + 10.0],
            wall * 0.5,
        );
        let mut x = dice.between(-30.0, 30.0);
        while x < WIDTH as f32 {
            let (width, height) = (dice.between(30.0, 110.0), pitch * dice.between(0.4, 0.92));
            let grey = dice.between(20.0, 240.0);
            let top = foot - height;
            rectangle(&mut frame, [x, top, x + width, foot], grey);
            let ink = if grey > 128.0 { 25.0 } else { 225.0 };
            match dice.between(0.0, 4.0) as usize {
                0 => {
                    let mut bar = x + 6.0;
                    while bar < x + width - 8.0 {
                        let wide = dice.between(1.0, 4.0);
                        rectangle(
                            &mut frame,
                            [bar, foot - height * 0.4, bar + wide, foot - height * 0.15],
                            ink,
                        );
                        bar += wide + dice.between(1.0, 4.0);
                    }
                }
                1 | 2 => {
                    for line in 0..3 {
                        let y = top + height * 0.2 + line as f32 * 16.0;
                        write(
                            &mut frame,
                            [x + 6.0, y, x + width - 6.0, y + 11.0],
                            ink,
                            dice,
                        );
                    }
                }
                _ => {}
            }
            x += width + dice.between(1.0, 12.0);
        }
        foot += pitch;
    }
    frame
}

/// A sheet full of lines.
fn page(frame: &mut [f32], left: f32, right: f32, dice: &mut Dice) {
    let paper = dice.between(190.0, 245.0);
    rectangle(frame, [left, 0.0, right, HEIGHT as f32], paper);
    let size = dice.between(9.0, 26.0);
    let mut y = 14.0;
    while y < HEIGHT as f32 {
        let end = right - dice.between(10.0, 60.0);
        write(frame, [left + 10.0, y, end, y + size], 20.0, dice);
        y += size * 1.7;
    }
}

/// A line of something like letters: stems and bows on a raster of five by seven.
fn write(frame: &mut [f32], [left, top, right, bottom]: [f32; 4], ink: f32, dice: &mut Dice) {
    let dot = (bottom - top) / 7.0;
    let mut x = left;
    while x + 5.0 * dot < right {
        let blank = dice.between(0.0, 1.0) < 0.15;
        let strokes = dice.next();
        for (bit, [l, t, r, b]) in [
            [0.0, 0.0, 1.0, 7.0],
            [4.0, 0.0, 5.0, 7.0],
            [2.0, 2.0, 3.0, 7.0],
            [0.0, 0.0, 5.0, 1.0],
            [0.0, 3.0, 5.0, 4.0],
            [0.0, 6.0, 5.0, 7.0],
        ]
        .into_iter()
        .enumerate()
        {
            if !blank && strokes >> bit & 1 == 1 {
                let stroke = [x + l * dot, top + t * dot, x + r * dot, top + b * dot];
                rectangle(frame, stroke, ink);
            }
        }
        x += 6.5 * dot;
    }
}

fn rectangle(frame: &mut [f32], [left, top, right, bottom]: [f32; 4], grey: f32) {
    let column = |x: f32| x.round().clamp(0.0, WIDTH as f32) as usize;
    let row = |y: f32| y.round().clamp(0.0, HEIGHT as f32) as usize;
    let (left, right) = (column(left), column(right));
    if left < right {
        for y in row(top)..row(bottom) {
            frame[y * WIDTH + left..y * WIDTH + right].fill(grey);
        }
    }
}

fn triangle(frame: &mut [f32], [a, b, c]: [[f32; 2]; 3], grey: f32) {
    let side = |p: [f32; 2], q: [f32; 2], x: f32, y: f32| {
        (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]) >= 0.0
    };
    for (at, pixel) in frame.iter_mut().enumerate() {
        let (x, y) = ((at % WIDTH) as f32, (at / WIDTH) as f32);
        let first = side(a, b, x, y);
        if first == side(b, c, x, y) && first == side(c, a, x, y) {
            *pixel = grey;
        }
    }
}

/// About normal with deviation 1: four even numbers added.
pub(super) fn normal(dice: &mut Dice) -> f32 {
    let bits = dice.next();
    let sum: u64 = (0..4).map(|part| bits >> (part * 16) & 0xFFFF).sum();
    (sum as f32 / 65_536.0 - 2.0) * 1.732
}
