//! The demo without a display: starts one off screen, and leaves a screenshot of every kind of result.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::{Demo, say};
use crate::cli::Failure;

/// How long one round of visitors takes, with room for a slow machine.
const ROUND: u64 = 75;
/// A result has come up on the screen by then.
const SHOWN: Duration = Duration::from_millis(900);

/// Runs the demo as a child before a display of its own; `false` means that no visitor got in.
pub(super) fn run(demo: &Demo) -> Result<bool, Failure> {
    let (width, height) = demo.size;
    say(format_args!(
        "No display: starting one off screen ({width}x{height})."
    ));
    let (screen, display) = start_display(demo)?;
    let _screen = Ends(screen);
    std::fs::create_dir_all(&demo.screenshots).map_err(|error| {
        Failure::device(
            error,
            "Give a folder that may be written with --screenshots.",
        )
    })?;

    let program = std::env::current_exe()
        .map_err(|error| Failure::device(error, "Start it by its full path."))?;
    let seconds = demo.seconds.unwrap_or(ROUND);
    let mut command = Command::new(program);
    command
        .args([
            "demo",
            "--size",
            &format!("{width}x{height}"),
            "--language",
            &demo.language,
        ])
        .args(["--seconds", &seconds.to_string()])
        .env("DISPLAY", &display)
        .env("ICED_BACKEND", "tiny-skia")
        .stdout(Stdio::piped());
    if let Some(data) = &demo.data {
        command.arg("--data").arg(data);
    }
    let mut child = command
        .spawn()
        .map_err(|error| Failure::device(error, "Start it by its full path."))?;
    let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
    let mut kiosk = Ends(child);

    let mut granted = false;
    let mut pictures = 0;
    for line in lines.into_iter().flatten().map_while(Result::ok) {
        say(format_args!("{line}"));
        let mut words = line.split_whitespace();
        let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let name = match first {
            "granted" | "refused" | "undecided" => format!("{first}-{second}"),
            "An" => "idle".to_string(),
            _ => continue,
        };
        granted |= first == "granted";
        std::thread::sleep(if name == "idle" { SHOWN * 3 } else { SHOWN });
        pictures += 1;
        take_picture(
            &display,
            &demo.screenshots.join(format!("{pictures:02}-{name}.png")),
        )?;
    }
    let ended = kiosk
        .0
        .wait()
        .map_err(|error| Failure::device(error, "Run munjigi doctor."))?;
    say(format_args!(
        "{pictures} screenshots in {}",
        demo.screenshots.display()
    ));
    Ok(granted && ended.success())
}

/// Starts Xvfb on a free number, which it tells.
fn start_display(demo: &Demo) -> Result<(Child, String), Failure> {
    let hint = "Install Xvfb (Debian: xvfb), or set DISPLAY or WAYLAND_DISPLAY.";
    let (width, height) = demo.size;
    let mut screen = Command::new("Xvfb")
        .args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
            "-screen",
            "0",
            &format!("{width}x{height}x24"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::device(format!("Xvfb: {error}"), hint))?;
    let mut number = String::new();
    if let Some(out) = &mut screen.stdout {
        let mut byte = [0];
        while out.read(&mut byte).unwrap_or(0) == 1 && byte[0] != b'\n' {
            number.push(char::from(byte[0]));
        }
    }
    if number.is_empty() {
        let _ = screen.kill();
        return Err(Failure::device("Xvfb did not start", hint));
    }
    Ok((screen, format!(":{number}")))
}

fn take_picture(display: &str, file: &Path) -> Result<(), Failure> {
    let hint = "Install ImageMagick (Debian: imagemagick).";
    let taken = Command::new("import")
        .args(["-display", display, "-window", "root"])
        .arg(file)
        .status()
        .map_err(|error| Failure::device(format!("import: {error}"), hint))?;
    if taken.success() {
        Ok(())
    } else {
        Err(Failure::device(format!("import ended with {taken}"), hint))
    }
}

/// A child that does not outlive the demo.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
