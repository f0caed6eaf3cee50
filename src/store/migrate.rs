//! The schema and its steps: one file a step, counted in `user_version`.

use rusqlite::Connection;

use super::StoreError;

/// What each step does, from version 0.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("outbox.sql"),
    include_str!("room.sql"),
    include_str!("visits.sql"),
    include_str!("roads.sql"),
    include_str!("choice.sql"),
];

/// Brings a database to the newest version, step by step, each whole or not at all.
pub(super) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let newest = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    loop {
        let step = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let version: i64 = step.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version > newest {
            return Err(StoreError::Newer(version));
        }
        let Some(statements) = usize::try_from(version)
            .ok()
            .and_then(|version| STEPS.get(version))
        else {
            return Ok(());
        };
        step.execute_batch(statements)?;
        step.pragma_update(None, "user_version", version + 1)?;
        step.commit()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_the_first_version_keeps_what_it_holds() {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("schema.sql")).unwrap();
        db.execute_batch(
            "PRAGMA user_version = 1; INSERT INTO setting (name, value) VALUES ('time_floor', 7);
             INSERT INTO memory (pass, last_admitted, day, admitted_today) VALUES (x'01', 7, 0, 3);
             INSERT INTO blocked (pass_mac, pass, who, at) VALUES (x'01', x'02', 'owner', 3)",
        )
        .unwrap();
        for _ in 0..2 {
            migrate(&mut db).unwrap();
            let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(count("SELECT value FROM setting"), 7);
            assert_eq!(count("SELECT count(*) FROM outbox"), 0);
            assert_eq!(count("SELECT count(*) FROM room"), 0);
            assert_eq!(count("SELECT count(*) FROM trust_road"), 0);
            assert_eq!(count("SELECT count(*) FROM blocked WHERE why = ''"), 1);
            assert_eq!(count("SELECT count(*) FROM forbidden"), 0);
            assert_eq!(count("SELECT admitted FROM memory WHERE ends IS NULL"), 0);
            assert_eq!(count("PRAGMA user_version"), STEPS.len() as i64);
        }
        let newer = STEPS.len() as i64 + 1;
        db.pragma_update(None, "user_version", newer).unwrap();
        assert!(matches!(migrate(&mut db), Err(StoreError::Newer(version)) if version == newer));
    }
}
