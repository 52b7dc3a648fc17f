-- Times are epoch milliseconds (UTC), ids are UUIDs as text: the same on SQLite and PostgreSQL.

CREATE TABLE settings (
    tenant     INTEGER NOT NULL DEFAULT 0,
    name       TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    updated_at BIGINT  NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Every change to users or keys updates this row first, so that such changes follow one another.
INSERT INTO settings (tenant, name, value, updated_at) VALUES (0, 'identity.lock', '', 0);

CREATE TABLE users (
    id                   TEXT    NOT NULL PRIMARY KEY,
    tenant               INTEGER NOT NULL DEFAULT 0,
    username             TEXT    NOT NULL,
    username_folded      TEXT    NOT NULL,
    password_hash        TEXT    NOT NULL,
    role                 TEXT    NOT NULL CHECK (role IN ('user', 'moderator', 'admin')),
    disabled             BOOLEAN NOT NULL DEFAULT FALSE,
    must_change_password BOOLEAN NOT NULL DEFAULT FALSE,
    created_at           BIGINT  NOT NULL,
    updated_at           BIGINT  NOT NULL,
    last_login_at        BIGINT,
    UNIQUE (tenant, username_folded)
);

CREATE TABLE user_sources (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source  TEXT NOT NULL,
    PRIMARY KEY (user_id, source)
);

CREATE TABLE sessions (
    id           TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash   TEXT   NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    address      TEXT   NOT NULL,
    user_agent   TEXT
);

CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE api_keys (
    id           TEXT    NOT NULL PRIMARY KEY,
    tenant       INTEGER NOT NULL DEFAULT 0,
    owner_id     TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    token_hash   TEXT    NOT NULL UNIQUE,
    hint         TEXT    NOT NULL,
    permissions  TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    created_by   TEXT    NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    revoked_at   BIGINT
);

CREATE INDEX api_keys_owner ON api_keys (owner_id, created_at);

CREATE TABLE api_key_sources (
    key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    PRIMARY KEY (key_id, source)
);

CREATE TABLE audit (
    id         ${autoKey},
    tenant     INTEGER NOT NULL DEFAULT 0,
    at         BIGINT  NOT NULL,
    actor      TEXT    NOT NULL,
    actor_name TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    target     TEXT,
    address    TEXT    NOT NULL,
    request_id TEXT,
    details    TEXT    NOT NULL
);

CREATE INDEX audit_at ON audit (tenant, at);
CREATE INDEX audit_actor ON audit (tenant, actor, at);
CREATE INDEX audit_action ON audit (tenant, action, at);
