-- Several keys, and several status lists.
CREATE TABLE key (                                -- of passes and lists
    public       BLOB PRIMARY KEY,                -- Ed25519, 32 bytes
    first        INTEGER NOT NULL,                -- first and last Seoul day on which it signs
    last         INTEGER NOT NULL,
    verify_until INTEGER NOT NULL,                -- from this second on none of its passes is accepted
    standby      INTEGER NOT NULL DEFAULT 0,      -- 1: doors know it, and it does not sign yet
    distrusted   INTEGER                          -- since when nothing that it signed counts
) STRICT, WITHOUT ROWID;
CREATE TABLE list (
    n       INTEGER PRIMARY KEY,                  -- has the passes with idx from n * entries on
    uri     TEXT NOT NULL UNIQUE,
    changed INTEGER NOT NULL DEFAULT 1,           -- a status changed since it was signed
    iat     INTEGER NOT NULL DEFAULT 0,
    signer  BLOB,                                 -- the key that signed it, as in key
    token   BLOB                                  -- as it was published last
) STRICT;
INSERT INTO list (n, uri, iat)
    SELECT 0, value, ifnull((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'list_iat'), 0)
    FROM setting WHERE name = 'uri';
CREATE INDEX pass_state ON pass (idx, state) WHERE state <> 0;
CREATE TRIGGER pass_changed AFTER UPDATE OF state ON pass WHEN old.state <> new.state BEGIN
    UPDATE list SET changed = 1
    WHERE n = new.idx / (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'entries');
END;
