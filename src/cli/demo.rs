//! `munjigi demo`: a whole store on one machine.

mod offscreen;
mod store;
mod wallet;

use std::{io::Write, path::PathBuf};

use super::Failure;
use crate::{config::Config, kiosk::Event, pass::Verdict};

/// Arguments of `munjigi demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// Where the demo store is made; a temporary folder by default
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Size of the window: a tablet held upright by default
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "800x1280", value_parser = size)]
    pub size: (f32, f32),
    /// Language of the screens
    #[arg(long, value_name = "ko|en", default_value = "ko")]
    pub language: String,
    /// Ends by itself after this many seconds (off screen: after one round of visitors)
    #[arg(long, value_name = "SECONDS")]
    pub seconds: Option<u64>,
    /// Where screenshots go when there is no display
    #[arg(long, value_name = "DIR", default_value = "munjigi-demo")]
    pub screenshots: PathBuf,
}

impl Demo {
    /// Runs it; `false` means that no visitor got in.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
        if !has_display {
            return offscreen::run(&self);
        }
        super::start_log();
        let temporary;
        let folder = match &self.data {
            Some(folder) => folder.clone(),
            None => {
                temporary = tempfile::Builder::new()
                    .prefix("munjigi-demo-")
                    .tempdir()
                    .map_err(|error| Failure::device(error, "Give a folder with --data."))?;
                temporary.path().to_path_buf()
            }
        };
        say(format_args!(
            "Making a demo store in {} ...",
            folder.display()
        ));
        let made = store::make(&folder, &self.language)?;
        say(format_args!(
            "An issuer, {} visitors and a simulated door. Close the window to end the demo.\n\
             Staff pages: hold the clock for two seconds, then type {}.",
            made.visitors,
            store::CODE
        ));
        let (issuer, repository) = made.issuer;
        wallet::start(issuer, repository, &made.link)?;
        let config = Config::read(&made.config)
            .map_err(|error| Failure::usage(error, "Give another folder with --data."))?;
        super::kiosk::window(
            config,
            super::kiosk::Window {
                size: Some(self.size),
                seconds: self.seconds,
                narrate: Some(narrate),
            },
        )
    }
}

/// Tells in plain words what happens, a line each.
fn narrate(event: &Event) {
    match event {
        Event::Entry {
            verdict,
            reason,
            pass,
            kind,
            ms,
            ..
        } => {
            let what = match verdict {
                Verdict::Granted => "granted",
                Verdict::Refused => "refused",
                Verdict::Undecided => "undecided",
            };
            let pass = pass.as_deref().unwrap_or("-");
            let kind = kind.map_or("-", crate::store::EntryKind::name);
            say(format_args!(
                "{what:<9} {reason:<16} pass {pass:<8} {kind:<7} {:>5.1} ms from frame to door",
                ms.total
            ));
        }
        Event::Door { state, .. } if matches!(*state, "opened" | "closed") => {
            say(format_args!("door {state}"))
        }
        Event::Hint { hint: Some(hint) } => say(format_args!("hint {}", hint.name())),
        Event::Fault { part, detail } if !detail.is_empty() => {
            say(format_args!("fault: {part:?}: {detail}"))
        }
        _ => {}
    }
}

fn say(line: std::fmt::Arguments<'_>) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn size(text: &str) -> Result<(f32, f32), String> {
    let allowed =
        || format!("'{text}' is no size: WIDTHxHEIGHT, each 480 to 4096, such as 1280x800");
    let (width, height) = text.split_once('x').ok_or_else(allowed)?;
    let read = |side: &str| {
        side.parse::<u16>()
            .ok()
            .filter(|side| (480..=4096).contains(side))
            .map(f32::from)
    };
    read(width).zip(read(height)).ok_or_else(allowed)
}
