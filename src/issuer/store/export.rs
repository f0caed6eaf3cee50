//! Passes as an owner takes them elsewhere.

use super::{State, Store, unsigned};
use crate::{gate::age, issuer::IssuerError};

/// The columns.
pub(in crate::issuer) const EXPORTED: [&str; 16] = [
    "number",
    "service",
    "kind",
    "list",
    "index",
    "state",
    "changed",
    "issued",
    "exp",
    "days",
    "holds_from",
    "reference",
    "holder",
    "attested",
    "visits",
    "note",
];

impl Store {
    /// Gives every pass, in the order of the lists, as [`EXPORTED`] names its fields.
    pub(in crate::issuer) fn each_pass(
        &self,
        mut take: impl FnMut(&[String; 16]),
    ) -> Result<(), IssuerError> {
        let mut query = self.db.prepare(
            "SELECT number, service, kind, list.uri, idx % ?1, state, pass.changed, at, exp, days, day, reference, holder, attested, visits, note
             FROM pass JOIN list ON list.n = idx / ?1 ORDER BY idx",
        )?;
        let mut rows = query.query([self.entries()?])?;
        while let Some(row) = rows.next()? {
            let text = |at| row.get::<_, String>(at);
            let number = |at| row.get::<_, Option<i64>>(at);
            let second = |at| Ok::<_, rusqlite::Error>(number(at)?.map_or_else(String::new, time));
            let day = number(10)?.and_then(age::date_of);
            let reference: Option<Vec<u8>> = row.get(11)?;
            let holder: Option<String> = row.get(12)?;
            take(&[
                text(0)?,
                text(1)?,
                text(2)?,
                text(3)?,
                row.get::<_, i64>(4)?.to_string(),
                State::of(row.get(5)?).name().into(),
                second(6)?,
                second(7)?,
                second(8)?,
                number(9)?.map_or_else(String::new, |days| days.to_string()),
                day.map_or_else(String::new, |day| day.to_string()),
                reference.map_or_else(String::new, hex::encode),
                holder.unwrap_or_default(),
                text(13)?,
                number(14)?.map_or_else(String::new, |visits| visits.to_string()),
                text(15)?,
            ]);
        }
        Ok(())
    }
}

fn time(second: i64) -> String {
    crate::kiosk::event::at(unsigned(second).saturating_mul(1000))
}
