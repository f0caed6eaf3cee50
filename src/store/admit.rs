//! Recording a decision: replay admission and entry row in one transaction.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
        mpsc::{RecvTimeoutError, sync_channel},
    },
    time::Duration,
};

use ciborium::Value;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{
    KeptRoom, NewEntry, Outcome, Recorded, Store, StoreError, Vacancy, entries::day_key, keys,
    keys::Key, leaf, outbox, room, signed, unsigned,
};
use crate::{
    gate::{
        Admission, Policy, age,
        replay::{self, Memory},
        room::State,
    },
    pass::{Kind, Reason},
};

/// The caller waits.
const PENDING: u8 = 0;
/// The writer is past the point of no return.
const COMMITTING: u8 = 1;
/// The caller has gone: the visitor was told `log_failed`.
const ABANDONED: u8 = 2;
/// How much longer a caller waits for a commit that is under way.
const LAST_WAIT: Duration = Duration::from_secs(2);
/// Why the door of a granted entry stayed shut.
const TOO_LATE: &str = "the disk took too long";
/// Replay ids are kept for this long; an older presentation fails the window and the last `iat` anyway.
const REPLAY_SECONDS: i64 = 2 * 86_400;
/// What is remembered of a pass that was not seen for this long goes: its credential has expired.
const MEMORY_SECONDS: i64 = 400 * 86_400;

impl Store {
    /// Records a decision: replay admission and entry row in one transaction, on disk when it returns.
    ///
    /// Caller and writer agree by a compare-and-swap when the caller's patience ends: where the writer has not begun to
    /// commit, it records `log_failed` and admits nothing. Where it has, nobody can stop it: the admission counts, the
    /// door stays shut, and an outcome row says why.
    ///
    /// # Errors
    /// When the row is not on disk: the door must stay shut.
    pub fn record(
        &self,
        entry: NewEntry,
        policy: &Policy,
        patience: Duration,
    ) -> Result<Recorded, StoreError> {
        let recorded = self.try_record(entry, policy, patience);
        self.inner
            .unwritten
            .store(recorded.is_err(), Ordering::Relaxed);
        recorded
    }

    fn try_record(
        &self,
        entry: NewEntry,
        policy: &Policy,
        patience: Duration,
    ) -> Result<Recorded, StoreError> {
        let at_ms = entry.at_ms;
        let state = Arc::new(AtomicU8::new(PENDING));
        let (reply, answer) = sync_channel(1);
        let (policy, writers, keys) = (policy.clone(), state.clone(), self.inner.keys.clone());
        self.inner.writer.later(move |db| {
            let recorded = write(db, &keys, &entry, &policy, &writers);
            if let Err(error) = &recorded {
                tracing::error!(%error, "an entry could not be written");
            }
            let _ = reply.send(recorded);
        })?;
        let late = || StoreError::Late(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX));
        match answer.recv_timeout(patience) {
            Ok(recorded) => recorded,
            Err(RecvTimeoutError::Disconnected) => {
                Err(StoreError::Database("the writer is gone".into()))
            }
            Err(RecvTimeoutError::Timeout) => {
                let gone =
                    state.compare_exchange(PENDING, ABANDONED, Ordering::SeqCst, Ordering::SeqCst);
                if gone.is_err()
                    && let Ok(Ok(recorded)) = answer.recv_timeout(LAST_WAIT)
                    && recorded.reason == Reason::Granted
                {
                    // It is on disk, but the visitor's time is over: the door stays shut, and the record says so.
                    self.outcome(recorded.seq, Outcome::Failed(TOO_LATE.into()), at_ms);
                }
                Err(late())
            }
        }
    }

    /// Remembers a presentation of a phone that stays in view as used, without an entry.
    pub fn remember(&self, admission: Admission) {
        let keys = self.inner.keys.clone();
        let queued = self.inner.writer.later(move |db| {
            let written = (|| {
                let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let known = used(&step, &admission)?;
                if !known {
                    use_up(&step, &admission)?;
                    step.prepare_cached(
                        "UPDATE memory SET last_iat = max(ifnull(last_iat, ?2), ?2) WHERE pass = ?1 AND ?2 NOTNULL",
                    )?
                    .execute((keys.pass(&admission.pass), telling_iat(&admission)))?;
                }
                step.commit()?;
                Ok::<_, StoreError>(())
            })();
            if let Err(error) = written {
                tracing::error!(%error, "a presentation could not be remembered");
            }
        });
        if let Err(error) = queued {
            tracing::error!(%error, "a presentation could not be remembered");
        }
    }

    /// Records what became of an entry. Returns at once; rows are written in order.
    pub fn outcome(&self, seq: u64, outcome: Outcome, at_ms: u64) {
        let queued = self.inner.writer.later(move |db| {
            let (state, detail) = match outcome {
                Outcome::Opened => ("opened", String::new()),
                Outcome::Failed(detail) => ("door_failed", detail),
                Outcome::Overstayed => ("overstayed", String::new()),
            };
            if let Err(error) = write_outcome(db, seq, at_ms, state, &detail) {
                tracing::error!(%error, seq, "what became of an entry could not be written");
            }
        });
        if let Err(error) = queued {
            tracing::error!(%error, seq, "what became of an entry could not be written");
        }
    }
}

fn write(
    db: &mut Connection,
    keys: &Key,
    entry: &NewEntry,
    policy: &Policy,
    state: &AtomicU8,
) -> Result<Recorded, StoreError> {
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut reason = entry.reason;
    if let (Reason::Granted, Some(admission)) = (entry.reason, &entry.admission) {
        reason = replay::admit(admission, &memory(&step, keys, admission)?, policy);
    }
    if reason == Reason::Granted && entry.room == Some(Vacancy::Taken) {
        reason = Reason::Occupied;
    }
    if let (Reason::Granted, Some(admission)) = (reason, &entry.admission) {
        remember(&step, keys, admission)?;
    }
    let seq = insert(&step, keys, entry, reason)?;
    if reason == Reason::Granted && entry.room.is_some() {
        let awaited = KeptRoom {
            state: State::Entering,
            since_ms: entry.at_ms,
            seq: Some(seq),
        };
        room::keep(&step, awaited)?;
    }
    if let (Reason::Granted, Some(notice)) = (reason, &entry.notice) {
        outbox::queue(&step, keys, seq, entry.at_ms, notice)?;
    }
    if state
        .compare_exchange(PENDING, COMMITTING, Ordering::SeqCst, Ordering::SeqCst)
        .is_ok()
    {
        step.commit()?;
        return Ok(Recorded { seq, reason });
    }
    // The visitor was sent away: what is recorded is that, and nothing was admitted.
    step.rollback()?;
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let reason = if entry.reason == Reason::Granted {
        Reason::LogFailed
    } else {
        entry.reason
    };
    let seq = insert(&step, keys, entry, reason)?;
    step.commit()?;
    Ok(Recorded { seq, reason })
}

/// What is remembered of the pass.
fn memory(db: &Connection, keys: &Key, admission: &Admission) -> Result<Memory, StoreError> {
    let today = age::seoul_day(admission.now);
    let row = db
        .prepare_cached(
            "SELECT last_iat, last_admitted, day, admitted_today, admitted FROM memory WHERE pass = ?1",
        )?
        .query_row([keys.pass(&admission.pass)], |row| {
            Ok(Memory {
                seen: false,
                last_iat: row.get::<_, Option<i64>>(0)?.map(unsigned),
                last_admitted: Some(unsigned(row.get(1)?)),
                admitted_today: if row.get::<_, i64>(2)? == today {
                    row.get(3)?
                } else {
                    0
                },
                admitted: unsigned(row.get(4)?),
                blocked: false,
            })
        })
        .optional()?;
    Ok(Memory {
        seen: used(db, admission)?,
        blocked: super::blocked::is_blocked(db, keys, &admission.pass.number)?,
        ..row.unwrap_or_default()
    })
}

fn used(db: &Connection, admission: &Admission) -> Result<bool, StoreError> {
    let Some(id) = admission.replay_id else {
        return Ok(false);
    };
    Ok(db
        .prepare_cached("SELECT 1 FROM replay WHERE id = ?1")?
        .exists([id])?)
}

fn use_up(db: &Connection, admission: &Admission) -> Result<(), StoreError> {
    if let Some(id) = admission.replay_id {
        db.prepare_cached("INSERT INTO replay (id, at) VALUES (?1, ?2)")?
            .execute((id, signed(admission.now)))?;
    }
    Ok(())
}

/// The `iat` of a phone whose clock was found right. One with a wrong clock that answered the kiosk's nonce must not shut
/// out its own next visit.
fn telling_iat(admission: &Admission) -> Option<i64> {
    let tells = !admission.by_challenge && admission.kind == Kind::Live;
    admission.iat.filter(|_| tells).map(signed)
}

/// Writes an admission into the memory.
fn remember(db: &Connection, keys: &Key, admission: &Admission) -> Result<(), StoreError> {
    use_up(db, admission)?;
    let now = signed(admission.now);
    db.prepare_cached("DELETE FROM replay WHERE at < ?1")?
        .execute([now - REPLAY_SECONDS])?;
    let iat = telling_iat(admission);
    db.prepare_cached(
        "INSERT INTO memory (pass, last_iat, last_admitted, day, admitted_today, admitted, ends) VALUES (?1, ?2, ?3, ?4, 1, 1, ?5)
         ON CONFLICT (pass) DO UPDATE SET
             last_iat = max(ifnull(last_iat, excluded.last_iat), ifnull(excluded.last_iat, last_iat)),
             last_admitted = excluded.last_admitted,
             admitted_today = CASE day WHEN excluded.day THEN admitted_today + 1 ELSE 1 END,
             day = excluded.day,
             admitted = admitted + 1,
             ends = excluded.ends",
    )?
    .execute((
        keys.pass(&admission.pass),
        iat,
        now,
        age::seoul_day(admission.now),
        admission.limit.map(|limit| signed(limit.exp)),
    ))?;
    Ok(())
}

/// Forgets passes that were not seen for long, but not the visits of one that has not ended long ago.
pub(super) fn forget(db: &Connection, now: u64) -> Result<(), StoreError> {
    db.execute(
        "DELETE FROM memory WHERE last_admitted < ?1 AND ifnull(ends, 0) < ?1",
        [signed(now) - MEMORY_SECONDS],
    )?;
    db.execute(
        "DELETE FROM replay WHERE at < ?1",
        [signed(now) - REPLAY_SECONDS],
    )?;
    Ok(())
}

/// Writes the row and its leaf.
fn insert(
    db: &Connection,
    keys: &Key,
    entry: &NewEntry,
    reason: Reason,
) -> Result<u64, StoreError> {
    let day = age::seoul_day(entry.at_ms / 1000);
    let (pass, mac) = match &entry.pass {
        Some(number) => {
            let key = day_key(db, keys, day, true)?
                .ok_or_else(|| StoreError::Database("no day key".into()))?;
            (
                Some(key.seal(number.as_bytes(), "pass")?),
                Some(key.mac("number", &[number.as_bytes()])),
            )
        }
        None => (None, None),
    };
    let salt = keys::random::<16>()?;
    // The erased rows had numbers too: they are never given again.
    let seq: i64 = db
        .prepare_cached(
            "SELECT max(ifnull((SELECT max(seq) FROM entry), 0), ifnull((SELECT max(last_seq) FROM erasure), 0)) + 1",
        )?
        .query_row([], |row| row.get(0))?;
    let row = EntryRow {
        seq,
        at_ms: signed(entry.at_ms),
        day,
        verdict: reason.verdict().name().into(),
        reason: reason.code().into(),
        service: entry.service.name().into(),
        kind: entry.kind.map(|kind| kind.name().into()),
        issuer: entry.issuer.clone(),
        pass,
        mac: mac.map(|mac| mac.to_vec()),
    };
    db.prepare_cached(
        "INSERT INTO entry (seq, at_ms, day, verdict, reason, service, kind, issuer, pass, pass_mac, salt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(rusqlite::params![
        row.seq, row.at_ms, row.day, row.verdict, row.reason, row.service, row.kind, row.issuer, row.pass, row.mac, salt
    ])?;
    add_leaf(db, "entry", seq, &row.leaf(&salt))?;
    Ok(unsigned(seq))
}

fn write_outcome(
    db: &mut Connection,
    seq: u64,
    at_ms: u64,
    state: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let salt = keys::random::<16>()?;
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    step.prepare_cached(
        "INSERT INTO outcome (seq, at_ms, state, detail, salt) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((signed(seq), signed(at_ms), state, detail, salt))?;
    let id = step.last_insert_rowid();
    let hash = outcome_leaf(&salt, id, signed(seq), signed(at_ms), state, detail);
    add_leaf(&step, "outcome", id, &hash)?;
    step.commit()?;
    Ok(())
}

fn add_leaf(db: &Connection, kind: &str, row: i64, hash: &[u8; 32]) -> Result<(), StoreError> {
    db.prepare_cached("INSERT INTO leaf (kind, row, hash) VALUES (?1, ?2, ?3)")?
        .execute((kind, row, hash))?;
    Ok(())
}

/// The columns of a row as they lie on disk.
pub(super) struct EntryRow {
    pub(super) seq: i64,
    pub(super) at_ms: i64,
    pub(super) day: i64,
    pub(super) verdict: String,
    pub(super) reason: String,
    pub(super) service: String,
    pub(super) kind: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) pass: Option<Vec<u8>>,
    pub(super) mac: Option<Vec<u8>>,
}

impl EntryRow {
    /// Its leaf.
    pub(super) fn leaf(&self, salt: &[u8]) -> [u8; 32] {
        leaf::hash(
            "entry",
            salt,
            vec![
                self.seq.into(),
                self.at_ms.into(),
                self.day.into(),
                self.verdict.as_str().into(),
                self.reason.as_str().into(),
                self.service.as_str().into(),
                leaf::optional(self.kind.as_deref()),
                leaf::optional(self.issuer.as_deref()),
                leaf::optional(self.pass.clone().map(Value::Bytes)),
                leaf::optional(self.mac.clone().map(Value::Bytes)),
            ],
        )
    }
}

/// The leaf of an outcome.
pub(super) fn outcome_leaf(
    salt: &[u8],
    id: i64,
    seq: i64,
    at_ms: i64,
    state: &str,
    detail: &str,
) -> [u8; 32] {
    leaf::hash(
        "outcome",
        salt,
        vec![
            id.into(),
            seq.into(),
            at_ms.into(),
            state.into(),
            detail.into(),
        ],
    )
}
