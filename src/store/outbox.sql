-- Version 2: entries of a store that its till has not been told of yet. A row goes when it has.
CREATE TABLE outbox (
    way       TEXT NOT NULL,        -- url, socket: a queue each
    n         INTEGER NOT NULL,     -- the place in it: without gaps, the first one goes first
    id        TEXT NOT NULL,        -- the same however often it is told
    seq       INTEGER NOT NULL,     -- the entry
    at_ms     INTEGER NOT NULL,
    reference BLOB NOT NULL,        -- payment reference under the folder's key
    PRIMARY KEY (way, n)
) STRICT, WITHOUT ROWID;
