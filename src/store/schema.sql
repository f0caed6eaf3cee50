-- The database of a kiosk at its first version; later ones add to it (the other files here). Times are seconds since 1970 unless a name says _ms. Days are civil days in Seoul,
-- counted from 1970-01-01. No visitor's name, no scanned text, no pass number in the clear.

-- The log. Rows are never changed; retention deletes them and leaves their leaf.
CREATE TABLE entry (
    seq      INTEGER PRIMARY KEY,   -- from 1, without gaps
    at_ms    INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    verdict  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    service  TEXT NOT NULL,
    kind     TEXT,                  -- live, printed, free (without a pass)
    issuer   TEXT,                  -- id
    pass     BLOB,                  -- pass number under the day's key: nonce (24) and XChaCha20-Poly1305
    pass_mac BLOB,                  -- to search by: HMAC-SHA256 under the day's key, 16 bytes
    salt     BLOB NOT NULL          -- of the leaf; without it the leaf tells nothing
) STRICT;
CREATE INDEX entry_by_day ON entry (day, seq);

-- What became of an entry.
CREATE TABLE outcome (
    id     INTEGER PRIMARY KEY,
    seq    INTEGER NOT NULL,        -- the entry
    at_ms  INTEGER NOT NULL,
    state  TEXT NOT NULL,           -- opened, door_failed, overstayed
    detail TEXT NOT NULL,
    salt   BLOB NOT NULL
) STRICT;
CREATE INDEX outcome_by_entry ON outcome (seq);

-- One salted hash for every row of the log, in the order of writing; kept for ever. A Merkle tree is built on it.
CREATE TABLE leaf (
    n    INTEGER PRIMARY KEY,       -- from 1, without gaps
    kind TEXT NOT NULL,             -- entry, outcome
    row  INTEGER NOT NULL,          -- entry.seq or outcome.id
    hash BLOB NOT NULL
) STRICT;

-- A key for every day, wrapped under the key of the folder. Without it a day's pass numbers are gone.
CREATE TABLE day_key (
    day     INTEGER PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT;

-- What was erased, and when.
CREATE TABLE erasure (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    before   INTEGER NOT NULL,      -- days before this one
    entries  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL       -- entries up to this one may be missing
) STRICT;

-- Presentations that were used.
CREATE TABLE replay (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX replay_by_age ON replay (at);

-- What is remembered of a pass. The key is an HMAC of what the issuer signed.
CREATE TABLE memory (
    pass           BLOB PRIMARY KEY,
    last_iat       INTEGER,
    last_admitted  INTEGER NOT NULL,
    day            INTEGER NOT NULL,
    admitted_today INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Passes that are blocked at this kiosk by hand.
CREATE TABLE blocked (
    pass_mac BLOB PRIMARY KEY,
    pass     BLOB NOT NULL,         -- under the folder's key
    who      TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Accepted TUF repositories, byte by byte.
CREATE TABLE trust (
    anchor      TEXT PRIMARY KEY,   -- SHA-256 of the first pinned root
    location    TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    pinned      INTEGER NOT NULL    -- order of pinning
) STRICT;
CREATE TABLE trust_file (
    anchor TEXT NOT NULL REFERENCES trust (anchor) ON DELETE CASCADE,
    kind   TEXT NOT NULL,           -- metadata, target
    name   TEXT NOT NULL,
    bytes  BLOB NOT NULL,
    PRIMARY KEY (anchor, kind, name)
) STRICT;

-- Who may use the staff pages.
CREATE TABLE staff (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,             -- helper, owner
    code TEXT NOT NULL,             -- argon2id
    at   INTEGER NOT NULL
) STRICT;

-- Who looked at the log, and what for; kept for a year.
CREATE TABLE access (
    id   INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    who  TEXT NOT NULL,
    what TEXT NOT NULL
) STRICT;

-- Single values: time_floor, wrong_codes, locked_until, wipe_due, probe.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
