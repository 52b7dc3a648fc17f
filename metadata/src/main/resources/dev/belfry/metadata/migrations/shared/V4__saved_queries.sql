CREATE TABLE saved_queries (
    id              TEXT    NOT NULL PRIMARY KEY,
    tenant          INTEGER NOT NULL DEFAULT 0,
    owner_id        TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    query           TEXT    NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('insight', 'search')),
    start_time      TEXT,
    end_time        TEXT,
    shared          BOOLEAN NOT NULL DEFAULT FALSE,
    -- Names, a line each.
    shown_columns   TEXT    NOT NULL,
    -- NULL: it is not run by itself.
    schedule_millis BIGINT,
    next_run_at     BIGINT,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    UNIQUE (tenant, owner_id, name)
);

CREATE INDEX saved_queries_due ON saved_queries (next_run_at);

CREATE TABLE saved_query_answers (
    query_id TEXT    NOT NULL REFERENCES saved_queries (id) ON DELETE CASCADE,
    at       BIGINT  NOT NULL,
    good     BOOLEAN NOT NULL,
    answer   TEXT    NOT NULL,
    PRIMARY KEY (query_id, at)
);
