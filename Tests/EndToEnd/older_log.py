"""Logs as earlier versions of the program made them."""

import sqlite3
from pathlib import Path

# What each version of the schema added.
MIGRATIONS = [
    """
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp INTEGER NOT NULL, -- milliseconds since 1970-01-01T00:00:00Z
  type TEXT NOT NULL,
  source TEXT NOT NULL,
  message TEXT NOT NULL,
  user_id TEXT,
  request_id TEXT,
  tags TEXT, -- a JSON array of strings
  data TEXT -- a JSON object
) STRICT;
CREATE INDEX event_by_type ON event (type); -- the id comes last in every index by itself
    """,
    """
ALTER TABLE event ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0; -- among the events of its type, from 1
UPDATE event SET ordinal = numbered.ordinal
  FROM (SELECT id, row_number() OVER (PARTITION BY type ORDER BY id) AS ordinal FROM event) AS numbered
  WHERE numbered.id = event.id;
CREATE INDEX event_by_source ON event (source, type);
CREATE INDEX event_by_user ON event (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX event_by_request ON event (request_id) WHERE request_id IS NOT NULL;
CREATE TABLE event_tag (
  tag TEXT NOT NULL,
  event_id INTEGER NOT NULL,
  PRIMARY KEY (tag, event_id)
) STRICT, WITHOUT ROWID;
INSERT INTO event_tag (tag, event_id) SELECT value, event.id FROM event, json_each(event.tags);
CREATE TABLE clock_step (first_id INTEGER PRIMARY KEY) STRICT; -- its timestamp is below the one before it
INSERT INTO clock_step (first_id) SELECT id
  FROM (SELECT id, timestamp < lag(timestamp) OVER (ORDER BY id) AS is_step FROM event) WHERE is_step;
CREATE VIRTUAL TABLE event_text USING fts5(
  text, content = '', detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
CREATE TABLE text_index (last_id INTEGER NOT NULL) STRICT; -- the newest event in event_text
INSERT INTO text_index (last_id) VALUES (0);
    """,
    """
CREATE TABLE log_state (
  log_id INTEGER NOT NULL, -- random; a copy gets a different one
  removals INTEGER NOT NULL -- how many times events have been removed
) STRICT;
INSERT INTO log_state (log_id, removals) VALUES (random(), 0);
    """,
    """
CREATE TABLE unfinished_import (
  input TEXT PRIMARY KEY, -- a digest of all events of the input
  keeping INTEGER NOT NULL, -- what the events keep: nothing (0), timestamps (1), or ids as well (2)
  count INTEGER NOT NULL, -- how many of the events have been dealt with
  digest TEXT NOT NULL -- of these events
) STRICT, WITHOUT ROWID;
    """,
    """
CREATE TABLE segment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  count INTEGER NOT NULL,
  earliest INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  blocks INTEGER NOT NULL,
  directory BLOB NOT NULL,
  columns BLOB NOT NULL
) STRICT;
CREATE TABLE segment_block (id INTEGER PRIMARY KEY, block BLOB NOT NULL) STRICT;
CREATE TABLE index_state (generation INTEGER NOT NULL) STRICT;
INSERT INTO index_state (generation) VALUES (0);
    """,
    """
ALTER TABLE event ADD COLUMN occurred_at INTEGER;
ALTER TABLE segment ADD COLUMN first_occurrence INTEGER;
ALTER TABLE segment ADD COLUMN last_occurrence INTEGER;
CREATE TABLE idempotency_key (
  id INTEGER PRIMARY KEY, -- in the order of recording
  key TEXT NOT NULL UNIQUE,
  content BLOB NOT NULL, -- the SHA-256 of what was sent
  first_id INTEGER NOT NULL, -- the events that were recorded
  last_id INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL -- milliseconds since 1970-01-01T00:00:00Z
) STRICT;
    """,
    """
ALTER TABLE event ADD COLUMN recorded_by TEXT;
CREATE TABLE access_key (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  roles TEXT NOT NULL,
  source TEXT,
  created INTEGER NOT NULL,
  last_used INTEGER,
  ends INTEGER,
  digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE access_session (
  digest BLOB PRIMARY KEY,
  key_id TEXT NOT NULL,
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  is_remembered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE access_state (version INTEGER NOT NULL) STRICT;
INSERT INTO access_state (version) VALUES (0);
CREATE TABLE wrong_key (count INTEGER NOT NULL, recorded_at INTEGER NOT NULL) STRICT;
    """,
]

EVENTS = """
INSERT INTO event (timestamp, type, source, message, user_id, request_id, tags, data)
  WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})
  SELECT 1000 + n, CASE n % 3 WHEN 0 THEN 'error' ELSE 'info' END, 'source ' || (n % 7), 'number ' || n,
    'u-' || (n % 11), 'r-' || n, '["a","b"]', '{{"n":' || n || '}}' FROM number;
"""

# Version 2 and later index their texts a thousand events at a time.
TEXTS = """
INSERT INTO event_text (rowid, text) SELECT id, source || char(10) || message FROM event;
UPDATE text_index SET last_id = (SELECT max(id) FROM event);
"""


def create(path: Path, version: int, count: int) -> None:
    """Makes a log with events, whose ids start at 1."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(MIGRATIONS[0])
    database.executescript(EVENTS.format(count=count))
    for migration in MIGRATIONS[1:version]:
        database.executescript(migration)
    if version > 1:
        database.executescript(TEXTS)
    database.execute("PRAGMA application_id = 0x65766C67")
    database.execute(f"PRAGMA user_version = {version}")
    database.commit()
    database.close()
