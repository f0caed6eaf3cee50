-- How the last tries to update each repository went: for staff, and never needed for a decision.
CREATE TABLE trust_road (
    anchor    TEXT PRIMARY KEY,     -- as in trust; a row without one there counts for nothing
    tried_at  INTEGER NOT NULL,
    worked_at INTEGER,
    class     TEXT,                 -- of the problem; without one the last try worked
    detail    TEXT
) STRICT, WITHOUT ROWID;
-- What the server called the files that are in force (ETag, RFC 9110 section 8.8.3).
CREATE TABLE trust_tag (
    anchor TEXT NOT NULL REFERENCES trust (anchor) ON DELETE CASCADE,
    name   TEXT NOT NULL,
    tag    TEXT NOT NULL,
    PRIMARY KEY (anchor, name)
) STRICT, WITHOUT ROWID;
