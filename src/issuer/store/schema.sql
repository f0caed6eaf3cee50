-- Step 2: passes that wallets fetch by a link, renew by themselves, and the owner's pages.
ALTER TABLE pass ADD COLUMN holder TEXT;          -- public key of a live pass: ed25519: or p256: and digits
ALTER TABLE pass ADD COLUMN day INTEGER;          -- the Seoul day from which it may be used, while that is to come
ALTER TABLE pass ADD COLUMN reference BLOB;       -- the opaque payment reference of a store pass
ALTER TABLE pass ADD COLUMN days INTEGER;         -- it is renewed for so many days; NULL: never
ALTER TABLE pass ADD COLUMN attested TEXT NOT NULL DEFAULT 'own-eyes';  -- who checked the age and how
CREATE INDEX pass_at ON pass (at DESC, number);
CREATE TABLE link (
    code      BLOB PRIMARY KEY,                   -- SHA-256 of the code; the code itself is kept nowhere
    service   TEXT NOT NULL,
    day       INTEGER,                            -- as in pass
    reference BLOB,                               -- as in pass
    days      INTEGER,                            -- length of the pass, when it has no window
    nbf       INTEGER,                            -- a guest's pass: its window in seconds since 1970
    exp       INTEGER,
    attested  TEXT NOT NULL,
    made      INTEGER NOT NULL,
    until     INTEGER NOT NULL,                   -- the link is good before this second
    used      INTEGER,                            -- when it was
    number    TEXT                                -- the pass that it gave
) STRICT, WITHOUT ROWID;
CREATE INDEX link_until ON link (until);
CREATE TABLE notice (                             -- what the owner should know
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE TABLE session (
    token BLOB PRIMARY KEY,                       -- SHA-256 of the cookie
    csrf  TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
