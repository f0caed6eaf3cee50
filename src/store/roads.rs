//! How the last update of each repository went.

use super::{Store, StoreError, signed, unsigned};
use crate::trust::problem::{Class, Problem};

/// Where a pinned repository comes from, and how the last try went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Road {
    /// The anchor.
    pub anchor: String,
    /// Where updates come from: a folder or a URL.
    pub location: String,
    /// When what is in force was accepted, seconds since 1970.
    pub accepted_at: u64,
    /// The last try, seconds since 1970. `None`: never since it was pinned.
    pub tried_at: Option<u64>,
    /// The last try that worked, seconds since 1970, also where nothing was new.
    pub worked_at: Option<u64>,
    /// Why the last try did not work. `None`: it did.
    pub problem: Option<Problem>,
}

impl Store {
    /// Every pinned repository with how its last update went, in the order of pinning.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn trust_roads(&self) -> Result<Vec<Road>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT trust.anchor, location, accepted_at, tried_at, worked_at, class, detail
                 FROM trust LEFT JOIN trust_road ON trust_road.anchor = trust.anchor ORDER BY pinned",
            )?;
            let roads = query.query_map([], |row| {
                let time = |value: Option<i64>| value.map(unsigned);
                let class: Option<String> = row.get(5)?;
                let class = class.and_then(|name| Class::ALL.into_iter().find(|one| one.name() == name));
                let detail: Option<String> = row.get(6)?;
                Ok(Road {
                    anchor: row.get(0)?,
                    location: row.get(1)?,
                    accepted_at: unsigned(row.get(2)?),
                    tried_at: time(row.get(3)?),
                    worked_at: time(row.get(4)?),
                    problem: class.map(|class| Problem::new(class, detail.unwrap_or_default())),
                })
            })?;
            Ok(roads.collect::<Result<Vec<_>, _>>()?)
        })
    }

    /// Notes how a try went; `now` in seconds since 1970.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn note_road(
        &self,
        anchor: &str,
        now: u64,
        problem: Option<&Problem>,
    ) -> Result<(), StoreError> {
        let anchor = anchor.to_owned();
        let worked = problem.is_none().then(|| signed(now));
        let problem = problem.cloned();
        self.inner.writer.run(move |db| {
            db.prepare_cached(
                "INSERT INTO trust_road (anchor, tried_at, worked_at, class, detail) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (anchor) DO UPDATE SET tried_at = ?2, worked_at = ifnull(?3, worked_at), class = ?4, detail = ?5",
            )?
            .execute((
                &anchor,
                signed(now),
                worked,
                problem.as_ref().map(|problem| problem.class.name()),
                problem.as_ref().map(|problem| &problem.detail),
            ))?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::TrustSnapshot;

    #[test]
    fn the_last_try_and_the_last_success_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.trust_roads().unwrap(), []);
        let snapshot = TrustSnapshot {
            anchor: "a".into(),
            location: "https://pass.example/trust/".into(),
            accepted_at: 5,
            ..TrustSnapshot::default()
        };
        store.save_trust(&snapshot, None).unwrap();
        let road = || store.trust_roads().unwrap().pop().unwrap();
        assert_eq!(
            (road().tried_at, road().worked_at, road().problem),
            (None, None, None)
        );
        let problem = Problem::new(Class::Portal, "it sends pass.example to login.example");
        store.note_road("a", 10, None).unwrap();
        store.note_road("a", 20, Some(&problem)).unwrap();
        let failed = road();
        assert_eq!((failed.tried_at, failed.worked_at), (Some(20), Some(10)));
        assert_eq!(failed.problem, Some(problem));
        store.note_road("a", 30, None).unwrap();
        let works = road();
        assert_eq!(
            (works.tried_at, works.worked_at, works.problem),
            (Some(30), Some(30), None)
        );
        assert!(store.remove_trust("a").unwrap());
        assert_eq!(store.trust_roads().unwrap(), []);
        // Pinned anew: nothing is remembered of before.
        store.save_trust(&snapshot, None).unwrap();
        assert_eq!(road().tried_at, None);
    }
}
