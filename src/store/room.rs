//! The room for one visit at a time, kept for the next start of the program.

use rusqlite::{Connection, OptionalExtension};

use super::{Store, StoreError, signed, unsigned};
use crate::gate::room::State;

/// A room as it was last known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptRoom {
    /// How it was.
    pub state: State,
    /// Since when, milliseconds since 1970.
    pub since_ms: u64,
    /// The entry that let somebody in.
    pub seq: Option<u64>,
}

impl Store {
    /// The room as it was last known; `None` where there was none.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn room(&self) -> Result<Option<KeptRoom>, StoreError> {
        self.read(|db| {
            let row = db
                .prepare_cached("SELECT state, since_ms, seq FROM room")?
                .query_row([], |row| {
                    let state: String = row.get(0)?;
                    let seq: Option<i64> = row.get(2)?;
                    Ok((state, unsigned(row.get(1)?), seq.map(unsigned)))
                })
                .optional()?;
            Ok(row.map(|(name, since_ms, seq)| {
                let known = State::ALL.into_iter().find(|state| state.name() == name);
                KeptRoom {
                    state: known.unwrap_or(State::Unknown),
                    since_ms,
                    seq,
                }
            }))
        })
    }

    /// Keeps the room as it is now. Returns at once; rows are written in order.
    pub fn keep_room(&self, room: KeptRoom) {
        self.room_later(move |db| keep(db, room));
    }

    /// Records that somebody of the staff said that the room is free. Returns at once.
    pub fn room_cleared(&self, who: &str, now: u64) {
        let who = who.to_string();
        self.room_later(move |db| super::entries::note_access(db, &who, "room set free", now));
    }

    fn room_later(&self, job: impl FnOnce(&Connection) -> Result<(), StoreError> + Send + 'static) {
        let queued = self.inner.writer.later(move |db| {
            if let Err(error) = job(db) {
                tracing::error!(%error, "the room could not be written");
            }
        });
        if let Err(error) = queued {
            tracing::error!(%error, "the room could not be written");
        }
    }
}

/// Writes the one row.
pub(super) fn keep(db: &Connection, room: KeptRoom) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO room (one, state, since_ms, seq) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET state = ?1, since_ms = ?2, seq = ?3",
    )?
    .execute((
        room.state.name(),
        signed(room.since_ms),
        room.seq.map(signed),
    ))?;
    Ok(())
}
