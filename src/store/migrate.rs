//! The schema and its steps: one function a step, counted in `user_version`.

use rusqlite::{Connection, Transaction};

use super::StoreError;

/// What each step does, from version 0.
const STEPS: [fn(&Transaction<'_>) -> rusqlite::Result<()>; 1] = [to_1];

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
