use super::*;

/// A code of `scale` pixels a module with its quiet zone.
fn picture(text: &[u8], scale: usize, inverted: bool) -> Luma {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).unwrap();
    let (dark, light) = if inverted { (230, 20) } else { (20, 230) };
    let modules = code.width();
    let side = (modules + 8) * scale;
    let colors = code.to_colors();
    let mut data = vec![light; side * side];
    for y in 0..modules * scale {
        for x in 0..modules * scale {
            if colors[y / scale * modules + x / scale] == qrcode::Color::Dark {
                data[(y + 4 * scale) * side + x + 4 * scale] = dark;
            }
        }
    }
    Luma::new(side, side, data).unwrap()
}

#[test]
fn reads_both_polarities_with_corners() {
    for inverted in [false, true] {
        let picture = picture(b"MJ1:HELLO", 4, inverted);
        for found in [
            read(&picture, Effort::Frame),
            read(&picture, Effort::Still),
            second(&picture),
        ] {
            assert_eq!(found.len(), 1, "inverted: {inverted}");
            assert_eq!(found[0].text, b"MJ1:HELLO");
            let side = picture.width as f32;
            let expected = [
                [16.0, 16.0],
                [side - 16.0, 16.0],
                [side - 16.0, side - 16.0],
                [16.0, side - 16.0],
            ];
            for (corner, expected) in found[0].corners.iter().zip(expected) {
                let off = (corner[0] - expected[0])
                    .abs()
                    .max((corner[1] - expected[1]).abs());
                assert!(off < 8.0, "{corner:?} is not near {expected:?}");
            }
        }
    }
}

#[test]
fn raw_cbor_stays_bytes() {
    let token: Vec<u8> = [0xD2, 0x84]
        .into_iter()
        .chain((0..150).map(|at| (at * 37 % 256) as u8))
        .collect();
    assert_eq!(
        read(&picture(&token, 4, false), Effort::Frame)[0].text,
        token
    );
    assert_eq!(second(&picture(&token, 4, false))[0].text, token);
}

#[test]
fn a_large_picture_is_reduced_and_its_corners_are_not() {
    let picture = picture(b"MJ1:LARGE", 60, false);
    assert!(picture.data.len() > MOST_PIXELS);
    let found = read(&picture, Effort::Frame);
    assert_eq!(found[0].text, b"MJ1:LARGE");
    let (near, far) = (240.0, picture.width as f32 - 240.0);
    let around = [[near, near], [far, near], [far, far], [near, far]];
    for (corner, expected) in found[0].corners.iter().zip(around) {
        let off = (corner[0] - expected[0]).hypot(corner[1] - expected[1]);
        assert!(off < 60.0, "{:?}", found[0].corners);
    }
}

/// Finder patterns side by side over a whole 720p frame, `module` pixels a module.
fn poster(module: usize, warp: f32) -> Luma {
    let (width, height) = (1280, 720);
    let mut data = vec![230_u8; width * height];
    for (at, pixel) in data.iter_mut().enumerate() {
        let (x, y) = ((at % width) as f32, (at / width) as f32);
        let (x, y) = (x + warp * (y / 37.0).sin(), y + warp * (x / 41.0).sin());
        let cell = |side: f32| ((side / module as f32) as isize).rem_euclid(9);
        let ring = (cell(x) - 3).abs().max((cell(y) - 3).abs());
        if ring <= 1 || ring == 3 {
            *pixel = 20;
        }
    }
    Luma::new(width, height, data).unwrap()
}

/// A picture over a larger grey one, its upper left corner at these pixels.
fn paste(onto: &mut Luma, picture: &Luma, left: usize, top: usize) {
    for (y, row) in picture.data.chunks_exact(picture.width).enumerate() {
        onto.data[(top + y) * onto.width + left..][..picture.width].copy_from_slice(row);
    }
}

#[test]
fn a_micro_code_is_known_and_not_read() {
    for version in 2..=4 {
        let version = qrcode::Version::Micro(version);
        let code = qrcode::QrCode::with_version(b"12345", version, qrcode::EcLevel::L).unwrap();
        let (modules, scale) = (code.width(), 7);
        let mut frame = Luma::new(1280, 720, vec![200; 1280 * 720]).unwrap();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == qrcode::Color::Dark {
                let block = Luma::new(scale, scale, vec![30; scale * scale]).unwrap();
                let (u, v) = (at % modules, at / modules);
                paste(&mut frame, &block, 600 + u * scale, 300 + v * scale);
            }
        }
        let look = Follow::new().read(&frame);
        assert_eq!(look.found, []);
        let sight = look.sights[0];
        assert!(sight.foreign, "{version:?}");
        let [x, y] = sight.corners[2];
        let end = (modules * scale) as f32;
        assert!((x - 600.0 - end).abs() < 4.0 && (y - 300.0 - end).abs() < 4.0);
    }
    let whole = picture(b"MJ1:WHOLE", 6, false);
    let look = Follow::new().read(&whole);
    assert!(look.sights.iter().all(|sight| !sight.foreign));
}

#[test]
fn posters_of_finders_are_bounded_by_counts() {
    for (module, warp) in [(3, 0.0), (4, 3.0), (9, 0.0), (9, 20.0)] {
        let poster = poster(module, warp);
        let levels = level::Levels::of(&poster);
        let finders = finder::search(&poster, &levels, 3);
        for finders in &finders {
            assert!(finders.len() <= finder::MOST, "{}", finders.len());
            let triples = group::triples(finders, 3, (1280, 720));
            assert!(triples.len() <= 26 * 25 * 24 / 6, "{}", triples.len());
        }
        let mut work = front::Work::FRAME;
        let seen = front::read(&poster, &mut work);
        assert_eq!(seen.found, [], "{module} {warp}");
        assert!(work.decodes <= front::Work::FRAME.decodes);
        assert_eq!(read(&poster, Effort::Frame), []);
    }
}

#[test]
fn a_hundred_codes_are_read_in_part_and_the_nearest_is_the_first() {
    let mut wall = Luma::new(1280, 720, vec![230; 1280 * 720]).unwrap();
    for at in 0..100 {
        let code = picture(format!("MJ1:{at}").as_bytes(), 2, false);
        paste(&mut wall, &code, at % 16 * 78, at / 16 * 78);
    }
    let found = read(&wall, Effort::Frame);
    assert!(
        !found.is_empty() && found.len() <= MOST_CODES,
        "{}",
        found.len()
    );

    let mut two = Luma::new(1280, 720, vec![230; 1280 * 720]).unwrap();
    paste(&mut two, &picture(b"MJ1:FAR", 3, false), 200, 100);
    paste(&mut two, &picture(b"MJ1:NEAR", 9, false), 700, 200);
    let texts: Vec<Vec<u8>> = read(&two, Effort::Frame)
        .into_iter()
        .map(|found| found.text)
        .collect();
    assert_eq!(texts, [b"MJ1:NEAR".to_vec(), b"MJ1:FAR".to_vec()]);
}

#[test]
fn forty_megapixels_are_reduced() {
    let huge = picture(b"MJ1:HUGE", 220, false);
    assert!(huge.data.len() > 40_000_000);
    assert_eq!(read(&huge, Effort::Frame)[0].text, b"MJ1:HUGE");
}

#[test]
fn a_code_without_its_quiet_zone_is_read() {
    let whole = picture(b"MJ1:CROPPED", 5, false);
    let side = whole.width - 40;
    let rows = whole.data.chunks_exact(whole.width).skip(20).take(side);
    let data = rows.flat_map(|row| &row[20..20 + side]).copied().collect();
    let cropped = Luma::new(side, side, data).unwrap();
    assert_eq!(read(&cropped, Effort::Frame)[0].text, b"MJ1:CROPPED");
}

/// The code with a round reflection over this point of it, from 0 to 1 across and down.
fn glare(code: &Luma, [across, down]: [f32; 2]) -> Luma {
    let side = code.width as f32;
    let mut out = code.clone();
    for (at, pixel) in out.data.iter_mut().enumerate() {
        let (x, y) = ((at % code.width) as f32, (at / code.width) as f32);
        if (x - across * side).hypot(y - down * side) < 0.17 * side {
            *pixel = 255;
        }
    }
    out
}

#[test]
fn frames_of_which_none_can_be_read_are_read_together() {
    let code = picture(&b"MJ1:TOGETHER".repeat(25), 4, false);
    // A reflection that wanders as the hand trembles hides another part in each frame.
    let frames = [[0.5, 0.32], [0.5, 0.66], [0.34, 0.5], [0.66, 0.5]].map(|at| glare(&code, at));
    for frame in &frames {
        assert_eq!(read(frame, Effort::Frame), []);
    }
    let mut follow = Follow::new();
    let texts: Vec<Vec<u8>> = frames
        .iter()
        .flat_map(|frame| follow.read(frame).found)
        .map(|found| found.text)
        .collect();
    assert!(texts.contains(&b"MJ1:TOGETHER".repeat(25)));
}

#[test]
fn a_code_that_was_read_is_found_again_where_it_went() {
    let code = picture(b"MJ1:FOLLOWED", 4, false);
    let mut follow = Follow::new();
    for step in 0..12 {
        let mut frame = Luma::new(1280, 720, vec![90; 1280 * 720]).unwrap();
        let (left, top) = (100 + step * 60, 300 - step * 15);
        paste(&mut frame, &code, left, top);
        let look = follow.read(&frame);
        assert_eq!(look.found.len(), 1, "step {step}");
        let [x, y] = look.found[0].corners[0];
        let off = (x - left as f32 - 16.0)
            .abs()
            .max((y - top as f32 - 16.0).abs());
        assert!(off < 2.0, "step {step}: {x} {y}");
        assert!(look.sights.iter().any(|sight| sight.read));
    }
}

#[test]
fn odd_pictures_read_nothing() {
    let noise: Vec<u8> = (0..640 * 480_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    let odd = [
        Luma::default(),
        Luma {
            width: 4,
            height: 4,
            data: vec![0; 3],
        },
        Luma {
            width: usize::MAX,
            height: 2,
            data: vec![0; 16],
        },
        Luma::new(1, 4000, vec![9; 4000]).unwrap(),
        Luma::new(4000, 1, vec![9; 4000]).unwrap(),
        Luma::new(21, 21, vec![0; 441]).unwrap(),
        Luma::new(640, 480, vec![0; 640 * 480]).unwrap(),
        Luma::new(640, 480, vec![255; 640 * 480]).unwrap(),
        Luma::new(640, 480, noise).unwrap(),
    ];
    for picture in &odd {
        assert_eq!(read(picture, Effort::Frame), []);
        assert_eq!(read(picture, Effort::Still), []);
        assert_eq!(second(picture), []);
    }
}
