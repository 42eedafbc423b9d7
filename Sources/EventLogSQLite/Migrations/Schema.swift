import EventLog
import GRDB

/// The tables, and the migrations that create them.
enum Schema {
  /// Marks the file as an event log: "evlg" (`PRAGMA application_id`).
  private static let applicationID: Int32 = 0x6576_6C67

  /// The migrations. Each takes the schema from the version that equals its index to the next (`PRAGMA user_version`).
  /// Never change one that has been released; add another.
  private static let migrations: [String] = [
    // AUTOINCREMENT guarantees that an id is never assigned twice, even if the newest event is deleted.
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
    // The query language needs these. The text index is filled afterwards, one batch at a time.
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
    // This tells one state of a log from another, and from those of another log.
    """
    CREATE TABLE log_state (
      log_id INTEGER NOT NULL, -- random; a copy gets a different one
      removals INTEGER NOT NULL -- how many times events have been removed
    ) STRICT;
    INSERT INTO log_state (log_id, removals) VALUES (random(), 0);
    """,
    // This lets an import that was interrupted go on where it stopped.
    """
    CREATE TABLE unfinished_import (
      input TEXT PRIMARY KEY, -- a digest of all events of the input
      keeping INTEGER NOT NULL, -- what the events keep: nothing (0), timestamps (1), or ids as well (2)
      count INTEGER NOT NULL, -- how many of the events have been dealt with
      digest TEXT NOT NULL -- of these events
    ) STRICT, WITHOUT ROWID;
    """,
  ]

  /// - Throws: `EventStoreError` when the file belongs to another program or was written by a newer version of this
  ///   one, or any error from SQLite.
  static func refuseForeign(_ database: Database) throws {
    // The order matters: another process may be creating the tables, which it does together with the mark.
    let isEmpty = try isEmpty(database)
    let applicationID = try Int32.fetchOne(database, sql: "PRAGMA application_id")
    guard isEmpty || applicationID == Self.applicationID else {
      throw EventStoreError(.unavailable, cause: "it is an SQLite file, but not an event log")
    }
    _ = try version(database)
  }

  /// - Throws: `EventStoreError` when a migration is missing, or any error from SQLite.
  static func refuseOlder(_ database: Database) throws {
    let version = try version(database)
    guard version < migrations.count else { return }
    throw EventStoreError(
      .unavailable,
      cause: version == 0
        ? "it has no events yet, and no tables for any"
        : """
        its schema has version \(version), and reading it takes version \(migrations.count); `eventlog serve` or \
        `eventlog append` brings it up to date
        """)
  }

  /// Returns whether the file is new: it has no tables yet.
  static func isEmpty(_ database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)") ?? true
  }

  /// Applies the migrations that are missing, all or none. Of several processes that start together, only one does so.
  static func migrate(_ database: Database) throws {
    if try isCurrent(database) { return }
    try database.inTransaction(.immediate) {
      for migration in migrations[try version(database)...] { try database.execute(sql: migration) }
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
      return .commit
    }
  }

  /// Returns whether the database has the newest schema.
  static func isCurrent(_ database: Database) throws -> Bool {
    try version(database) == migrations.count
  }

  private static func version(_ database: Database) throws -> Int {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version <= migrations.count else {
      throw EventStoreError(
        .unavailable,
        cause: """
          its schema has version \(version), but this program only knows versions up to \(migrations.count): \
          it was written by a newer version of eventlog
          """)
    }
    return version
  }
}
