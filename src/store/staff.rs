//! Staff codes: six digits, hashed with argon2id, locked for longer and longer after wrong ones. There is no default code.

use super::{Store, StoreError, set, setting, signed, unsigned};
use crate::passcode::{self, matches};

/// A role behind a staff code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sees today and the entries, opens the door.
    Helper,
    /// Everything.
    Owner,
}

impl Role {
    /// The name on the command line and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Helper => "helper",
            Self::Owner => "owner",
        }
    }

    fn from_name(name: &str) -> Self {
        // Whatever is not known gets the lesser rights.
        if name == "owner" {
            Self::Owner
        } else {
            Self::Helper
        }
    }
}

/// Somebody with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// A label, such as "helper 1".
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Since when, seconds since 1970.
    pub since: u64,
}

/// What became of a code that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffCheck {
    /// It is somebody's.
    Ok {
        /// Whose.
        name: String,
        /// What it may do.
        role: Role,
    },
    /// It is nobody's.
    Wrong,
    /// Too many wrong ones: nothing is looked at before this second since 1970.
    LockedUntil(u64),
}

/// Why a code is not taken as a new one.
#[must_use]
pub fn weakness(code: &str) -> Option<&'static str> {
    let digits = code.as_bytes();
    if digits.len() != 6 || !digits.iter().all(u8::is_ascii_digit) {
        return Some("a code has six digits");
    }
    let step = |by: i16| {
        digits
            .windows(2)
            .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == by)
    };
    [0, 1, -1]
        .into_iter()
        .any(step)
        .then_some("this code is the first that anybody would try")
}

impl Store {
    /// Whether any staff code is set.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn has_staff(&self) -> Result<bool, StoreError> {
        self.read(|db| Ok(db.prepare_cached("SELECT 1 FROM staff")?.exists([])?))
    }

    /// Everybody with a code.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn staff(&self) -> Result<Vec<Staff>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare("SELECT name, role, at FROM staff ORDER BY name")?;
            let staff = query.query_map([], |row| {
                let role: String = row.get(1)?;
                Ok(Staff {
                    name: row.get(0)?,
                    role: Role::from_name(&role),
                    since: unsigned(row.get(2)?),
                })
            })?;
            Ok(staff.collect::<Result<_, _>>()?)
        })
    }

    /// Gives somebody a code; `false` when the name is taken (`replace` off) or not there (`replace` on).
    ///
    /// # Errors
    /// [`StoreError::CodeTaken`], or what SQLite said. Look at [`weakness`] first.
    pub fn set_staff(
        &self,
        name: &str,
        role: Option<Role>,
        code: &str,
        now: u64,
        replace: bool,
    ) -> Result<bool, StoreError> {
        // A code tells who somebody is: two people cannot have the same one.
        let taken = self
            .codes()?
            .into_iter()
            .any(|(whose, _, hash)| whose != name && matches(code, &hash));
        if taken {
            return Err(StoreError::CodeTaken);
        }
        let hash = passcode::hash(code).map_err(StoreError::Database)?;
        let name = name.to_string();
        self.inner.writer.run(move |db| {
            let changed = if replace {
                let role = role.map(Role::name);
                db.execute(
                    "UPDATE staff SET code = ?2, role = ifnull(?3, role), at = ?4 WHERE name = ?1",
                    (name, hash, role, signed(now)),
                )?
            } else {
                let role = role.unwrap_or(Role::Helper).name();
                db.execute(
                    "INSERT OR IGNORE INTO staff (name, role, code, at) VALUES (?1, ?2, ?3, ?4)",
                    (name, role, hash, signed(now)),
                )?
            };
            // A new code is the way out of a lock.
            set(db, "wrong_codes", 0)?;
            set(db, "locked_until", 0)?;
            Ok(changed > 0)
        })
    }

    /// Name, role and hash of everybody's code.
    fn codes(&self) -> Result<Vec<(String, String, String)>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT name, role, code FROM staff")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// Looks whose code this is. Takes about as long as one hash for every member of staff, on the caller's thread.
    ///
    /// The try is charged before anything is looked at: codes that are tried side by side, or a cut of the power, win
    /// nobody a free guess.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn check_code(&self, code: &str, now: u64) -> Result<StaffCheck, StoreError> {
        let locked = self.inner.writer.run(move |db| charge(db, now))?;
        let after = match locked {
            Charge::Refused(until) => return Ok(StaffCheck::LockedUntil(until)),
            Charge::Taken(after) => after,
        };
        let whose = self
            .codes()?
            .into_iter()
            .find(|(_, _, hash)| matches(code, hash));
        let Some((name, role, _)) = whose else {
            return Ok(after.map_or(StaffCheck::Wrong, StaffCheck::LockedUntil));
        };
        self.inner.writer.run(|db| {
            set(db, "wrong_codes", 0)?;
            set(db, "locked_until", 0)
        })?;
        Ok(StaffCheck::Ok {
            name,
            role: Role::from_name(&role),
        })
    }
}

/// What a try costs.
enum Charge {
    /// Nothing is looked at before this second.
    Refused(u64),
    /// It may be looked at; when it is wrong, nothing is looked at before this second.
    Taken(Option<u64>),
}

fn charge(db: &rusqlite::Connection, now: u64) -> Result<Charge, StoreError> {
    let until = unsigned(setting(db, "locked_until")?.unwrap_or(0));
    if now < until {
        return Ok(Charge::Refused(until));
    }
    let wrong = setting(db, "wrong_codes")?.unwrap_or(0) + 1;
    set(db, "wrong_codes", wrong)?;
    let until = passcode::locked_until(u32::try_from(wrong).unwrap_or(u32::MAX), now);
    if let Some(until) = until {
        set(db, "locked_until", signed(until))?;
    }
    Ok(Charge::Taken(until))
}
