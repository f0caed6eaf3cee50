-- What is remembered of passes that are good for some visits only. Those before this step had no limit.
ALTER TABLE memory ADD COLUMN admitted INTEGER NOT NULL DEFAULT 0;  -- admissions, ever
ALTER TABLE memory ADD COLUMN ends INTEGER;                         -- exp of a pass with a limit: not forgotten before
