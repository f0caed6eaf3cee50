//! Whether the light flickers with the mains: bands across the picture that move from frame to frame. Pure.
//!
//! A rolling shutter takes its rows one after the other, so that lamps at 100 or 120 flashes a second leave two to four
//! bands in a picture. What stands still belongs to the scene; what moves and is as regular as a sine is flicker. Bands
//! that stand still, because the frame rate divides the flashes exactly, are not seen.
#![allow(clippy::cast_precision_loss, reason = "a hundred rows")]

/// Share of each picture in the memory of the scene.
const MEMORY: f32 = 0.1;
/// Depth of the bands, in parts of the brightness, that counts.
const DEPTH: f32 = 0.05;
/// Which part of everything that moves has to be one regular wave.
const PURE: f32 = 0.55;
/// Waves over the height of a picture that are looked for.
const WAVES: std::ops::RangeInclusive<u32> = 3..=12;
/// Of how many pictures.
const WINDOW: u32 = 16;
/// This many have to show it.
const ENOUGH: u32 = 10;

/// Remembers the rows of a scene.
#[derive(Debug, Clone, Default)]
pub(super) struct Flicker {
    scene: Vec<f32>,
    /// One bit a picture, the newest lowest.
    seen: u32,
    pictures: u32,
}

impl Flicker {
    /// After a picture with these row means: whether the light flickers; `None` as long as too few were seen.
    pub(super) fn see(&mut self, rows: &[f32]) -> Option<bool> {
        let rows: Vec<f32> = rows.iter().map(|mean| (mean + 4.0).ln()).collect();
        if self.scene.len() != rows.len() {
            *self = Self {
                scene: rows,
                ..Self::default()
            };
            return None;
        }
        let moved: Vec<f32> = rows
            .iter()
            .zip(&self.scene)
            .map(|(row, scene)| row - scene)
            .collect();
        for (scene, moved) in self.scene.iter_mut().zip(&moved) {
            *scene += MEMORY * moved;
        }
        self.seen = self.seen << 1 | u32::from(banded(&moved));
        self.pictures += 1;
        let window = self.seen & ((1 << WINDOW) - 1);
        (self.pictures >= WINDOW).then(|| window.count_ones() >= ENOUGH)
    }

    /// The exposure was changed: nothing that was seen counts any more.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Whether what moved is one wave of a certain depth.
fn banded(moved: &[f32]) -> bool {
    let count = moved.len().max(1) as f32;
    let mean = moved.iter().sum::<f32>() / count;
    let all = moved.iter().map(|row| (row - mean).powi(2)).sum::<f32>() / count;
    // Half waves too: the flashes know nothing of the height of a picture.
    let strongest = WAVES
        .map(|halves| {
            let turn = std::f32::consts::PI * halves as f32 / count;
            let (mut sine, mut cosine) = (0.0, 0.0);
            for (at, row) in moved.iter().enumerate() {
                let (sin, cos) = (turn * at as f32).sin_cos();
                sine += (row - mean) * sin;
                cosine += (row - mean) * cos;
            }
            2.0 * (sine * sine + cosine * cosine) / (count * count)
        })
        .fold(0.0, f32::max);
    // The variance of a wave is half the square of its depth.
    strongest > DEPTH * DEPTH / 2.0 && strongest > PURE * all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::exposure::meter::ROWS;

    /// The last answer after `frames` pictures whose rows are `level(row from 0 to 1, frame)`.
    fn after(frames: u32, level: impl Fn(f32, f32) -> f32) -> Option<bool> {
        let mut flicker = Flicker::default();
        let rows = |frame: u32| {
            (0..ROWS)
                .map(|row| level(row as f32 / ROWS as f32, frame as f32))
                .collect::<Vec<f32>>()
        };
        (0..frames).map(|frame| flicker.see(&rows(frame))).last()?
    }

    fn wave(row: f32, frame: f32, waves: f32, drift: f32) -> f32 {
        (std::f32::consts::TAU * (waves * row + drift * frame)).sin()
    }

    #[test]
    fn moving_bands_are_flicker() {
        for waves in [1.6, 2.5, 3.3, 4.0] {
            for drift in [0.33, 0.04, 0.5] {
                let level = |row, frame| 100.0 * (1.0 + 0.3 * wave(row, frame, waves, drift));
                assert_eq!(after(40, level), Some(true), "{waves} {drift}");
            }
        }
    }

    #[test]
    fn shelves_steps_in_light_and_hands_are_not() {
        assert_eq!(
            after(40, |row, _| 100.0 + 60.0 * wave(row, 0.0, 3.0, 0.0)),
            Some(false)
        );
        assert_eq!(
            after(40, |_, frame| 60.0 + 40.0 * (frame * 0.7).sin()),
            Some(false)
        );
        let hand = |row: f32, frame: f32| {
            let at = 0.5 + 0.1 * (frame * 0.4).sin();
            if (row - at).abs() < 0.25 { 160.0 } else { 60.0 }
        };
        assert_eq!(after(60, hand), Some(false));
        assert_eq!(after(5, |_, _| 60.0), None);
    }
}
