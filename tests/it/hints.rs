//! What a visitor is told whose code is not read: pictures before the camera, hints as events.

use std::{path::Path, time::Duration};

use munjigi::{
    camera::Luma,
    pass::symbol::{Medium, Symbol},
};

use crate::shop::{Kiosk, Shop, of_kind};

/// Pictures of one scene: at 10 a second much longer than a hint has to hold.
const PICTURES: usize = 25;
const PATIENCE: Duration = Duration::from_secs(120);
const ROOM: u8 = 120;

/// A room of one brightness with a code in it that has `module` pixels a module, each pixel the mean of 16 points.
fn scene(room: u8, [dark, light]: [u8; 2], code: &Symbol, module: f32) -> Luma {
    let (width, height) = (1280, 720);
    let side = code.framed_side() as f32 * module;
    let (left, top) = (
        (width as f32 - side) / 2.0 + 0.3,
        (height as f32 - side) / 2.0 + 0.4,
    );
    let point = |x: f32, y: f32| {
        let (u, v) = ((x - left) / module, (y - top) / module);
        let inside = u >= 0.0 && v >= 0.0 && u.max(v) < code.framed_side() as f32;
        match inside.then(|| code.is_dark(u as usize, v as usize)) {
            None => room,
            Some(true) => dark,
            Some(false) => light,
        }
    };
    let pixel = |at: usize| {
        let (x, y) = ((at % width) as f32, (at / width) as f32);
        let points = (0..16).map(|k| {
            point(
                x + (k % 4) as f32 / 4.0 + 0.125,
                y + (k / 4) as f32 / 4.0 + 0.125,
            )
        });
        (points.map(u32::from).sum::<u32>() / 16) as u8
    };
    Luma::new(width, height, (0..width * height).map(pixel).collect()).unwrap()
}

/// The picture with a lamp that is reflected in the middle.
fn reflected(picture: &Luma, radius: f32) -> Luma {
    let mut out = picture.clone();
    for (at, pixel) in out.data.iter_mut().enumerate() {
        let (x, y) = ((at % picture.width) as f32, (at / picture.width) as f32);
        if (x - 640.0).hypot(y - 360.0) < radius {
            *pixel = 255;
        }
    }
    out
}

/// A code that no error correction mends: every fifth module is turned, its patterns are left alone.
fn broken(text: &str) -> Symbol {
    let mut code = Symbol::of(text, Medium::Screen).unwrap();
    let side = code.side;
    for at in (0..side * side).step_by(5) {
        let (u, v) = (at % side, at / side);
        let pattern = u < 9 || v < 9 || u > side - 10 || v > side - 10;
        code.dark[at] ^= !pattern;
    }
    code
}

fn micro() -> Symbol {
    let code =
        qrcode::QrCode::with_version(b"12345", qrcode::Version::Micro(3), qrcode::EcLevel::L);
    let code = code.unwrap();
    Symbol {
        side: code.width(),
        dark: code
            .to_colors()
            .into_iter()
            .map(|color| color == qrcode::Color::Dark)
            .collect(),
    }
}

fn save(folder: &Path, number: usize, picture: &Luma) {
    let mut bytes = format!("P5\n{} {}\n255\n", picture.width, picture.height).into_bytes();
    bytes.extend(&picture.data);
    std::fs::write(folder.join(format!("{number:04}.pgm")), bytes).unwrap();
}

#[test]
fn whoever_is_not_read_is_told_what_helps() {
    let mut shop = Shop::new();
    shop.trust();
    let text = "MJ1:".to_owned() + &"WHAT HELPS ".repeat(25);
    let pass = Symbol::of(&text, Medium::Screen).unwrap();
    let menu = Symbol::of("https://example.org/menu", Medium::Screen).unwrap();
    let bright = [20, 235];
    let scenes = [
        ("closer", scene(ROOM, bright, &broken(&text), 1.6)),
        ("glare", reflected(&scene(ROOM, bright, &pass, 5.0), 75.0)),
        ("dark", scene(12, [14, 50], &broken(&text), 4.0)),
        ("micro", scene(ROOM, bright, &micro(), 9.0)),
        ("not_a_pass", scene(ROOM, bright, &menu, 6.0)),
    ];
    let folder = shop.path("pictures");
    std::fs::create_dir(&folder).unwrap();
    let empty = Luma::new(1280, 720, vec![ROOM; 1280 * 720]).unwrap();
    let mut number = 0;
    for (_, picture) in &scenes {
        // Between two people nobody is there for longer than a hint stays.
        for (picture, count) in [(picture, PICTURES), (&empty, 2 * PICTURES)] {
            for _ in 0..count {
                save(&folder, number, picture);
                number += 1;
            }
        }
    }
    let config = "data = \"data\"\n[camera]\nsource = \"replay\"\npath = \"pictures\"\nfps = 10\nrepeat = false\n\
                  [door]\ndriver = \"simulated\"\n";
    std::fs::write(shop.path("kiosk.toml"), config).unwrap();
    let kiosk = Kiosk::start(&shop.path("kiosk.toml"));
    let events = kiosk.until(PATIENCE, |event| {
        event["event"] == "camera" && event["state"] == "ended"
    });
    assert_eq!(kiosk.stop(), 0);
    let told: Vec<&str> = of_kind(&events, "hint")
        .iter()
        .filter_map(|event| event["hint"].as_str())
        .collect();
    let expected: Vec<&str> = scenes.iter().map(|(hint, _)| *hint).collect();
    assert_eq!(told, expected, "{events:#?}");
}
