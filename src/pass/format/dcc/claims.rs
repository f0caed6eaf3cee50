//! The claims that count. Everything else, name and birth date with it, is passed over as it is read.

use std::{fmt, marker::PhantomData};

use jiff::{Timestamp, civil::Date};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

use crate::pass::Reason;

/// Arrays, maps and tags within each other.
const NESTING: usize = 16;
/// COVID-19 (SNOMED CT).
const COVID: &str = "840539006";
/// "Not detected" (SNOMED CT).
const NOT_DETECTED: &str = "260415000";
/// Nucleic acid amplification, and antigen tests (LOINC).
const NAAT: &str = "LP6464-4";
const ANTIGEN: &str = "LP217198-3";

/// What a certificate says that counts at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claims {
    /// `iat`, seconds since 1970.
    pub(super) issued: Option<u64>,
    /// `exp`, seconds since 1970.
    pub(super) expires: u64,
    /// What it certifies.
    pub(super) entry: Entry,
}

/// The one entry of a certificate. Where it is about another disease, it certifies nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// `v`.
    Vaccination {
        /// COVID-19, and the series is complete (`dn` at least `sd`).
        complete: bool,
        /// `dt`: the day of the last dose.
        day: Date,
    },
    /// `t`.
    Test {
        /// COVID-19, and it was not detected.
        negative: bool,
        /// `tt`.
        kind: Test,
        /// `sc`: when the sample was taken, seconds since 1970.
        taken: u64,
    },
    /// `r`.
    Recovery {
        /// It is about COVID-19.
        covid: bool,
        /// `df`.
        from: Date,
        /// `du`: the last day.
        until: Date,
    },
}

/// What kind of test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Naat,
    Antigen,
    Other,
}

/// Reads claims that fill `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<Claims, Reason> {
    let mut rest = bytes;
    let claims: Cwt = ciborium::de::from_reader_with_recursion_limit(&mut rest, NESTING)
        .map_err(|_| Reason::Malformed)?;
    let (Some(expires), Some(certificate), true) = (claims.exp, claims.hcert, rest.is_empty())
    else {
        return Err(Reason::Malformed);
    };
    Ok(Claims {
        issued: claims.iat.map(|iat| iat.0),
        expires: expires.0,
        entry: certificate.entry().ok_or(Reason::Malformed)?,
    })
}

#[derive(Default)]
struct Cwt {
    exp: Option<Seconds>,
    iat: Option<Seconds>,
    hcert: Option<Certificate>,
}

/// A `NumericDate` (RFC 8392 section 2): an integer or a float.
struct Seconds(u64);

/// A label of a map that is open for others: integers count, whatever else is passed over.
struct Label(Option<i64>);

/// Exactly one of the arrays has exactly one entry.
#[derive(Deserialize)]
struct Certificate {
    #[serde(default)]
    v: Option<Vec<Vaccination>>,
    #[serde(default)]
    t: Option<Vec<Tested>>,
    #[serde(default)]
    r: Option<Vec<Recovery>>,
}

#[derive(Deserialize)]
struct Vaccination {
    tg: String,
    dn: u64,
    sd: u64,
    dt: String,
}

#[derive(Deserialize)]
struct Tested {
    tg: String,
    tt: String,
    sc: String,
    tr: String,
}

#[derive(Deserialize)]
struct Recovery {
    tg: String,
    df: String,
    du: String,
}

impl Certificate {
    fn entry(self) -> Option<Entry> {
        let (v, t, r) = (
            self.v.unwrap_or_default(),
            self.t.unwrap_or_default(),
            self.r.unwrap_or_default(),
        );
        match (&v[..], &t[..], &r[..]) {
            ([dose], [], []) => Some(Entry::Vaccination {
                complete: dose.tg == COVID && dose.sd > 0 && dose.dn >= dose.sd,
                day: day(&dose.dt)?,
            }),
            ([], [test], []) => Some(Entry::Test {
                negative: test.tg == COVID && test.tr == NOT_DETECTED,
                kind: match test.tt.as_str() {
                    NAAT => Test::Naat,
                    ANTIGEN => Test::Antigen,
                    _ => Test::Other,
                },
                taken: second(&test.sc)?,
            }),
            ([], [], [recovery]) => Some(Entry::Recovery {
                covid: recovery.tg == COVID,
                from: day(&recovery.df)?,
                until: day(&recovery.du)?,
            }),
            _ => None,
        }
    }
}

/// A civil day; some issuers write a time behind it.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

fn second(text: &str) -> Option<u64> {
    let moment: Timestamp = text.parse().ok()?;
    u64::try_from(moment.as_second()).ok()
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Numeric;
        impl Visitor<'_> for Numeric {
            type Value = Seconds;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("seconds since 1970")
            }

            fn visit_u64<E: Error>(self, seconds: u64) -> Result<Seconds, E> {
                Ok(Seconds(seconds))
            }

            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Seconds, E> {
                u64::try_from(seconds)
                    .map(Seconds)
                    .map_err(|_| E::custom("before 1970"))
            }

            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            fn visit_f64<E: Error>(self, seconds: f64) -> Result<Seconds, E> {
                // A cast saturates; what is no number is 0.
                Ok(Seconds(seconds as u64))
            }
        }
        from.deserialize_any(Numeric)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Label;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a label")
            }

            fn visit_u64<E: Error>(self, label: u64) -> Result<Label, E> {
                Ok(Label(i64::try_from(label).ok()))
            }

            fn visit_i64<E: Error>(self, label: i64) -> Result<Label, E> {
                Ok(Label(Some(label)))
            }

            fn visit_str<E: Error>(self, _: &str) -> Result<Label, E> {
                Ok(Label(None))
            }
        }
        from.deserialize_any(Any)
    }
}

impl<'de> Deserialize<'de> for Cwt {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Cwt;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of claims")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cwt, A::Error> {
                let mut claims = Cwt::default();
                while let Some(Label(label)) = map.next_key()? {
                    match label {
                        Some(4) => claims.exp = Some(map.next_value()?),
                        Some(6) => claims.iat = Some(map.next_value()?),
                        Some(-260) => claims.hcert = map.next_value::<Member<_>>()?.0,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(claims)
            }
        }
        from.deserialize_map(Map)
    }
}

/// The member 1 of a map.
struct Member<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Map<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Map<T> {
            type Value = Member<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map with the member 1")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member<T>, A::Error> {
                let mut member = None;
                while let Some(Label(label)) = map.next_key()? {
                    match label {
                        Some(1) => member = Some(map.next_value()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Member(member))
            }
        }
        from.deserialize_map(Map(PhantomData))
    }
}
