use std::{
    path::Path,
    sync::{
        atomic::AtomicU32,
        mpsc::{self, Receiver},
    },
};

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

fn watch(opener: Opener) -> (Watch, Receiver<InputEvent>) {
    let (sender, told) = mpsc::channel();
    let tell: Tell = Box::new(move |event, _| {
        let _ = sender.send(event);
    });
    (Watch::start(opener, tell).unwrap(), told)
}

fn say(file: &Path, text: &str) {
    std::fs::write(file, text).unwrap();
}

#[test]
fn a_file_moves_the_contact_and_a_missing_one_is_told_once_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contact");
    let config = config::Input {
        driver: InputDriver::Simulated,
        path: file.clone(),
        ..config::Input::default()
    };
    let (_watch, told) = watch(opener(&config));
    let next = || told.recv_timeout(PATIENCE).unwrap();
    let name = format!("simulated contact {}", file.display());

    let InputEvent::Lost(problem) = next() else {
        panic!()
    };
    assert!(
        problem.contains("contact cannot be read: No such file"),
        "{problem}"
    );
    // It is tried again and again, and told once.
    std::thread::sleep(FIRST_PAUSE * 4);
    assert!(told.try_recv().is_err());
    say(&file, "closed\n");
    assert_eq!(next(), InputEvent::Ready(name.clone(), Circuit::Closed));
    say(&file, "open");
    assert_eq!(next(), InputEvent::Changed(Circuit::Open));
    // Half a write is no change.
    say(&file, "");
    std::thread::sleep(Duration::from_millis(300));
    say(&file, "open");
    say(&file, "closed");
    assert_eq!(next(), InputEvent::Changed(Circuit::Closed));
    say(&file, "ajar");
    assert!(
        matches!(next(), InputEvent::Lost(problem) if problem.contains("neither open nor closed"))
    );
    say(&file, "open");
    assert_eq!(next(), InputEvent::Ready(name, Circuit::Open));
}

/// Opens, and is gone at once.
struct Flapping;

impl Input for Flapping {
    fn name(&self) -> String {
        "flapping".into()
    }
    fn circuit(&mut self) -> Result<Circuit, DoorError> {
        Ok(Circuit::Closed)
    }
    fn change(&mut self, _: Duration) -> Result<Option<Circuit>, DoorError> {
        Err(DoorError::Gone)
    }
}

#[test]
fn an_input_that_comes_and_goes_is_opened_more_and_more_seldom() {
    let opened = Arc::new(AtomicU32::new(0));
    let counted = opened.clone();
    let (watch, told) = watch(Box::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(Flapping))
    }));
    std::thread::sleep(Duration::from_secs(2));
    let begin = Instant::now();
    drop(watch);
    assert!(begin.elapsed() < LAST_WAIT, "the thread ends at once");
    // After 0, 250, 750, 1750 ms.
    let opened = opened.load(Ordering::Relaxed);
    assert!((2..=4).contains(&opened), "{opened}");
    let told: Vec<InputEvent> = told.iter().collect();
    assert_eq!(told.len() as u32, 2 * opened, "there and gone: {told:?}");
}

#[test]
fn a_missing_chip_is_named() {
    for chip in ["/dev/no-such-chip", "no-such-label"] {
        let config = config::Input {
            chip: chip.into(),
            ..config::Input::default()
        };
        let error = gpio::Line::open(&config).err().unwrap().to_string();
        let said = format!("{chip} line 27 cannot be opened: ");
        assert!(error.starts_with(&said), "{error}");
    }
}
