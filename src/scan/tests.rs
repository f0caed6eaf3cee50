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
            quick(&picture),
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
    assert_eq!(quick(&picture(&token, 4, false))[0].text, token);
    assert_eq!(second(&picture(&token, 4, false))[0].text, token);
}

#[test]
fn a_large_picture_is_reduced_and_its_corners_are_not() {
    let picture = picture(b"MJ1:LARGE", 60, false);
    assert!(picture.data.len() > MOST_PIXELS);
    let found = quick(&picture);
    assert_eq!(found[0].text, b"MJ1:LARGE");
    let (near, far) = (240.0, picture.width as f32 - 240.0);
    let around = [[near, near], [far, near], [far, far], [near, far]];
    for (corner, expected) in found[0].corners.iter().zip(around) {
        let off = (corner[0] - expected[0]).hypot(corner[1] - expected[1]);
        assert!(off < 60.0, "{:?}", found[0].corners);
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
        assert_eq!(quick(picture), []);
        assert_eq!(read(picture, Effort::Still), []);
        assert_eq!(second(picture), []);
    }
}
