//! A drawn camera before a drawn code: the controller has to make it readable.

mod sensor;

use std::collections::BTreeSet;

use super::*;
use crate::scan::{self, Effort};
use sensor::{Sensor, TEXT};

fn limits() -> Limits {
    let range = |min, max, default| {
        Some(Range {
            min,
            max,
            step: 1,
            default,
        })
    };
    Limits {
        exposure: range(3, 2047, 250),
        gain: range(0, 100, 0),
        focus: None,
        auto: true,
        mains: false,
    }
}

/// What became of a sequence.
struct Played {
    first: bool,
    last: bool,
    outputs: Vec<Output>,
}

/// `seconds` of a sequence; `known` tells whether the scanner sees where the code is.
fn play(sensor: &mut Sensor, control: &mut Exposure, seconds: f32, known: bool) -> Played {
    let reads = |frame: &crate::camera::Luma| {
        let found = scan::read(frame, Effort::Frame);
        found.iter().any(|found| found.text == TEXT.as_bytes())
    };
    let mut played = Played {
        first: false,
        last: false,
        outputs: Vec::new(),
    };
    let frames = (seconds * sensor.fps) as u32;
    for at in 0..frames {
        let frame = sensor.film();
        let read = if at == 0 || at % 8 == 0 || at + 1 == frames {
            reads(&frame)
        } else {
            false
        };
        played.first = if at == 0 { read } else { played.first };
        played.last = read;
        let sight = (known || read).then_some(Sight {
            corners: sensor.corners(),
            read,
        });
        let output = control.see(&Meter::of(&frame, sight.as_ref()), sensor.ms());
        if let Some(settings) = output.settings {
            sensor.set(settings);
        }
        played.outputs.push(output);
    }
    played
}

fn set(played: &Played) -> Vec<Settings> {
    played
        .outputs
        .iter()
        .filter_map(|output| output.settings)
        .collect()
}

#[test]
fn a_bright_phone_in_a_dark_street_becomes_readable() {
    // Without corners too: an overexposed code has none that a scanner could see.
    for known in [true, false] {
        let mut sensor = Sensor::new(0.02, 20.0);
        let mut control = Exposure::new(limits(), None);
        // The street is looked at before anybody comes.
        sensor.hidden = true;
        let _ = play(&mut sensor, &mut control, 1.0, false);
        sensor.hidden = false;
        let played = play(&mut sensor, &mut control, 4.0, known);
        assert!(!played.first, "known {known}");
        assert!(played.last, "known {known}: {:?}", set(&played));
    }
}

#[test]
fn a_camera_that_is_left_to_itself_reads_neither() {
    for (scene, phone) in [(0.02, 20.0), (20.0, 0.6)] {
        let mut sensor = Sensor::new(scene, phone);
        let mut control = Exposure::new(Limits::default(), None);
        let played = play(&mut sensor, &mut control, 3.0, true);
        assert!(!played.first && !played.last, "{scene} {phone}");
    }
}

#[test]
fn a_dark_phone_in_daylight_becomes_readable() {
    let mut sensor = Sensor::new(20.0, 0.6);
    let mut limits = limits();
    // What the camera comes with is no better: it takes steps.
    limits.exposure = limits.exposure.map(|range| Range {
        default: 20,
        ..range
    });
    let mut control = Exposure::new(limits, None);
    let played = play(&mut sensor, &mut control, 4.0, true);
    assert!(!played.first);
    assert!(played.last, "{:?}", set(&played));
}

#[test]
fn paper_under_flashing_lamps_becomes_readable() {
    for flashes in [100.0, 120.0] {
        let mut sensor = Sensor::new(0.5, 1.0);
        sensor.flashes = Some(flashes);
        // Of its own accord this camera takes the shortest time.
        sensor.auto_time = 10.0;
        let mut control = Exposure::new(limits(), None);
        let played = play(&mut sensor, &mut control, 8.0, true);
        assert!(!played.first, "{flashes}");
        assert!(played.last, "{flashes}: {:?}", set(&played));
        let time = set(&played).last().unwrap().exposure.unwrap() as f32;
        let half = 10_000.0 / flashes;
        let off = (time / half - (time / half).round()).abs();
        assert!(off < 0.03 && time >= half - 1.0, "{flashes}: {time}");
    }
}

#[test]
fn it_comes_to_rest_in_every_light_and_never_swings() {
    for step in [1, 400] {
        for light in [0.05, 1.0, 20.0] {
            for gamma in [1.0, 0.45] {
                let mut limits = limits();
                limits.exposure = limits.exposure.map(|range| Range { step, ..range });
                let mut sensor = Sensor::new(0.3, light);
                sensor.gamma = gamma;
                let mut control = Exposure::new(limits, None);
                let _ = play(&mut sensor, &mut control, 5.0, true);
                let later = play(&mut sensor, &mut control, 5.0, true);
                let set: Vec<Settings> = set(&later);
                assert!(
                    set.is_empty(),
                    "step {step}, light {light}, gamma {gamma}: {set:?}"
                );
            }
        }
    }
}

#[test]
fn the_camera_is_given_back_when_nobody_is_there() {
    let mut sensor = Sensor::new(0.02, 20.0);
    let mut control = Exposure::new(limits(), None);
    let played = play(&mut sensor, &mut control, 4.0, true);
    assert!(!control.is_auto());
    let good = control.good().unwrap();
    assert!(set(&played).contains(&good));
    sensor.hidden = true;
    let alone = play(&mut sensor, &mut control, 8.0, false);
    assert!(control.is_auto());
    assert_eq!(set(&alone).len(), 1);
    // The next run begins with what was right.
    let mut next = Exposure::new(limits(), Some(good));
    assert_eq!(next.start(0).exposure, good.exposure);
}

#[test]
fn where_nothing_can_be_set_it_only_says_what_is_wrong() {
    for (light, expected) in [
        (0.001, Light::TooDark),
        (1.0, Light::Good),
        (2000.0, Light::TooBright),
    ] {
        let mut sensor = Sensor::new(light, light);
        sensor.set(Settings {
            auto: false,
            exposure: Some(250),
            gain: Some(0),
            ..Settings::AUTO
        });
        let mut control = Exposure::new(Limits::default(), None);
        let played = play(&mut sensor, &mut control, 4.0, true);
        assert!(set(&played).is_empty());
        let last = played.outputs.last().unwrap();
        assert_eq!(last.light, expected, "{light}");
        assert_eq!(last.lamp, light < 0.01, "{light}");
        let told: BTreeSet<_> = played
            .outputs
            .iter()
            .map(|output| format!("{:?}", output.light))
            .collect();
        assert!(told.len() <= 2, "{told:?}");
    }
}
