//! A cheap webcam: lens flare, a rolling shutter, noise, eight bits, settings that show three pictures later.

use std::collections::VecDeque;

use crate::{
    camera::{
        Luma,
        exposure::{Range, Settings},
    },
    pass::symbol::{Medium, Symbol},
};

/// What the code says.
pub(super) const TEXT: &str = "MJ1:THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG 0123456789";

const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// Pixels of a module.
const MODULE: usize = 6;
/// Level that light 1 gives in a time of 250 without gain.
const LEVEL: f32 = 190.0;
/// Part of the light of the picture that the lens spreads over all of it, and into the neighbouring pixels.
const VEIL: f32 = 0.03;
const SPILL: f32 = 0.08;
/// Time over which the rows are read, in units of 100 microseconds.
const READOUT: f32 = 280.0;

pub(super) struct Sensor {
    scene: f32,
    white: f32,
    side: usize,
    dark: Symbol,
    pub(super) hidden: bool,
    /// Flashes a second of the lamps.
    pub(super) flashes: Option<f32>,
    pub(super) gamma: f32,
    /// Of its own accord: the longest time; gain does the rest.
    pub(super) auto_time: f32,
    pub(super) fps: f32,
    set: Settings,
    waiting: VecDeque<Settings>,
    frame: u32,
    noise: u32,
}

impl Sensor {
    /// A scene of this light, and in it a code whose light modules have that.
    pub(super) fn new(scene: f32, white: f32) -> Self {
        let dark = Symbol::of(TEXT, Medium::Screen).unwrap();
        Self {
            scene,
            white,
            side: dark.framed_side() * MODULE,
            dark,
            hidden: false,
            flashes: None,
            gamma: 1.0,
            auto_time: 330.0,
            // Not a whole part of the flashes: no camera's clock is that exact.
            fps: 14.7,
            set: Settings::AUTO,
            waiting: VecDeque::new(),
            frame: 0,
            noise: 1,
        }
    }

    pub(super) fn ms(&self) -> u64 {
        (self.frame as f32 * 1000.0 / self.fps) as u64
    }

    pub(super) fn set(&mut self, settings: Settings) {
        self.waiting.clear();
        self.waiting.extend([self.set, self.set, settings]);
    }

    fn origin(&self) -> (usize, usize) {
        ((WIDTH - self.side) / 2, (HEIGHT - self.side) / 2)
    }

    /// Of the code, without its quiet zone.
    pub(super) fn corners(&self) -> [[f32; 2]; 4] {
        let (x, y) = self.origin();
        let quiet = crate::pass::symbol::QUIET * MODULE;
        let (left, top) = ((x + quiet) as f32, (y + quiet) as f32);
        let side = (self.dark.side * MODULE) as f32;
        [
            [left, top],
            [left + side, top],
            [left + side, top + side],
            [left, top + side],
        ]
    }

    /// The next picture.
    pub(super) fn film(&mut self) -> Luma {
        if let Some(next) = self.waiting.pop_front() {
            self.set = next;
        }
        let light = self.light();
        let (time, gain) = if self.set.auto {
            // Like an eye: what most of the picture is counts, not the few brightest spots.
            let mean =
                (light.iter().map(|light| light.ln()).sum::<f32>() / light.len() as f32).exp();
            let wanted = 110.0 / (LEVEL * mean) * 250.0;
            let time = wanted.clamp(3.0, self.auto_time);
            (time, (wanted / time).clamp(1.0, 8.0))
        } else {
            let gain = 8_f32.powf(self.set.gain.unwrap_or(0) as f32 / 100.0);
            (self.set.exposure.unwrap_or(250) as f32, gain)
        };
        let begin = self.frame as f32 * 10_000.0 / self.fps;
        let mut data = Vec::with_capacity(light.len());
        for y in 0..HEIGHT {
            let lit = self.lit(begin + READOUT * y as f32 / HEIGHT as f32, time);
            for light in &light[y * WIDTH..][..WIDTH] {
                self.noise = self
                    .noise
                    .wrapping_mul(1_664_525)
                    .wrapping_add(1_013_904_223);
                let grain = (self.noise >> 8) as f32 / (1 << 24) as f32 - 0.5;
                let full = (LEVEL * light * lit / 250.0 * gain / 255.0).clamp(0.0, 1.0);
                data.push((255.0 * full.powf(self.gamma) + grain * 8.0).clamp(0.0, 255.0) as u8);
            }
        }
        self.frame += 1;
        Luma::new(WIDTH, HEIGHT, data).unwrap()
    }

    /// The time for which a row that begins at `begin` gets light.
    fn lit(&self, begin: f32, time: f32) -> f32 {
        let Some(flashes) = self.flashes else {
            return time;
        };
        let turn = std::f32::consts::TAU * flashes / 10_000.0;
        // In double precision: the phase after minutes matters.
        let sine = |at: f32| (f64::from(turn) * f64::from(at)).sin() as f32;
        time + 0.98 * (sine(begin + time) - sine(begin)) / turn
    }

    /// Light on the sensor, behind a lens that spreads some of it.
    fn light(&self) -> Vec<f32> {
        let mut light = vec![self.scene; WIDTH * HEIGHT];
        if !self.hidden {
            let (left, top) = self.origin();
            for y in 0..self.side {
                for x in 0..self.side {
                    let dark = self.dark.is_dark(x / MODULE, y / MODULE);
                    let share = if dark { 0.05 } else { 1.0 };
                    light[(top + y) * WIDTH + left + x] = self.white * share;
                }
            }
        }
        let mean = light.iter().sum::<f32>() / light.len() as f32;
        let near = |at: usize| {
            let around = [
                at.wrapping_sub(1),
                at + 1,
                at.wrapping_sub(WIDTH),
                at + WIDTH,
            ];
            around.iter().filter_map(|at| light.get(*at)).sum::<f32>()
        };
        (0..light.len())
            .map(|at| light[at] * (1.0 - VEIL) + mean * VEIL + near(at) * SPILL)
            .collect()
    }
}

/// A reminder that the range of the drawn camera is that of the limits.
#[test]
fn settings_show_three_pictures_later() {
    let range = Range {
        min: 3,
        max: 2047,
        step: 1,
        default: 250,
    };
    let mut sensor = Sensor::new(1.0, 1.0);
    let first = sensor.film().data[0];
    sensor.set(Settings {
        auto: false,
        exposure: Some(range.near(30.0)),
        gain: Some(0),
        focus: None,
        mains: None,
    });
    let levels: Vec<u8> = (0..4).map(|_| sensor.film().data[0]).collect();
    assert!(
        levels[1].abs_diff(first) < 12 && levels[3] < 40,
        "{first}, {levels:?}"
    );
}
