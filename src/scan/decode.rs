//! The bytes of a sampled grid (ISO/IEC 18004, chapter 12), by `rxing`'s port of zxing-cpp's decoder.
//!
//! `rqrr::Grid` gives the same bytes, which a test asserts; but it raises a generator to a power for every code word and
//! syndrome, and that was two fifths of a frame's time.

use rxing::{common::BitMatrix, qrcode::cpp_port::decoder};

/// The bytes of a grid of `n` by `n` modules; nothing where its errors cannot be corrected.
pub(super) fn grid(n: usize, dark: impl Fn(usize) -> bool) -> Option<Vec<u8>> {
    let mut grid = BitMatrix::with_single_dimension(n as u32).ok()?;
    for at in (0..n * n).filter(|at| dark(*at)) {
        grid.set((at % n) as u32, (at / n) as u32);
    }
    let code = decoder::Decode(&grid).ok()?;
    let text = code.content().bytes();
    (code.isValid() && !text.is_empty()).then(|| text.to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use qrcode::{Color, EcLevel, QrCode};

    struct Bits<'a>(usize, &'a [bool]);

    impl rqrr::BitGrid for Bits<'_> {
        fn size(&self) -> usize {
            self.0
        }

        fn bit(&self, y: usize, x: usize) -> bool {
            self.1[y * self.0 + x]
        }
    }

    fn rqrr(n: usize, dark: &[bool]) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        let grid = rqrr::Grid::new(Bits(n, dark));
        grid.decode_to(&mut text).ok().map(|_| text)
    }

    /// Digits, letters, bytes, two-byte characters of Shift JIS, and all of them in a row: every mode of a code.
    fn content() -> impl Strategy<Value = Vec<u8>> {
        let part = prop_oneof![
            "[0-9]{1,60}".prop_map(String::into_bytes),
            "[A-Z0-9 $%*+./:-]{1,60}".prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 1..60),
            prop::collection::vec((0x88..0x98_u8, 0x9F..0xFC_u8), 1..30)
                .prop_map(|pairs| pairs.into_iter().flat_map(|(a, b)| [a, b]).collect()),
        ];
        prop::collection::vec(part, 1..4).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn bytes_are_those_of_another_decoder(
            text in content(),
            level in prop::sample::select(vec![EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H]),
            damage in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        ) {
            let code = QrCode::with_error_correction_level(&text, level).unwrap();
            let n = code.width();
            let mut dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
            prop_assert_eq!(super::grid(n, |at| dark[at]), Some(text.clone()));
            for at in damage {
                let at = at.index(n * n);
                dark[at] = !dark[at];
            }
            let ours = super::grid(n, |at| dark[at]);
            if let Some(theirs) = rqrr(n, &dark) {
                prop_assert_eq!(ours, Some(theirs));
            }
        }

        #[test]
        fn any_grid_is_read_or_not(n in 0..60_usize, seed in any::<u64>()) {
            let mut dice = seed | 1;
            let dark: Vec<bool> = (0..n * n).map(|_| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                dice >> 63 == 1
            }).collect();
            prop_assert_eq!(super::grid(n, |at| dark[at]), None);
        }
    }
}
