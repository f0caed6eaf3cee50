//! Camera, light, relay and sound.

use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, Instant},
};

use super::Finding;
use crate::{
    camera::{self, Frame},
    config::{self, CameraSource, DoorDriver},
    door::{self, DoorEvent, Pulse},
    store::Store,
    ui::sound::card,
};

/// How long a camera may take to give its first picture.
const FIRST_PICTURE: Duration = Duration::from_secs(8);
/// How long pictures are counted.
const COUNTED: Duration = Duration::from_secs(2);
/// How long the relay is on.
const CLICK: Duration = Duration::from_secs(1);
/// How long a relay may take to open its port, to take an order, and to fall again.
const RELAY_PATIENCE: Duration = Duration::from_secs(3);
/// What the kernel says of a camera that another program has (EBUSY).
const BUSY: &str = "(os error 16)";
/// Means of brightness (of 255) between which codes are read well.
const LIGHT: std::ops::RangeInclusive<u64> = 25..=235;

/// Opens the camera and looks through it for two seconds.
pub(super) fn camera(config: &config::Camera, running: bool) -> Vec<Finding> {
    let mut open = camera::open(config);
    let (sender, pictures) = mpsc::channel();
    // On a thread of its own: a camera can block for good.
    let spawned = std::thread::Builder::new()
        .name("camera".into())
        .spawn(move || {
            let mut source = match open() {
                Ok(source) => source,
                Err(error) => return sender.send(Err(error)).is_ok(),
            };
            let name = source.name();
            while let Some(frame) = source.next().transpose() {
                if sender
                    .send(frame.map(|frame| (name.clone(), frame)))
                    .is_err()
                {
                    break;
                }
            }
            true
        });
    if let Err(error) = spawned {
        return vec![Finding::failed(
            "camera",
            error,
            "Is the machine out of memory?",
        )];
    }
    let hint = camera_hint(config);
    match pictures.recv_timeout(FIRST_PICTURE) {
        Ok(Ok((name, frame))) => {
            let begin = Instant::now();
            let mut count = 0_u32;
            let mut last = frame;
            while let Some(left) = COUNTED.checked_sub(begin.elapsed()) {
                match pictures.recv_timeout(left) {
                    Ok(Ok((_, frame))) => last = frame,
                    _ => break,
                }
                count += 1;
            }
            let rate = f64::from(count) / begin.elapsed().as_secs_f64();
            let (width, height) = (last.luma.width, last.luma.height);
            let what = format!("{name}: {width}x{height}, {rate:.0} pictures a second");
            let pace = if rate < 5.0 && config.source == CameraSource::Webcam {
                Finding::warning(
                    "camera",
                    what,
                    "Plug it in directly, without a hub; dim light makes cameras slow too.",
                )
            } else {
                Finding::good("camera", what)
            };
            vec![pace, light(&last)]
        }
        // Busy: somebody has it. Anything else is no kiosk's doing.
        Ok(Err(error)) if running && error.to_string().contains(BUSY) => vec![Finding::good(
            "camera",
            format!("the running kiosk has it ({error})"),
        )],
        Ok(Err(error)) if error.to_string().contains(BUSY) => vec![Finding::failed(
            "camera",
            error,
            "Another program has it: end that one.",
        )],
        Ok(Err(error)) => vec![Finding::failed("camera", error, hint)],
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            vec![Finding::failed("camera", "it gives no picture", hint)]
        }
        Err(mpsc::RecvTimeoutError::Timeout) => vec![Finding::failed(
            "camera",
            format!("no picture within {} s", FIRST_PICTURE.as_secs()),
            "Pull its plug and put it in again.",
        )],
    }
}

fn light(frame: &Frame) -> Finding {
    let sum: u64 = frame.luma.data.iter().map(|light| u64::from(*light)).sum();
    let mean = sum / (frame.luma.data.len() as u64).max(1);
    let what = format!("mean brightness {mean} of 255");
    if LIGHT.contains(&mean) {
        Finding::good("light", what)
    } else if mean < *LIGHT.start() {
        Finding::warning(
            "light",
            what,
            "Is the lens covered? Printed passes need a lamp; phones shine by themselves.",
        )
    } else {
        Finding::warning(
            "light",
            what,
            "Turn the camera away from the sun or the lamp.",
        )
    }
}

fn camera_hint(config: &config::Camera) -> String {
    match config.source {
        CameraSource::Webcam => {
            let there: Vec<String> = camera::webcam::plugged()
                .into_iter()
                .map(|camera| format!("/dev/video{} {}", camera.index, camera.name))
                .collect();
            let found = if there.is_empty() {
                "none".into()
            } else {
                there.join(", ")
            };
            format!(
                "Plugged in: {found}. Check the cable and camera.device; the user must be in the group video."
            )
        }
        CameraSource::Replay | CameraSource::Phone => "Mend camera.path.".into(),
    }
}

/// Opens the relay, which tells it OFF; moves it only with `click`, which is recorded first.
pub(super) fn relay(
    config: &config::Door,
    click: Option<Option<&Store>>,
    running: bool,
) -> Finding {
    if running && config.driver != DoorDriver::Simulated {
        let (there, which) = match config.driver {
            DoorDriver::Gpio => (door::gpio::find(&config.chip).exists(), &config.chip),
            _ => (config.port.exists(), &config.port),
        };
        if !there {
            let what = format!("{} is missing", which.display());
            return Finding::failed("relay", what, relay_hint(config));
        }
        let what = "the running kiosk has it";
        return match click {
            None => Finding::good("relay", what),
            Some(_) => Finding::wrong("relay", what, "Stop the kiosk, then click again."),
        };
    }
    // Ctrl-C must not end the program between ON and OFF: while this is kept, signals wait until the lock has fallen.
    let _signals = click.is_some().then(hold_signals);
    let (events, told) = mpsc::channel();
    let pulse = Pulse::start(door::opener(config), CLICK, events);
    let name = match told.recv_timeout(RELAY_PATIENCE) {
        Ok(DoorEvent::Ready(name)) => name,
        Ok(DoorEvent::Lost(problem)) => {
            return Finding::failed("relay", problem, relay_hint(config));
        }
        _ => return Finding::failed("relay", "it does not answer", relay_hint(config)),
    };
    let finding = match click {
        None if moves(config) => Finding::warning(
            "relay",
            format!("{name}; --click moves it"),
            "Its number moves when the plug is pulled: give the path under /dev/serial/by-id in door.port.",
        ),
        None => Finding::good("relay", format!("{name}; --click moves it")),
        Some(store) => clicked(&pulse, &told, &name, store, config),
    };
    pulse.stop();
    finding
}

/// Whether the port's name may be another one's tomorrow.
fn moves(config: &config::Door) -> bool {
    let port = config.port.to_string_lossy();
    config.driver == DoorDriver::SerialLcus
        && ["/dev/ttyUSB", "/dev/ttyACM"]
            .iter()
            .any(|name| port.starts_with(name))
}

/// Takes over SIGINT and SIGTERM; the program ends by itself a moment later.
fn hold_signals() -> std::io::Result<impl Sized> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let signals = {
        let _inside = runtime.enter();
        [
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ]
    };
    Ok((runtime, signals))
}

fn clicked(
    pulse: &Pulse,
    told: &mpsc::Receiver<DoorEvent>,
    name: &str,
    store: Option<&Store>,
    config: &config::Door,
) -> Finding {
    // Every opening has a recorded cause.
    let now = crate::clock::unix_ms() / 1000;
    let recorded =
        store.is_some_and(|store| store.record_access("doctor", "relay clicked", now).is_ok());
    if !recorded {
        return Finding::wrong(
            "relay",
            "not clicked: it could not be recorded",
            "Mend the storage first.",
        );
    }
    let moved = pulse
        .open(CLICK, RELAY_PATIENCE)
        .map_err(|error| error.to_string())
        .and_then(|()| match told.recv_timeout(CLICK + RELAY_PATIENCE) {
            Ok(DoorEvent::Closed) => Ok(()),
            Ok(DoorEvent::Lost(problem)) => Err(problem),
            _ => Err("it did not fall".into()),
        });
    match moved {
        Ok(()) => Finding::good(
            "relay",
            format!(
                "{name}: clicked for {} s. Did the lock move?",
                CLICK.as_secs()
            ),
        ),
        Err(problem) => Finding::failed("relay", problem, relay_hint(config)),
    }
}

fn relay_hint(config: &config::Door) -> String {
    match config.driver {
        DoorDriver::SerialLcus => {
            let there: Vec<String> = ports().iter().map(|port| port.display().to_string()).collect();
            let found = if there.is_empty() { "none".into() } else { there.join(", ") };
            format!("Ports: {found}. Check the cable and door.port; the user must be in the group dialout.")
        }
        DoorDriver::Gpio => "Check door.chip and door.line (gpioinfo lists them); the user must be in the group gpio.".into(),
        DoorDriver::Simulated => String::new(),
    }
}

/// Serial ports of USB boards: those with a lasting name first.
fn ports() -> Vec<PathBuf> {
    let list = |folder: &str| {
        let entries = std::fs::read_dir(Path::new(folder)).into_iter().flatten();
        entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect::<Vec<_>>()
    };
    let usb = |path: &PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        name.starts_with("ttyUSB") || name.starts_with("ttyACM")
    };
    let mut ports = list("/dev/serial/by-id");
    ports.extend(list("/dev").into_iter().filter(usb));
    ports
}

/// No sound card keeps nobody out.
pub(super) fn sound(wanted: bool) -> Finding {
    if !wanted {
        return Finding::good("sound", "switched off");
    }
    match card() {
        Ok(()) => Finding::good("sound", "a card is there"),
        Err(problem) => Finding::warning(
            "sound",
            problem,
            "Plug in a speaker, or set screen.sound = false.",
        ),
    }
}
