//! A reader of CBOR (RFC 8949) as strict as status lists need: definite lengths, every length checked against the bytes
//! that are there, nesting bounded. It lends slices of the input: a list is megabytes.

/// Arrays, maps and tags inside each other, at most.
const DEPTH: u8 = 8;

/// A position in CBOR bytes. Errors are clauses for people.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

/// The key of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// An integer of either sign.
    Integer(i128),
    /// A text.
    Text(&'a str),
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], String> {
        let cut = usize::try_from(length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length));
        let (taken, rest) = cut.ok_or_else(|| format!("ends {length} bytes too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// The head of an item: major type, and argument. A head of major type 7 keeps its additional information, so that
    /// `false` and a float are told apart.
    fn head(&mut self) -> Result<(u8, u64), String> {
        let first = self.take(1)?.first().copied().unwrap_or_default();
        let (major, additional) = (first >> 5, first & 0x1f);
        let argument = match additional {
            0..=23 => return Ok((major, u64::from(additional))),
            24..=27 => self.take(1 << (additional - 24))?,
            31 => return Err("has an indefinite length".into()),
            _ => {
                return Err(format!(
                    "has the reserved additional information {additional}"
                ));
            }
        };
        let value = argument
            .iter()
            .fold(0, |value, byte| (value << 8) | u64::from(*byte));
        Ok((major, value))
    }

    fn expect(&mut self, major: u8, name: &str) -> Result<u64, String> {
        match self.head()? {
            (found, argument) if found == major => Ok(argument),
            _ => Err(format!("is no {name}")),
        }
    }

    /// An unsigned integer.
    pub(super) fn uint(&mut self) -> Result<u64, String> {
        self.expect(0, "unsigned integer")
    }

    /// An integer of either sign.
    pub(super) fn integer(&mut self) -> Result<i128, String> {
        match self.head()? {
            (0, argument) => Ok(i128::from(argument)),
            (1, argument) => Ok(-1 - i128::from(argument)),
            _ => Err("is no integer".into()),
        }
    }

    /// A byte string.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], String> {
        let length = self.expect(2, "byte string")?;
        self.take(length)
    }

    /// A text string.
    pub(super) fn text(&mut self) -> Result<&'a str, String> {
        let length = self.expect(3, "text")?;
        std::str::from_utf8(self.take(length)?).map_err(|_| "is no UTF-8".into())
    }

    /// The head of an array of exactly `length` items.
    pub(super) fn array(&mut self, length: u64) -> Result<(), String> {
        match self.expect(4, "array")? {
            found if found == length => Ok(()),
            found => Err(format!("has {found} items, not {length}")),
        }
    }

    /// The head of exactly this tag.
    pub(super) fn tag(&mut self, tag: u64) -> Result<(), String> {
        match self.expect(6, "tag")? {
            found if found == tag => Ok(()),
            found => Err(format!("has the tag {found}, not {tag}")),
        }
    }

    /// A map with integers or texts as keys, each once. `member` reads the value of the key it is given.
    pub(super) fn map(
        &mut self,
        mut member: impl FnMut(&Key<'a>, &mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        let length = self.expect(5, "map")?;
        // Only grows with entries that were read; quadratic, so bounded.
        let mut keys: Vec<Key<'a>> = Vec::new();
        for _ in 0..length {
            if keys.len() >= 64 {
                return Err("has more than 64 members".into());
            }
            let key = match self.rest.first().map(|first| first >> 5) {
                Some(3) => Key::Text(self.text()?),
                _ => Key::Integer(
                    self.integer()
                        .map_err(|problem| format!("a key {problem}"))?,
                ),
            };
            if keys.contains(&key) {
                return Err(format!("has the key {key} twice"));
            }
            member(&key, self).map_err(|problem| format!("{key} {problem}"))?;
            keys.push(key);
        }
        Ok(())
    }

    /// Any item, unread.
    pub(super) fn skip(&mut self) -> Result<(), String> {
        self.skip_within(DEPTH)
    }

    fn skip_within(&mut self, depth: u8) -> Result<(), String> {
        let (major, argument) = self.head()?;
        let items = match major {
            2 | 3 => return self.take(argument).map(|_| ()),
            4 => argument,
            5 => argument.saturating_mul(2),
            6 => 1,
            _ => 0,
        };
        if items > 0 && depth == 0 {
            return Err("is nested too deeply".into());
        }
        for _ in 0..items {
            self.skip_within(depth - 1)?;
        }
        Ok(())
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), String> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(format!("has {left} bytes after its end")),
        }
    }
}

impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

/// Appends a head in its shortest form (RFC 8949, 4.2.1).
pub(super) fn push_head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let bytes = argument.to_be_bytes();
    let (additional, length) = match argument {
        0..=23 => (bytes[7], 0),
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    out.push((major << 5) | additional);
    out.extend(&bytes[8 - length..]);
}

/// Appends a byte string.
pub(super) fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push_head(out, 2, bytes.len() as u64);
    out.extend(bytes);
}

/// Appends a text.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    push_head(out, 3, text.len() as u64);
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_written_short_and_read_in_any_length() {
        for (value, text) in [
            (0, "00"),
            (23, "17"),
            (24, "1818"),
            (255, "18ff"),
            (256, "190100"),
            (65_536, "1a00010000"),
            (1 << 32, "1b0000000100000000"),
            (u64::MAX, "1bffffffffffffffff"),
        ] {
            let mut out = Vec::new();
            push_head(&mut out, 0, value);
            assert_eq!(hex::encode(&out), text);
            assert_eq!(Reader::new(&out).uint(), Ok(value));
        }
        assert_eq!(Reader::new(&[0x19, 0, 1]).uint(), Ok(1));
    }

    #[test]
    fn what_is_skipped_is_bounded() {
        for (item, good) in [
            ("00", true),
            ("f5", true),
            ("fb3ff0000000000000", true),
            ("8301820203a10405", true),
            ("c074323031", false),           // a text longer than the input
            ("5f4101ff", false),             // indefinite
            ("9bffffffffffffffff00", false), // an endless array
            ("bbffffffffffffffff00", false),
            ("1c", false), // reserved
            ("818181818181818100", true),
            ("81818181818181818100", false),
        ] {
            let bytes = hex::decode(item).unwrap();
            let mut reader = Reader::new(&bytes);
            let result = reader.skip().and_then(|()| reader.end());
            assert_eq!(result.is_ok(), good, "{item}: {result:?}");
        }
    }

    #[test]
    fn a_key_may_stand_once_however_it_is_written() {
        for (map, good) in [
            ("a201000200", true),
            ("a201000100", false),
            ("a20100180100", false), // 1 in a longer form
            ("a261610061 6100", false),
            ("a101", false),
            ("bf0100ff", false),
            ("a1f500", false),
        ] {
            let bytes = hex::decode(map.replace(' ', "")).unwrap();
            let result = Reader::new(&bytes).map(|_, reader| reader.skip());
            assert_eq!(result.is_ok(), good, "{map}: {result:?}");
        }
    }
}
