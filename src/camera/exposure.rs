//! The exposure of a code: how long, how much gain, where the focus is, and against which mains. Pure.
//!
//! A camera by itself exposes for the whole scene: a phone's screen in a dark street becomes a white square, in daylight a
//! black one. [`Exposure`] is shown what a [`Meter`] read from each picture and says what is to be set. While no code is in
//! view it leaves the camera to itself.

mod control;
mod flicker;
mod focus;
pub mod kept;
mod ladder;
pub mod lamp;
pub mod meter;
#[cfg(test)]
mod tests;

pub use control::Exposure;
pub use meter::{Meter, Sight, Tone};
use serde::{Deserialize, Serialize};

/// The values that a control takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub min: i32,
    /// The most.
    pub max: i32,
    /// From one value to the next, at least 1.
    pub step: i32,
    /// What the camera comes with.
    pub default: i32,
}

impl Range {
    /// The value that is nearest to this one.
    #[must_use]
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "values of controls are small, and a cast clamps"
    )]
    pub fn near(&self, value: f32) -> i32 {
        let step = self.step.max(1);
        let steps = ((value - self.min as f32) / step as f32).round() as i32;
        let value = steps.saturating_mul(step).saturating_add(self.min);
        value.min(self.max).max(self.min)
    }
}

/// What a camera lets be set; nothing, by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Exposure time in units of 100 microseconds.
    pub exposure: Option<Range>,
    /// Amplification, in the driver's own units.
    pub gain: Option<Range>,
    /// Distance of the focus, in the driver's own units; more is usually nearer.
    pub focus: Option<Range>,
    /// Whether it can expose by itself.
    pub auto: bool,
    /// Whether it can keep its own exposure from flickering with the mains.
    pub mains: bool,
}

/// Frequency of the mains. Lamps flash twice a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mains {
    /// Europe, most of Asia.
    Hz50,
    /// Korea, the Americas.
    Hz60,
}

impl Mains {
    /// From flash to flash, in units of 100 microseconds.
    #[must_use]
    pub const fn half_period(self) -> f32 {
        match self {
            Self::Hz50 => 100.0,
            Self::Hz60 => 250.0 / 3.0,
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Hz50 => Self::Hz60,
            Self::Hz60 => Self::Hz50,
        }
    }
}

/// What is to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The camera exposes by itself; exposure and gain do not count then.
    pub auto: bool,
    /// Exposure time in units of 100 microseconds.
    pub exposure: Option<i32>,
    /// Amplification, in the driver's own units.
    pub gain: Option<i32>,
    /// Distance of the focus; `None` leaves it to the camera.
    pub focus: Option<i32>,
    /// The mains whose flicker is kept out, once it was seen.
    pub mains: Option<Mains>,
}

impl Settings {
    /// Everything is left to the camera.
    pub const AUTO: Self = Self {
        auto: true,
        exposure: None,
        gain: None,
        focus: None,
        mains: None,
    };
}

/// Whether codes can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// They can, or it is still being tried.
    #[default]
    Good,
    /// There is too little light, and nothing more can be done.
    TooDark,
    /// There is too much.
    TooBright,
}

/// What follows from a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// To be set now.
    pub settings: Option<Settings>,
    /// Whether codes can be seen.
    pub light: Light,
    /// Whether the kiosk's own screen should light the scene.
    pub lamp: bool,
}
