//! The schema and its steps: one function a step, counted in `user_version`.

use rusqlite::{Connection, Transaction};

use super::StoreError;

/// What each step does, from version 0.
const STEPS: [fn(&Transaction<'_>) -> rusqlite::Result<()>; 3] = [to_1, to_2, to_3];

/// Brings a database to the newest version, step by step, each whole or not at all.
pub(super) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let newest = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    loop {
        let step = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let version: i64 = step.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version > newest {
            return Err(StoreError::Newer(version));
        }
        let Some(to_next) = usize::try_from(version)
            .ok()
            .and_then(|version| STEPS.get(version))
        else {
            return Ok(());
        };
        to_next(&step)?;
        step.pragma_update(None, "user_version", version + 1)?;
        step.commit()?;
    }
}

fn to_1(step: &Transaction<'_>) -> rusqlite::Result<()> {
    step.execute_batch(include_str!("schema.sql"))
}

fn to_2(step: &Transaction<'_>) -> rusqlite::Result<()> {
    step.execute_batch(include_str!("outbox.sql"))
}

fn to_3(step: &Transaction<'_>) -> rusqlite::Result<()> {
    step.execute_batch(include_str!("choice.sql"))
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
             INSERT INTO blocked (pass_mac, pass, who, at) VALUES (x'01', x'02', 'owner', 3)",
        )
        .unwrap();
        for _ in 0..2 {
            migrate(&mut db).unwrap();
            let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(count("SELECT value FROM setting"), 7);
            assert_eq!(count("SELECT count(*) FROM outbox"), 0);
            assert_eq!(count("SELECT count(*) FROM blocked WHERE why = ''"), 1);
            assert_eq!(count("SELECT count(*) FROM forbidden"), 0);
            assert_eq!(count("PRAGMA user_version"), 3);
        }
        db.pragma_update(None, "user_version", 4).unwrap();
        assert!(matches!(migrate(&mut db), Err(StoreError::Newer(4))));
    }
}
