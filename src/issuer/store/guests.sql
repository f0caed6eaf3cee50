-- Step: passes that are good for some visits only, and what the owner wants to remember by a pass.
ALTER TABLE pass ADD COLUMN visits INTEGER;                   -- NULL: without limit
ALTER TABLE pass ADD COLUMN note   TEXT NOT NULL DEFAULT '';  -- the owner's own words, no name; erased with the row
ALTER TABLE link ADD COLUMN visits INTEGER;                   -- as in pass
ALTER TABLE link ADD COLUMN note   TEXT NOT NULL DEFAULT '';  -- as in pass
CREATE INDEX pass_note ON pass (at DESC) WHERE note <> '';
