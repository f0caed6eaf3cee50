//! Texts as long as passes are, the same for the same seed.

const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Numbers that look random (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn text(&mut self, begin: &str, letters: &[u8], length: usize) -> String {
        let letter = |_| letters[(self.roll() % letters.len() as u64) as usize] as char;
        let rest: String = (begin.len()..length).map(letter).collect();
        format!("{begin}{rest}")
    }
}

/// 300 to 420 letters: base 45 in alphanumeric mode, or a web address with a token in byte mode.
pub fn of_a_pass(seed: u64) -> String {
    let mut dice = Dice(seed ^ 0x7E47);
    let length = 300 + (dice.roll() % 121) as usize;
    if dice.roll().is_multiple_of(2) {
        dice.text("HC1:", ALPHANUMERIC, length)
    } else {
        dice.text("https://k.example/t#", BASE64, length)
    }
}

/// So many letters in byte mode.
pub fn of_length(length: usize, seed: u64) -> String {
    Dice(seed ^ 0x7E47).text("", BASE64, length)
}
