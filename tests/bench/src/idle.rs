//! What a kiosk costs while nobody is there: the real program with its window under Xvfb and the live preview on, fed with
//! noisy pictures of an empty shop from a folder (reading them is a part of what is counted).

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

const WARM_UP: Duration = Duration::from_secs(8);
const MEASURED: Duration = Duration::from_secs(20);
/// Clock ticks a second in /proc (USER_HZ is 100 on every Linux of today).
const TICKS: f64 = 100.0;

pub fn run(program: &str) {
    let mut shop = crate::shop::Shop::new();
    drop(shop.trust());
    let folder = shop.folder.path();
    pictures(&folder.join("pictures"));
    let staff = Command::new(program)
        .args(["staff", "add", "owner", "--data"])
        .arg(shop.data())
        .stdin(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child.stdin.take().unwrap().write_all(b"918273\n")?;
            child.wait()
        });
    assert!(staff.unwrap().success());
    let config = folder.join("kiosk.toml");
    let text = "data = \"data\"\n[camera]\nsource = \"replay\"\npath = \"pictures\"\nfps = 15\n[screen]\nfull_screen = false\n";
    std::fs::write(&config, text).unwrap();

    let (screen, display) = display();
    let _screen = Ends(screen);
    let kiosk = Command::new(program)
        .args(["kiosk", "--config"])
        .arg(&config)
        .env("DISPLAY", display)
        .env("ICED_BACKEND", "tiny-skia")
        .spawn()
        .unwrap();
    let kiosk = Ends(kiosk);
    std::thread::sleep(WARM_UP);
    let before = ticks(&kiosk.0);
    std::thread::sleep(MEASURED);
    let used = (ticks(&kiosk.0) - before) / TICKS / MEASURED.as_secs_f64();
    println!(
        "idle with preview: {:.0} % of one core, {:.0} MB resident",
        used * 100.0,
        crate::resident(&kiosk.0.id().to_string())
    );
}

/// Thirty frames of a room with noise, 1280x720.
fn pictures(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let mut dice = 1_u32;
    for number in 0..30 {
        let mut bytes = b"P5\n1280 720\n255\n".to_vec();
        for y in 0..720_u32 {
            for x in 0..1280_u32 {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let wall = 60 + x / 20 + y / 40 + if x % 160 < 40 && y % 180 > 60 { 50 } else { 0 };
                bytes.push((wall + (dice >> 30)) as u8);
            }
        }
        std::fs::write(folder.join(format!("{number:02}.pgm")), bytes).unwrap();
    }
}

fn display() -> (Child, String) {
    let mut screen = Command::new("Xvfb")
        .args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
            "-screen",
            "0",
            "800x1280x24",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut number = String::new();
    BufReader::new(screen.stdout.take().unwrap())
        .read_line(&mut number)
        .unwrap();
    (screen, format!(":{}", number.trim()))
}

/// User and system time, in ticks.
fn ticks(child: &Child) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()
}

struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
