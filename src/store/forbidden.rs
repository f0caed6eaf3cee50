//! The owner's choice which issuer may open this door for which service. What `issuers.json` allows is the most; here it
//! is narrowed.

use super::{Store, StoreError, entries::note_access, signed, unsigned};
use crate::{pass::Service, trust::Trust};

/// A service for which an issuer's passes do not open this door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbidden {
    /// The issuer's id.
    pub issuer: String,
    /// The service.
    pub service: Service,
    /// Who chose so.
    pub who: String,
    /// When, seconds since 1970.
    pub at: u64,
}

impl Store {
    /// Allows or forbids that an issuer's passes open this door for a service; `false` when it was so already. Who chose
    /// so is noted beside who looked at the log.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn set_forbidden(
        &self,
        issuer: &str,
        service: Service,
        forbidden: bool,
        who: &str,
        now: u64,
    ) -> Result<bool, StoreError> {
        let (issuer, who) = (issuer.to_string(), who.to_string());
        self.inner.writer.run(move |db| {
            let step = db.transaction()?;
            let changed = if forbidden {
                step.execute(
                    "INSERT OR IGNORE INTO forbidden (issuer, service, who, at) VALUES (?1, ?2, ?3, ?4)",
                    (&issuer, service.name(), &who, signed(now)),
                )?
            } else {
                step.execute(
                    "DELETE FROM forbidden WHERE issuer = ?1 AND service = ?2",
                    (&issuer, service.name()),
                )?
            };
            if changed > 0 {
                let act = if forbidden { "forbid" } else { "allow" };
                note_access(&step, &who, &format!("{act} issuer {issuer} {service}"), now)?;
            }
            step.commit()?;
            Ok(changed > 0)
        })
    }

    /// What the owner forbids, by issuer.
    ///
    /// # Errors
    /// What SQLite said, or [`StoreError::Database`] for a service that this program does not know.
    pub fn forbidden(&self) -> Result<Vec<Forbidden>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT issuer, service, who, at FROM forbidden ORDER BY issuer, service",
            )?;
            let mut rows = query.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                // Never ignored: that would open a door which the owner shut.
                let service: String = row.get(1)?;
                all.push(Forbidden {
                    issuer: row.get(0)?,
                    service: service.parse().map_err(StoreError::Database)?,
                    who: row.get(2)?,
                    at: unsigned(row.get(3)?),
                });
            }
            Ok(all)
        })
    }

    /// Takes from a trust what the owner forbids.
    ///
    /// # Errors
    /// As [`Store::forbidden`].
    pub fn narrow(&self, trust: &mut Trust) -> Result<(), StoreError> {
        for Forbidden {
            issuer, service, ..
        } in self.forbidden()?
        {
            trust.forbid(&issuer, service);
        }
        Ok(())
    }
}
