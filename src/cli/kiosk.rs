//! `munjigi kiosk`.

use std::{
    io::{BufRead, IsTerminal, Read, Write},
    path::PathBuf,
    sync::{Arc, mpsc},
};

use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::Failure;
use crate::{
    config::Config,
    kiosk::{Command, Engine, EngineError, Event},
};

/// How long the end waits for the last events to be printed.
const LAST_EVENTS: std::time::Duration = std::time::Duration::from_secs(2);

/// Bytes of a command at most.
const COMMAND: u64 = 4_096;

/// Arguments of `munjigi kiosk`.
#[derive(Debug, clap::Args)]
pub struct Kiosk {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "/etc/munjigi/kiosk.toml")]
    pub config: PathBuf,
    /// No screen: prints events as JSON lines, and takes commands as such, {"command":"open"} and {"command":"vacate"}
    #[arg(long)]
    pub headless: bool,
}

impl Kiosk {
    /// Runs it until SIGTERM, SIGINT or, with a window, until that is closed.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        super::start_log();
        let config = Config::read(&self.config).map_err(|error| {
            Failure::usage(error, "Mend the file, or give another one with --config.")
        })?;
        if self.headless {
            headless(config)
        } else {
            window(config, Window::default())
        }
    }
}

/// Runs without a screen; every event but the outline of codes is a line on standard output.
fn headless(config: Config) -> Result<bool, Failure> {
    let mut engine = Engine::new(config, None).map_err(failure)?;
    let events = engine.events.subscribe();
    // A program in the background of a shell would be stopped when it reads from the terminal.
    if !std::io::stdin().is_terminal() {
        let commands = engine.commands.clone();
        let _ = std::thread::Builder::new()
            .name("commands".into())
            .spawn(move || take(std::io::stdin().lock(), &commands));
    }
    engine.go();
    let (printed, all_printed) = std::sync::mpsc::channel::<()>();
    let _ = std::thread::Builder::new()
        .name("events".into())
        .spawn(move || {
            listen(events, print);
            drop(printed);
        });
    let result = engine.wait().map_err(failure);
    // A reader that does not read holds up nothing but itself.
    let _ = all_printed.recv_timeout(LAST_EVENTS);
    result.map(|()| true)
}

/// Hands on every command, a line each, until there are no more.
fn take(mut input: impl BufRead, commands: &mpsc::SyncSender<Command>) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut input).take(COMMAND).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match Command::parse(&line) {
            // Full: whoever sends faster than doors open is not worth waiting for.
            Ok(command) => drop(commands.try_send(command)),
            Err(problem) => tracing::warn!(problem, "a line of standard input is not taken"),
        }
    }
}

/// Hands every event to `tell` until the kiosk has stopped.
fn listen(mut events: Receiver<Event>, tell: impl Fn(&Event)) {
    loop {
        match events.blocking_recv() {
            Ok(event) => {
                tell(&event);
                if event == Event::Stopped {
                    break;
                }
            }
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "events came faster than they were taken");
            }
            Err(RecvError::Closed) => break,
        }
    }
}

/// One event as a line. Nobody listening any more is no reason to shut a door.
fn print(event: &Event) {
    if let (false, Ok(line)) = (
        matches!(event, Event::Reading { .. }),
        serde_json::to_string(event),
    ) {
        let mut out = std::io::stdout();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

/// How the window differs from a kiosk's.
#[derive(Default)]
pub(super) struct Window {
    /// A window of this size instead of the whole screen.
    pub size: Option<(f32, f32)>,
    /// Ends by itself after this many seconds.
    pub seconds: Option<u64>,
    /// Is told of every event.
    pub narrate: Option<fn(&Event)>,
}

/// Runs with the screens.
pub(super) fn window(config: Config, window: Window) -> Result<bool, Failure> {
    let no_display = "Set DISPLAY or WAYLAND_DISPLAY, or run with --headless.";
    // Asked first: the toolkit ends the program without a display.
    let displays = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"];
    if displays.iter().all(|name| std::env::var_os(name).is_none()) {
        return Err(Failure::device("there is no display", no_display));
    }
    let mut engine = Engine::new(config.clone(), Some(crate::ui::PREVIEW)).map_err(failure)?;
    let stop = engine.stopper();
    let setup = crate::ui::Setup {
        events: engine.events.subscribe(),
        previews: engine.previews.clone(),
        look: engine.look.clone(),
        commands: engine.commands.clone(),
        backend: Arc::new(crate::screen::staff::StoreBackend::new(
            &config.data,
            config.policy().grace,
        )),
        size: window.size,
        config,
    };
    let told = window
        .narrate
        .map(|narrate| (engine.events.subscribe(), narrate));
    if let Some((events, narrate)) = told {
        let _ = std::thread::spawn(move || listen(events, narrate));
    }
    engine.go();
    if let Some(seconds) = window.seconds {
        let stop = stop.clone();
        let _ = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_secs(seconds));
            stop();
        });
    }
    let shown = crate::ui::run(setup);
    stop();
    engine.wait().map_err(failure)?;
    shown
        .map(|()| true)
        .map_err(|error| Failure::device(format!("no window: {error}"), no_display))
}

fn failure(error: EngineError) -> Failure {
    let hint = match &error {
        EngineError::Store(_) => "Stop the other kiosk, or give this one a data folder of its own.",
        EngineError::Stuck(_) => "Start it again; the service manager does so by itself.",
        _ => "Run munjigi doctor.",
    };
    Failure::device(error, hint)
}
