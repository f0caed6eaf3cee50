//! Links that give a pass once. Only the hash of a code is kept.

use rusqlite::OptionalExtension;
use sha2::{Digest, Sha256};

use super::{Store, passes, signed, unsigned};
use crate::{
    issuer::IssuerError,
    pass::{Service, Services},
};

/// What a link promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::issuer) struct StoredLink {
    pub(in crate::issuer) service: Service,
    pub(in crate::issuer) services: Services,
    /// The length of the pass in days, or a guest's window.
    pub(in crate::issuer) days: Option<u16>,
    pub(in crate::issuer) window: Option<(u64, u64)>,
    pub(in crate::issuer) note: String,
    pub(in crate::issuer) attested: String,
    /// The link is good before this second.
    pub(in crate::issuer) until: u64,
    /// When it was used, and the number of the pass that it gave.
    pub(in crate::issuer) used: Option<(u64, String)>,
}

/// A link that can still be used. Its code is known to nobody but whom it was sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLink {
    /// By which it can be withdrawn.
    pub id: String,
    /// What its pass would open.
    pub service: String,
    /// It is good before this second.
    pub until: u64,
    /// What the owner wants to remember by it.
    pub note: String,
}

fn hashed(code: &str) -> Vec<u8> {
    Sha256::digest(code).to_vec()
}

impl Store {
    pub(in crate::issuer) fn add_link(
        &self,
        code: &str,
        link: &StoredLink,
        now: u64,
    ) -> Result<(), IssuerError> {
        let today = crate::gate::age::seoul_day(now);
        let (day, reference) = passes::kept(&link.services, today);
        let _ = self
            .db
            .prepare_cached(
                "INSERT INTO link (code, service, day, reference, days, nbf, exp, attested, made, until, visits, note)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(rusqlite::params![
                hashed(code),
                link.service.name(),
                day,
                reference,
                link.days,
                link.window.map(|(from, _)| signed(from)),
                link.window.map(|(_, to)| signed(to)),
                link.attested,
                signed(now),
                signed(link.until),
                link.services.visits,
                link.note,
            ])?;
        Ok(())
    }

    pub(in crate::issuer) fn link(&self, code: &str) -> Result<Option<StoredLink>, IssuerError> {
        let mut query = self.db.prepare_cached(
            "SELECT service, day, reference, days, nbf, exp, attested, until, used, number, visits, note FROM link WHERE code = ?1",
        )?;
        let link = query.query_row([hashed(code)], |row| {
            let service: String = row.get(0)?;
            let service = service.parse().unwrap_or(Service::Entry);
            let second =
                |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(unsigned));
            Ok(StoredLink {
                service,
                services: passes::claim(service, row.get(1)?, row.get(2)?, row.get(10)?),
                days: row.get(3)?,
                window: second(4)?.zip(second(5)?),
                note: row.get(11)?,
                attested: row.get(6)?,
                until: unsigned(row.get(7)?),
                used: second(8)?.zip(row.get::<_, Option<String>>(9)?),
            })
        });
        Ok(link.optional()?)
    }

    /// Notes which pass a link gave.
    pub(in crate::issuer) fn use_link(
        &self,
        code: &str,
        number: &str,
        now: u64,
    ) -> Result<(), IssuerError> {
        let _ = self
            .db
            .prepare_cached("UPDATE link SET used = ?2, number = ?3 WHERE code = ?1")?
            .execute((hashed(code), signed(now), number))?;
        Ok(())
    }

    /// Links that can still be used, the newest first.
    pub(in crate::issuer) fn open_links(
        &self,
        most: u32,
        now: u64,
    ) -> Result<Vec<OpenLink>, IssuerError> {
        let mut query = self.db.prepare_cached(
            "SELECT code, service, until, note FROM link WHERE used IS NULL AND until > ?1 ORDER BY made DESC LIMIT ?2",
        )?;
        let links = query.query_map((signed(now), most), |row| {
            Ok(OpenLink {
                id: hex::encode(row.get::<_, Vec<u8>>(0)?),
                service: row.get(1)?,
                until: unsigned(row.get(2)?),
                note: row.get(3)?,
            })
        })?;
        Ok(links.collect::<Result<_, _>>()?)
    }

    /// Ends a link that nobody used.
    pub(in crate::issuer) fn withdraw(&self, id: &str) -> Result<(), IssuerError> {
        let id = hex::decode(id).unwrap_or_default();
        let _ = self
            .db
            .execute("DELETE FROM link WHERE code = ?1 AND used IS NULL", [id])?;
        Ok(())
    }

    /// Forgets links that ended before a second: until then a late visitor is told what happened to his.
    pub(in crate::issuer) fn forget_links(&self, before: u64) -> Result<(), IssuerError> {
        let _ = self
            .db
            .execute("DELETE FROM link WHERE until < ?1", [signed(before)])?;
        Ok(())
    }
}
