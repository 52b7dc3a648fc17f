-- Rates a second; NULL: the configuration's default.
ALTER TABLE users ADD COLUMN events_per_second BIGINT;
ALTER TABLE users ADD COLUMN bytes_per_second BIGINT;
ALTER TABLE users ADD COLUMN queries_per_second BIGINT;

-- Who vouches for a user that logs in elsewhere, and by which name it knows them; NULL: their password.
ALTER TABLE users ADD COLUMN issuer TEXT;
ALTER TABLE users ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX users_subject ON users (tenant, issuer, subject);

ALTER TABLE api_keys ADD COLUMN events_per_second BIGINT;
ALTER TABLE api_keys ADD COLUMN bytes_per_second BIGINT;
ALTER TABLE api_keys ADD COLUMN queries_per_second BIGINT;

-- The log group of what a key writes without naming one.
ALTER TABLE api_keys ADD COLUMN log_group TEXT;
