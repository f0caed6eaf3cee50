-- Version 3: the room for one visit at a time, as it was last known. One row.
CREATE TABLE room (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    state    TEXT NOT NULL,         -- free, entering, occupied, overstayed, unknown
    since_ms INTEGER NOT NULL,      -- since when somebody is in it, or when the state was seen
    seq      INTEGER                -- the entry that let them in
) STRICT;
