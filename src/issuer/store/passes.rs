//! Passes and what the status list says of them.

use rusqlite::OptionalExtension;

use super::{Store, lists, random_text, signed, unsigned};
use crate::{
    issuer::IssuerError,
    pass::{Kind, Service, Services},
};

/// What the status list says of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// 0.
    Valid,
    /// 1, for good.
    Revoked,
    /// 2.
    Suspended,
}

impl State {
    /// The name in lists for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
        }
    }

    pub(super) const fn of(number: i64) -> Self {
        match number {
            1 => Self::Revoked,
            2 => Self::Suspended,
            _ => Self::Valid,
        }
    }
}

/// A pass that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Its number.
    pub number: String,
    /// The service that it opens.
    pub service: String,
    /// `live` or `printed`.
    pub kind: String,
    /// Until when, seconds since 1970.
    pub exp: u64,
    /// When it was issued, seconds since 1970.
    pub at: u64,
    /// What the list says of it.
    pub state: State,
    /// Who checked the age and how.
    pub attested: String,
    /// When the state changed.
    pub changed: Option<u64>,
    /// For how many visits, if there is a limit.
    pub visits: Option<u8>,
    /// What the owner wants to remember by it.
    pub note: String,
}

/// Numbers for the owner.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Passes that are good now: service, kind, how many.
    pub good: Vec<(String, String, u64)>,
    /// Passes issued on each Seoul day, the last one today.
    pub issued: Vec<u64>,
}

/// What is kept of a pass that is issued.
pub(in crate::issuer) struct NewPass<'a> {
    pub(in crate::issuer) service: Service,
    pub(in crate::issuer) kind: Kind,
    pub(in crate::issuer) exp: u64,
    /// The wallet's public key as text.
    pub(in crate::issuer) holder: Option<String>,
    /// What goes into the claim. A day is kept only while it is to come: afterwards it says no more than the day of issue.
    pub(in crate::issuer) services: Services,
    /// Renewed for so many days.
    pub(in crate::issuer) days: Option<u16>,
    pub(in crate::issuer) note: &'a str,
    pub(in crate::issuer) attested: &'a str,
    /// With a place in the list that takes two bytes at most.
    pub(in crate::issuer) near: bool,
}

/// What a renewal needs of a live pass.
pub(in crate::issuer) struct Holding {
    pub(in crate::issuer) place: u64,
    pub(in crate::issuer) holder: String,
    pub(in crate::issuer) exp: u64,
    pub(in crate::issuer) state: State,
    pub(in crate::issuer) days: Option<u16>,
    pub(in crate::issuer) services: Services,
}

/// The day from which a service may be used, if it is to come, and the payment reference.
pub(super) fn kept(services: &Services, today: i64) -> (Option<i64>, Option<Vec<u8>>) {
    let day = services.entry.or(services.adult).filter(|day| *day > today);
    (day, services.store.map(|reference| reference.to_vec()))
}

/// The claim of [`kept`] values: a day that was not kept was reached long ago.
pub(super) fn claim(
    service: Service,
    day: Option<i64>,
    reference: Option<Vec<u8>>,
    visits: Option<u8>,
) -> Services {
    let day = Some(day.unwrap_or(0));
    let mut services = Services {
        visits,
        ..Services::default()
    };
    match service {
        Service::Entry => services.entry = day,
        Service::Adult => services.adult = day,
        Service::Store => services.store = reference.and_then(|bytes| bytes.try_into().ok()),
    }
    services
}

/// How many places of a list have an index that takes two bytes.
const NEAR: u32 = 1 << 16;
/// The columns of [`listed`].
const LISTED: &str = "number, service, kind, exp, at, state, attested, changed, visits, note";

fn listed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Pass> {
    Ok(Pass {
        number: row.get(0)?,
        service: row.get(1)?,
        kind: row.get(2)?,
        exp: unsigned(row.get(3)?),
        at: unsigned(row.get(4)?),
        state: State::of(row.get(5)?),
        attested: row.get(6)?,
        changed: row.get::<_, Option<i64>>(7)?.map(unsigned),
        visits: row.get(8)?,
        note: row.get(9)?,
    })
}

impl Store {
    /// Takes a random number and a random free place in the list that is filled.
    pub(in crate::issuer) fn add(
        &mut self,
        pass: &NewPass<'_>,
        now: u64,
    ) -> Result<(String, u64), IssuerError> {
        let (day, reference) = kept(&pass.services, crate::gate::age::seoul_day(now));
        let places = self.places(pass.near)?;
        // Enough for the list that is filled, and for the one that is begun then.
        for taken in 1..=2 * lists::BEGIN {
            let number = random_text(super::NUMBER)?;
            let place = self.random_place(places)?;
            // One statement, so whole or not at all, also within a larger transaction.
            let added = self
                .db
                .prepare_cached(
                    "INSERT OR IGNORE INTO pass (idx, number, service, kind, exp, at, holder, day, reference, days, attested, visits, note)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                )?
                .execute(rusqlite::params![
                    signed(place),
                    number,
                    pass.service.name(),
                    pass.kind.name(),
                    signed(pass.exp),
                    signed(now),
                    pass.holder,
                    day,
                    reference,
                    pass.days,
                    pass.attested,
                    pass.services.visits,
                    pass.note,
                ])?;
            if added == 1 {
                return Ok((number, place));
            }
            self.grow(taken)?;
        }
        Err(IssuerError::Full)
    }

    /// How many places of a list a new pass may take.
    fn places(&self, near: bool) -> Result<u32, IssuerError> {
        let entries = self.entries()?;
        Ok(if near { entries.min(NEAR) } else { entries })
    }

    /// The last of them in the first list: an index that no other is longer than.
    pub(in crate::issuer) fn last_place(&self, near: bool) -> Result<u64, IssuerError> {
        Ok(u64::from(self.places(near)?.saturating_sub(1)))
    }

    /// What a renewal needs; `None` where there is no such live pass.
    pub(in crate::issuer) fn holding(&self, number: &str) -> Result<Option<Holding>, IssuerError> {
        let mut query = self.db.prepare_cached(
            "SELECT idx, service, holder, exp, state, days, day, reference, visits FROM pass WHERE number = ?1 AND holder IS NOT NULL",
        )?;
        let row = query.query_row([number], |row| {
            let service: String = row.get(1)?;
            let service = service.parse().unwrap_or(Service::Entry);
            Ok(Holding {
                place: unsigned(row.get(0)?),
                holder: row.get(2)?,
                exp: unsigned(row.get(3)?),
                state: State::of(row.get(4)?),
                days: row.get(5)?,
                services: claim(service, row.get(6)?, row.get(7)?, row.get(8)?),
            })
        });
        Ok(row.optional()?)
    }

    /// A pass lasts longer now; a day that has come is forgotten.
    pub(in crate::issuer) fn renewed(
        &self,
        number: &str,
        exp: u64,
        today: i64,
    ) -> Result<(), IssuerError> {
        let _ = self
            .db
            .prepare_cached(
                "UPDATE pass SET exp = ?2, day = CASE WHEN day > ?3 THEN day END WHERE number = ?1",
            )?
            .execute((number, signed(exp), today))?;
        Ok(())
    }

    pub(in crate::issuer) fn set_state(
        &self,
        number: &str,
        state: State,
        now: u64,
    ) -> Result<(), IssuerError> {
        if state == State::Suspended && self.bits()? < 2 {
            return Err(IssuerError::Rule(
                "this issuer's list has one bit a pass: it can revoke, not suspend".into(),
            ));
        }
        let number = number.to_uppercase();
        let old: Option<i64> = self
            .db
            .query_row(
                "SELECT state FROM pass WHERE number = ?1",
                [&number],
                |row| row.get(0),
            )
            .optional()?;
        match old.map(State::of) {
            None => Err(IssuerError::NoPass(number)),
            Some(State::Revoked) if state != State::Revoked => Err(IssuerError::Rule(format!(
                "pass {number} is revoked for good: issue a new one"
            ))),
            Some(_) => {
                let state: i64 = match state {
                    State::Valid => 0,
                    State::Revoked => 1,
                    State::Suspended => 2,
                };
                let _ = self.db.execute(
                    "UPDATE pass SET state = ?2, changed = ?3 WHERE number = ?1",
                    (&number, state, signed(now)),
                )?;
                Ok(())
            }
        }
    }

    /// Passes, newest first: all, or those whose number begins with a text or whose note has it.
    pub(in crate::issuer) fn passes(
        &self,
        search: &str,
        most: u32,
    ) -> Result<Vec<Pass>, IssuerError> {
        let search = search.trim();
        let mut passes = Vec::new();
        if search.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let mut query = self.db.prepare_cached(&format!(
                "SELECT {LISTED} FROM pass
                 WHERE number >= ?1 AND number < ?1 || '~' ORDER BY at DESC, number LIMIT ?2"
            ))?;
            let numbered = query.query_map((search.to_uppercase(), most), listed)?;
            passes = numbered.collect::<Result<Vec<_>, _>>()?;
        }
        if !search.is_empty() {
            let mut query = self.db.prepare_cached(&format!(
                "SELECT {LISTED} FROM pass
                 WHERE note <> '' AND instr(lower(note), lower(?1)) > 0 ORDER BY at DESC LIMIT ?2"
            ))?;
            for pass in query.query_map((search, most), listed)? {
                let pass = pass?;
                if !passes.iter().any(|known| known.number == pass.number) {
                    passes.push(pass);
                }
            }
            passes.sort_by_key(|pass| std::cmp::Reverse(pass.at));
            passes.truncate(most as usize);
        }
        Ok(passes)
    }

    /// Changes the owner's note of a pass.
    pub(in crate::issuer) fn set_note(&self, number: &str, note: &str) -> Result<(), IssuerError> {
        let number = number.to_uppercase();
        let changed = self.db.execute(
            "UPDATE pass SET note = ?2 WHERE number = ?1",
            (&number, note),
        )?;
        if changed == 1 {
            Ok(())
        } else {
            Err(IssuerError::NoPass(number))
        }
    }

    /// Erases passes that ended before a second.
    pub(in crate::issuer) fn forget_passes(&self, before: u64) -> Result<(), IssuerError> {
        let _ = self
            .db
            .execute("DELETE FROM pass WHERE exp < ?1", [signed(before)])?;
        Ok(())
    }

    /// How many passes are good now, and how many were issued on each of the last days.
    pub(in crate::issuer) fn counts(&self, days: u16, now: u64) -> Result<Counts, IssuerError> {
        let mut query = self.db.prepare_cached(
            "SELECT service, kind, count(*) FROM pass WHERE exp > ?1 AND state = 0 GROUP BY service, kind ORDER BY service, kind",
        )?;
        let good = query.query_map([signed(now)], |row| {
            Ok((row.get(0)?, row.get(1)?, unsigned(row.get(2)?)))
        })?;
        let good = good.collect::<Result<_, _>>()?;
        let today = crate::gate::age::seoul_day(now);
        let first = today - i64::from(days) + 1;
        let mut issued = vec![0; usize::from(days)];
        let mut query = self.db.prepare_cached(
            "SELECT (at + 32400) / 86400 AS day, count(*) FROM pass WHERE at >= ?1 GROUP BY day",
        )?;
        let mut rows = query.query([signed(crate::gate::age::midnight(first))])?;
        while let Some(row) = rows.next()? {
            let place = usize::try_from(row.get::<_, i64>(0)? - first).ok();
            if let Some(count) = place.and_then(|at| issued.get_mut(at)) {
                *count = unsigned(row.get(1)?);
            }
        }
        Ok(Counts { good, issued })
    }
}
