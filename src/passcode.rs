//! Codes that people type: hashed with argon2id, and locked for longer and longer after wrong ones.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// Wrong codes before the first lock.
const FREE_TRIES: u32 = 3;
/// The first lock in seconds; it doubles with every wrong code after it.
const FIRST_LOCK: u64 = 30;
/// The longest lock.
const LONGEST_LOCK: u64 = 3_600;

/// The hash of a code as a PHC string.
///
/// # Errors
/// What the system said, which then has no random numbers.
pub fn hash(code: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(code.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| format!("the code could not be hashed: {error}"))
}

/// Whether this code has this hash. Takes as long as one hash.
#[must_use]
pub fn matches(code: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(code.as_bytes(), &hash)
            .is_ok()
    })
}

/// Until when nothing is looked at after so many wrong codes in a row, the last one at `now` (seconds since 1970).
#[must_use]
pub fn locked_until(wrong: u32, now: u64) -> Option<u64> {
    let doubled = wrong.checked_sub(FREE_TRIES)?.min(16);
    Some(now + FIRST_LOCK.saturating_mul(1 << doubled).min(LONGEST_LOCK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_double_up_to_an_hour() {
        let locks: Vec<Option<u64>> = [0, 2, 3, 4, 5, 10, u32::MAX]
            .map(|wrong| locked_until(wrong, 100).map(|until| until - 100))
            .into();
        assert_eq!(
            locks,
            [
                None,
                None,
                Some(30),
                Some(60),
                Some(120),
                Some(3600),
                Some(3600)
            ]
        );
    }

    #[test]
    fn a_hash_knows_its_code() {
        let hash = hash("918273").unwrap();
        assert!(
            matches("918273", &hash) && !matches("918274", &hash) && !matches("918273", "no hash")
        );
        assert_ne!(hash, super::hash("918273").unwrap(), "salted");
    }
}
