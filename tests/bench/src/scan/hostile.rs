//! Pictures that somebody might hold up to keep the kiosk busy. Only time counts here.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use munjigi::{
    camera::Luma,
    pass::symbol::{Medium, Symbol},
};

use super::{
    peers::Peer,
    text::{self, Dice},
};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;

/// A still that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Milliseconds of one picture; the still is `None` where it was not asked, infinite where it was not waited for.
pub struct Times {
    pub name: &'static str,
    pub frame: f64,
    pub zxing: f64,
    pub still: Option<f64>,
}

/// Munjigi and zxing-cpp on every picture.
pub fn measure() -> Vec<Times> {
    let pictures = pictures();
    // The best of three, since the picture is slow and not the moment.
    let best = |peer: Peer, picture: &Luma| {
        let times = (0..3).map(|_| timed(peer, picture));
        times.fold(f64::INFINITY, f64::min)
    };
    let mut times: Vec<Times> = pictures
        .iter()
        .map(|(name, picture)| Times {
            name,
            frame: best(Peer::Frame, picture),
            zxing: best(Peer::Zxing, picture),
            still: None,
        })
        .collect();
    for (times, (_, picture)) in times.iter_mut().zip(pictures) {
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || sender.send(timed(Peer::Still, &picture)));
        let still = ended.recv_timeout(PATIENCE).unwrap_or(f64::INFINITY);
        times.still = Some(still);
        if still.is_infinite() {
            // A thread cannot be ended, and beside it nothing can be measured any more.
            break;
        }
    }
    times
}

fn timed(peer: Peer, picture: &Luma) -> f64 {
    let begin = Instant::now();
    drop(peer.read(picture));
    begin.elapsed().as_secs_f64() * 1000.0
}

/// All of them by name.
pub fn pictures() -> Vec<(&'static str, Luma)> {
    vec![
        ("66 finders", finders(66, 0.0)),
        ("594 finders", finders(594, 0.0)),
        ("66 warped finders", finders(66, 9.0)),
        ("594 warped finders", finders(594, 4.0)),
        ("100 codes", codes(0)),
        ("100 broken codes", codes(4)),
        ("one broken code of version 40", broken()),
        ("noise", random(|dice| (dice.roll() >> 56) as u8)),
        (
            "black and white noise",
            random(|dice| if dice.roll() >> 63 == 1 { 255 } else { 0 }),
        ),
        ("black", drawn(|_, _| 0)),
        ("white", drawn(|_, _| 255)),
        ("checkerboard of 1", checkerboard(1)),
        ("checkerboard of 2", checkerboard(2)),
        ("checkerboard of 3", checkerboard(3)),
        ("checkerboard of 8", checkerboard(8)),
        ("checkerboard of 32", checkerboard(32)),
        ("stripes 1:1:3:1:1", drawn(|x, _| stripe(x / 3))),
        (
            "squares 1:1:3:1:1",
            drawn(|x, y| stripe(x / 3).max(stripe(y / 3))),
        ),
        ("rings", drawn(ring)),
    ]
}

fn drawn(light: impl Fn(usize, usize) -> u8) -> Luma {
    let rows = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    let data = rows.map(|(x, y)| light(x, y)).collect();
    Luma::new(WIDTH, HEIGHT, data).unwrap()
}

fn random(mut light: impl FnMut(&mut Dice) -> u8) -> Luma {
    let mut dice = Dice(5);
    let data = (0..WIDTH * HEIGHT).map(|_| light(&mut dice)).collect();
    Luma::new(WIDTH, HEIGHT, data).unwrap()
}

fn checkerboard(side: usize) -> Luma {
    drawn(|x, y| {
        if (x / side + y / side) % 2 == 0 {
            20
        } else {
            235
        }
    })
}

/// Dark where a finder's row is dark, for ever.
fn stripe(at: usize) -> u8 {
    if matches!(at % 8, 0 | 2..=4 | 6) {
        20
    } else {
        235
    }
}

fn ring(x: usize, y: usize) -> u8 {
    let far = (x as f32 - 640.0).hypot(y as f32 - 360.0);
    stripe((far / 6.0) as usize)
}

/// A poster of so many finder patterns, in waves when it is warped by some pixels.
fn finders(count: usize, warp: f32) -> Luma {
    let across = (count as f32 * 16.0 / 9.0).sqrt().round() as usize;
    let down = count.div_ceil(across);
    let (cell_x, cell_y) = (WIDTH / across, HEIGHT / down);
    let module = cell_x.min(cell_y) / 9;
    drawn(|x, y| {
        let x = x as f32 + warp * (y as f32 / 37.0).sin();
        let y = y as f32 + warp * (x / 41.0).cos();
        let (x, y) = (x.max(0.0) as usize, y.max(0.0) as usize);
        if y / cell_y * across + x / cell_x >= count {
            return 235;
        }
        let (column, row) = (x % cell_x / module, y % cell_y / module);
        // Out of nine modules the inner seven, as a square in a ring.
        let far = column.abs_diff(4).max(row.abs_diff(4));
        if far == 3 || far < 2 { 20 } else { 235 }
    })
}

/// Ten by ten codes; one module in so many is turned when there is such a number.
fn codes(broken: u64) -> Luma {
    let mut picture = drawn(|_, _| 235);
    let mut dice = Dice(9);
    for number in 0..100 {
        let code = Symbol::of(&text::of_length(10, number), Medium::Paper).unwrap();
        let (left, top) = (
            number as usize % 10 * 126 + 14,
            number as usize / 10 * 72 + 4,
        );
        paint(&mut picture, &code, [left, top], 3, broken, &mut dice);
    }
    picture
}

fn broken() -> Luma {
    let mut picture = drawn(|_, _| 235);
    let code = Symbol::of(&text::of_length(2800, 1), Medium::Screen).unwrap();
    paint(&mut picture, &code, [300, 20], 3, 8, &mut Dice(3));
    picture
}

fn paint(
    picture: &mut Luma,
    code: &Symbol,
    [left, top]: [usize; 2],
    module: usize,
    broken: u64,
    dice: &mut Dice,
) {
    let finder = |at: usize| at < 8 || at >= code.side - 8;
    for (at, dark) in code.dark.iter().enumerate() {
        let (column, row) = (at % code.side, at / code.side);
        let turned =
            broken > 0 && !(finder(column) && finder(row)) && dice.roll().is_multiple_of(broken);
        if *dark != turned {
            for y in top + row * module..top + (row + 1) * module {
                let from = y * WIDTH + left + column * module;
                picture.data[from..from + module].fill(20);
            }
        }
    }
}
