//! What is heard, on a thread of its own: a sound card that is missing, or that hangs, keeps nobody waiting.

use std::{
    f32::consts::TAU,
    num::NonZero,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    time::{Duration, Instant},
};

use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player, buffer::SamplesBuffer};

use crate::screen::Cue;

/// Samples a second; every card takes it.
const RATE: u32 = 48_000;
/// A card that did not open is tried again after this.
const AGAIN: Duration = Duration::from_secs(60);
/// Rise and fall of a tone, so that it does not click.
const EDGE: usize = RATE as usize / 100;

/// The thread's end.
pub struct Sound {
    cues: Option<SyncSender<Cue>>,
}

impl Sound {
    /// Starts it, unless no sound is wanted.
    #[must_use]
    pub fn start(wanted: bool) -> Self {
        let cues = wanted.then(|| {
            let (sender, receiver) = sync_channel(2);
            let started = std::thread::Builder::new()
                .name("sound".into())
                .spawn(move || run(&receiver));
            started.map(|_| sender)
        });
        Self {
            cues: cues.and_then(Result::ok),
        }
    }

    /// Lets something be heard, or nothing when the last cues were not heard yet.
    pub fn play(&self, cue: Cue) {
        if let Some(cues) = &self.cues {
            let _ = cues.try_send(cue);
        }
    }
}

/// Opens the default card, for `munjigi doctor`.
///
/// # Errors
/// What the card's driver said.
pub fn card() -> Result<(), String> {
    open().map(|_| ())
}

fn open() -> Result<MixerDeviceSink, String> {
    // Asked first: without a card ALSA's library writes a page of complaints of its own.
    if std::env::var_os("ALSA_CONFIG_PATH").is_none() && !has_card() {
        return Err("there is no sound card".into());
    }
    let mut sink = DeviceSinkBuilder::open_default_sink().map_err(|error| error.to_string())?;
    sink.log_on_drop(false);
    Ok(sink)
}

/// Whether the kernel knows a device that plays (`pcmC0D0p`).
fn has_card() -> bool {
    let devices = std::fs::read_dir("/dev/snd")
        .into_iter()
        .flatten()
        .flatten();
    devices
        .filter_map(|device| device.file_name().into_string().ok())
        .any(|name| name.starts_with("pcmC") && name.ends_with('p'))
}

fn run(cues: &Receiver<Cue>) {
    let mut card: Option<MixerDeviceSink> = None;
    let mut failed: Option<Instant> = None;
    let mut playing: Option<Player> = None;
    while let Ok(cue) = cues.recv() {
        if card.is_none() && failed.is_none_or(|at| at.elapsed() > AGAIN) {
            match open() {
                Ok(opened) => card = Some(opened),
                Err(problem) => {
                    if failed.is_none() {
                        tracing::warn!(problem, "no sound");
                    }
                    failed = Some(Instant::now());
                }
            }
        }
        if let Some(card) = &card {
            let player = Player::connect_new(card.mixer());
            if let Some(rate) = NonZero::new(RATE) {
                player.append(SamplesBuffer::new(NonZero::<u16>::MIN, rate, samples(cue)));
            }
            // The one before ends here.
            playing = Some(player);
        }
    }
    drop(playing);
}

/// Tones: hertz (from, to), milliseconds, loudness.
fn tones(cue: Cue) -> &'static [((f32, f32), u32, f32)] {
    match cue {
        Cue::Tick => &[((1_760.0, 1_760.0), 35, 0.12)],
        Cue::Granted => &[((659.3, 659.3), 140, 0.35), ((987.8, 987.8), 260, 0.35)],
        Cue::Refused => &[((392.0, 220.0), 420, 0.35)],
        Cue::Overstayed => &[
            ((784.0, 784.0), 300, 0.4),
            ((0.0, 0.0), 200, 0.0),
            ((784.0, 784.0), 300, 0.4),
            ((0.0, 0.0), 200, 0.0),
            ((784.0, 784.0), 300, 0.4),
        ],
    }
}

fn samples(cue: Cue) -> Vec<f32> {
    let mut samples = Vec::new();
    for ((from, to), millis, loud) in tones(cue) {
        let length = (RATE / 1000 * millis) as usize;
        let mut phase = 0.0_f32;
        for at in 0..length {
            let done = at as f32 / length as f32;
            phase = (phase + (from + (to - from) * done) / RATE as f32).fract();
            let edge = at.min(length - 1 - at).min(EDGE) as f32 / EDGE as f32;
            samples.push((phase * TAU).sin() * edge * loud);
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hertz, from the crossings of zero.
    fn pitch(samples: &[f32]) -> f32 {
        let rises = samples
            .windows(2)
            .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0)
            .count();
        rises as f32 * RATE as f32 / samples.len() as f32
    }

    #[test]
    fn granted_rises_refused_falls_and_nothing_clicks() {
        for cue in [Cue::Tick, Cue::Granted, Cue::Refused, Cue::Overstayed] {
            let samples = samples(cue);
            let (first, last) = samples.split_at(samples.len() / 3);
            let last = &last[last.len() / 2..];
            match cue {
                Cue::Granted => assert!(pitch(last) > pitch(first) * 1.3),
                Cue::Refused => assert!(pitch(last) < pitch(first) * 0.8),
                Cue::Overstayed => assert!((pitch(first) - pitch(last)).abs() < 500.0),
                Cue::Tick => assert!(samples.len() < RATE as usize / 20),
            }
            assert!(samples.iter().all(|sample| sample.abs() <= 0.5));
            let leap = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs());
            assert!(leap.fold(0.0, f32::max) < 0.1);
        }
    }

    #[test]
    fn cues_without_a_card_are_no_trouble() {
        let sound = Sound::start(true);
        for _ in 0..100 {
            sound.play(Cue::Tick);
        }
        Sound::start(false).play(Cue::Granted);
    }
}
