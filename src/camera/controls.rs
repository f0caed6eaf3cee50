//! The controls of a webcam through V4L2: what it offers, and setting it.

use std::{collections::BTreeSet, panic::AssertUnwindSafe};

use v4l::{
    Control, Device,
    control::{Description, Flags, MenuItem, Value},
};

use super::exposure::{Limits, Mains, Range, Settings};

// Numbers of controls (linux/v4l2-controls.h).
const AUTO_GAIN: u32 = 0x0098_0912;
const GAIN: u32 = 0x0098_0913;
const POWER_LINE_FREQUENCY: u32 = 0x0098_0918;
const EXPOSURE_AUTO: u32 = 0x009A_0901;
const EXPOSURE_ABSOLUTE: u32 = 0x009A_0902;
const FOCUS_ABSOLUTE: u32 = 0x009A_090A;
const FOCUS_AUTO: u32 = 0x009A_090C;

/// Items of `EXPOSURE_AUTO`.
const AUTO: i64 = 0;
const MANUAL: i64 = 1;
const APERTURE_PRIORITY: i64 = 3;

/// What a webcam lets be set. A camera without any is as good as one with all.
#[derive(Default)]
pub struct Controls {
    device: Option<Device>,
    offered: Vec<Description>,
    /// What failed once and is not tried again.
    failed: BTreeSet<u32>,
}

impl Controls {
    /// Asks `/dev/video` of this number.
    #[must_use]
    pub fn open(index: u32) -> Self {
        // The library panics over controls that it does not know.
        let asked = AssertUnwindSafe(|| {
            let device = Device::new(index as usize)?;
            let offered = device.query_controls()?;
            Ok((device, offered))
        });
        let problem = match std::panic::catch_unwind(asked) {
            Ok(Ok((device, offered))) => {
                return Self {
                    device: Some(device),
                    offered,
                    failed: BTreeSet::new(),
                };
            }
            Ok(Err(error)) => {
                let error: std::io::Error = error;
                error.to_string()
            }
            Err(_) => "it describes them in a way that is not understood".into(),
        };
        tracing::info!(index, problem, "the camera's controls are not used");
        Self::default()
    }

    /// What can be set.
    #[must_use]
    pub fn limits(&self) -> Limits {
        limits(&self.offered)
    }

    /// Sets everything that is offered. What fails is written down once and not tried again.
    pub fn set(&mut self, settings: &Settings) {
        for (id, value) in orders(&self.offered, settings) {
            if self.failed.contains(&id) {
                continue;
            }
            let Some(device) = &self.device else {
                return;
            };
            let value = Value::Integer(value);
            if let Err(error) = device.set_control(Control { id, value }) {
                tracing::warn!(control = format!("{id:#x}"), %error, "the camera does not take a setting");
                self.failed.insert(id);
            }
        }
    }
}

fn usable(offered: &[Description], id: u32) -> Option<&Description> {
    let found = offered.iter().find(|control| control.id == id)?;
    // Inactive ones become active when what is automatic is turned off.
    (!found.flags.intersects(Flags::DISABLED | Flags::READ_ONLY)).then_some(found)
}

fn limits(offered: &[Description]) -> Limits {
    let range = |id: u32| {
        let control = usable(offered, id)?;
        Some(Range {
            min: i32::try_from(control.minimum).ok()?,
            max: i32::try_from(control.maximum).ok()?,
            step: i32::try_from(control.step.max(1)).ok()?,
            default: i32::try_from(control.default).ok()?,
        })
    };
    // A time that cannot be taken out of the camera's hands cannot be set.
    let by_hand = usable(offered, EXPOSURE_AUTO).is_none_or(|control| has(control, MANUAL));
    Limits {
        exposure: range(EXPOSURE_ABSOLUTE).filter(|_| by_hand),
        gain: range(GAIN),
        focus: range(FOCUS_ABSOLUTE),
        auto: usable(offered, EXPOSURE_AUTO).is_some() || usable(offered, AUTO_GAIN).is_some(),
        mains: usable(offered, POWER_LINE_FREQUENCY).is_some(),
    }
}

/// Whether a menu has an item.
fn has(control: &Description, item: i64) -> bool {
    let items: Option<&Vec<(u32, MenuItem)>> = control.items.as_ref();
    items.is_none_or(|items| items.iter().any(|(at, _)| i64::from(*at) == item))
}

/// What is to be set, in this order: what is automatic first, since it holds the others.
fn orders(offered: &[Description], settings: &Settings) -> Vec<(u32, i64)> {
    let mut orders = Vec::new();
    let mut order = |id: u32, value: Option<i64>| {
        if let (Some(_), Some(value)) = (usable(offered, id), value) {
            orders.push((id, value));
        }
    };
    let automatic = usable(offered, EXPOSURE_AUTO).map(|control| {
        if has(control, APERTURE_PRIORITY) {
            APERTURE_PRIORITY
        } else {
            AUTO
        }
    });
    let mains = settings.mains.map(|mains| match mains {
        Mains::Hz50 => 1,
        Mains::Hz60 => 2,
    });
    order(POWER_LINE_FREQUENCY, mains);
    order(
        EXPOSURE_AUTO,
        if settings.auto {
            automatic
        } else {
            Some(MANUAL)
        },
    );
    order(AUTO_GAIN, Some(i64::from(settings.auto)));
    order(EXPOSURE_ABSOLUTE, settings.exposure.map(i64::from));
    order(GAIN, settings.gain.map(i64::from));
    order(FOCUS_AUTO, Some(i64::from(settings.focus.is_none())));
    order(FOCUS_ABSOLUTE, settings.focus.map(i64::from));
    orders
}

#[cfg(test)]
mod tests {
    use v4l::control::Type;

    use super::*;

    fn control(id: u32, minimum: i64, maximum: i64, flags: Flags) -> Description {
        Description {
            id,
            typ: Type::Integer,
            name: String::new(),
            minimum,
            maximum,
            step: 1,
            default: minimum,
            flags,
            items: None,
        }
    }

    #[test]
    fn what_is_offered_is_set_in_order_and_nothing_else() {
        let offered = [
            control(EXPOSURE_AUTO, 0, 3, Flags::empty()),
            control(EXPOSURE_ABSOLUTE, 3, 2047, Flags::INACTIVE),
            control(GAIN, 0, 100, Flags::DISABLED),
        ];
        let found = limits(&offered);
        assert_eq!(found.exposure.map(|range| range.max), Some(2047));
        assert_eq!((found.gain, found.focus), (None, None));
        assert!(found.auto && !found.mains);
        let by_hand = Settings {
            auto: false,
            exposure: Some(83),
            gain: Some(5),
            focus: Some(1),
            mains: Some(Mains::Hz60),
        };
        assert_eq!(
            orders(&offered, &by_hand),
            [(EXPOSURE_AUTO, MANUAL), (EXPOSURE_ABSOLUTE, 83)]
        );
        assert_eq!(
            orders(&offered, &Settings::AUTO),
            [(EXPOSURE_AUTO, APERTURE_PRIORITY)]
        );
        assert_eq!(limits(&[]), Limits::default());
    }

    #[test]
    fn a_camera_without_controls_is_left_alone() {
        let mut none = Controls::open(60_000);
        assert_eq!(none.limits(), Limits::default());
        none.set(&Settings::AUTO);
    }
}
