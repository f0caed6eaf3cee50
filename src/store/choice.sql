-- What staff choose at this kiosk. Times are seconds since 1970.

-- Why a pass is blocked: lost, misuse, other, or what was given at the command line.
ALTER TABLE blocked ADD COLUMN why TEXT NOT NULL DEFAULT '';

-- Services for which the owner does not let an issuer's passes open this door, whatever issuers.json says.
CREATE TABLE forbidden (
    issuer  TEXT NOT NULL,          -- id
    service TEXT NOT NULL,
    who     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (issuer, service)
) STRICT, WITHOUT ROWID;
