//! `munjigi kiosk`.

use std::{io::Write, path::PathBuf, sync::Arc};

use tokio::sync::broadcast::error::RecvError;

use super::Failure;
use crate::{
    config::Config,
    kiosk::{Engine, EngineError, Event},
};

/// Arguments of `munjigi kiosk`.
#[derive(Debug, clap::Args)]
pub struct Kiosk {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = "/etc/munjigi/kiosk.toml")]
    pub config: PathBuf,
    /// No screen: prints events as JSON lines
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
        let config = Config::read(&self.config)
            .map_err(|error| Failure::usage(error, "Mend the file, or give another one with --config."))?;
        if self.headless { headless(config) } else { window(config, None) }
    }
}

/// Runs without a screen; every event but the outline of codes is a line on standard output.
fn headless(config: Config) -> Result<bool, Failure> {
    let mut engine = Engine::new(config, None).map_err(failure)?;
    let mut events = engine.events.subscribe();
    engine.go();
    let printer = std::thread::Builder::new().name("events".into()).spawn(move || {
        let mut out = std::io::stdout();
        loop {
            match events.blocking_recv() {
                Ok(Event::Reading { .. }) => {}
                Ok(event) => {
                    // Nobody listening any more is no reason to shut a door.
                    if let Ok(line) = serde_json::to_string(&event) {
                        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
                    }
                    if event == Event::Stopped {
                        break;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
    });
    let result = engine.wait().map_err(failure);
    if let Ok(printer) = printer {
        let _ = printer.join();
    }
    result.map(|()| true)
}

/// Runs with the screens; `size` makes a window of that size instead of the whole screen.
pub(super) fn window(config: Config, size: Option<(f32, f32)>) -> Result<bool, Failure> {
    let mut engine = Engine::new(config.clone(), Some(crate::ui::PREVIEW)).map_err(failure)?;
    let stop = engine.stopper();
    let setup = crate::ui::Setup {
        events: engine.events.subscribe(),
        previews: engine.previews.clone(),
        look: engine.look.clone(),
        backend: Arc::new(crate::screen::staff::StoreBackend::new(&config.data)),
        size,
        config,
    };
    engine.go();
    let shown = crate::ui::run(setup);
    stop();
    engine.wait().map_err(failure)?;
    shown.map(|()| true).map_err(|error| {
        Failure::device(format!("no window: {error}"), "Set DISPLAY or WAYLAND_DISPLAY, or run with --headless.")
    })
}

fn failure(error: EngineError) -> Failure {
    let hint = match &error {
        EngineError::Store(_) => "Stop the other kiosk, or give this one a data folder of its own.",
        EngineError::Stuck(_) => "Start it again; the service manager does so by itself.",
        _ => "Run munjigi doctor.",
    };
    Failure::device(error, hint)
}
