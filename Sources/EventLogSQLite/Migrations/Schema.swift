import EventLog
import GRDB

/// The tables, and the migrations that create them.
enum Schema {
  /// Marks the file as an event log: "evlg" (`PRAGMA application_id`).
  private static let applicationID: Int32 = 0x6576_6C67

  /// The version of the schema (`PRAGMA user_version`). Versions 1 to 4 had other indexes, which are removed after a log
  /// was brought up to date (`ObsoleteIndexes`), and a column `ordinal`, which stays where it is, since to drop it would
  /// rewrite the table. Versions 5 and 6 had none, or not all, of the columns in `addedColumns`, and version 7 had no views.
  private static let version = 8

  /// The table of events. AUTOINCREMENT guarantees that an id is never
  /// assigned twice, even if the newest event is deleted.
  private static let events = """
    CREATE TABLE IF NOT EXISTS event (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      timestamp INTEGER NOT NULL, -- milliseconds since 1970-01-01T00:00:00Z
      type TEXT NOT NULL,
      source TEXT NOT NULL,
      message TEXT NOT NULL,
      user_id TEXT,
      request_id TEXT,
      tags TEXT, -- a JSON array of strings
      data TEXT, -- a JSON object
      occurred_at INTEGER, -- when it happened, in milliseconds; NULL when the client did not say
      recorded_by TEXT -- the name of the key or the user; NULL where nobody was asked
    ) STRICT;
    """

  /// What tells one state of a log from another, and from those of another log.
  private static let state = """
    CREATE TABLE IF NOT EXISTS log_state (
      log_id INTEGER NOT NULL, -- random; a copy gets a different one
      removals INTEGER NOT NULL -- how many times events have been removed
    ) STRICT;
    INSERT INTO log_state (log_id, removals) SELECT random(), 0 WHERE NOT EXISTS (SELECT 1 FROM log_state);
    """

  /// What lets an import that was interrupted go on where it stopped.
  private static let imports = """
    CREATE TABLE IF NOT EXISTS unfinished_import (
      input TEXT PRIMARY KEY, -- a digest of all events of the input
      keeping INTEGER NOT NULL, -- what the events keep: nothing (0), timestamps (1), or ids as well (2)
      count INTEGER NOT NULL, -- how many of the events have been dealt with
      digest TEXT NOT NULL -- of these events
    ) STRICT, WITHOUT ROWID;
    """

  /// The index, which is derived from the events. The room `EventIndex` says what the bytes mean.
  private static let index = """
    CREATE TABLE IF NOT EXISTS segment (
      id INTEGER PRIMARY KEY AUTOINCREMENT, -- what was once damaged is never taken for another one
      first_id INTEGER NOT NULL,
      last_id INTEGER NOT NULL,
      count INTEGER NOT NULL,
      earliest INTEGER NOT NULL, -- milliseconds since 1970-01-01T00:00:00Z
      latest INTEGER NOT NULL,
      blocks INTEGER NOT NULL,
      directory BLOB NOT NULL,
      columns BLOB NOT NULL,
      first_occurrence INTEGER, -- when its events happened, unless that is when they were recorded
      last_occurrence INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS segment_block (
      id INTEGER PRIMARY KEY, -- 65,536 times the segment's id, plus the number of the block
      block BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS index_state (generation INTEGER NOT NULL) STRICT; -- changes with the segments
    INSERT INTO index_state (generation) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM index_state);
    """

  /// Which requests have been answered (`IdempotencyKey`).
  private static let keys = """
    CREATE TABLE IF NOT EXISTS idempotency_key (
      id INTEGER PRIMARY KEY, -- in the order of recording
      key TEXT NOT NULL UNIQUE,
      content BLOB NOT NULL, -- the SHA-256 of what was sent
      first_id INTEGER NOT NULL, -- the events that were recorded
      last_id INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL -- milliseconds since 1970-01-01T00:00:00Z
    ) STRICT;
    """

  /// Who may (`AccessStore`).
  private static let access = """
    CREATE TABLE IF NOT EXISTS access_key (
      id TEXT PRIMARY KEY, -- the public part of the key
      name TEXT NOT NULL UNIQUE,
      roles TEXT NOT NULL, -- names with spaces between them
      source TEXT, -- the only source that the key is for; NULL for all
      created INTEGER NOT NULL, -- milliseconds since 1970-01-01T00:00:00Z
      last_used INTEGER,
      ends INTEGER,
      digest BLOB NOT NULL -- the SHA-256 of the whole key
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS access_session (
      digest BLOB PRIMARY KEY, -- the SHA-256 of the session's id
      key_id TEXT NOT NULL,
      created INTEGER NOT NULL,
      last_used INTEGER NOT NULL,
      is_remembered INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS access_state (version INTEGER NOT NULL) STRICT; -- changes with the keys and sessions
    CREATE TABLE IF NOT EXISTS wrong_key (
      count INTEGER NOT NULL, -- of those that no event tells of yet
      recorded_at INTEGER NOT NULL -- when an event was recorded last
    ) STRICT;
    INSERT INTO access_state (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM access_state);
    """

  /// What people search for again and again (`ViewStore`).
  private static let views = """
    CREATE TABLE IF NOT EXISTS saved_view (
      owner TEXT NOT NULL, -- key:NAME or user:NAME; empty where nobody was asked
      name TEXT NOT NULL,
      query TEXT NOT NULL, -- what was typed
      columns TEXT, -- names with commas between them; NULL for the usual ones
      PRIMARY KEY (owner, name)
    ) STRICT, WITHOUT ROWID;
    """

  /// The columns that tables of earlier versions lack.
  private static let addedColumns = [
    (table: "event", column: "occurred_at", type: "INTEGER"), ("segment", "first_occurrence", "INTEGER"),
    ("segment", "last_occurrence", "INTEGER"), ("event", "recorded_by", "TEXT"),
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
    guard version < Self.version else { return }
    throw EventStoreError(
      .unavailable,
      cause: version == 0
        ? "it has no events yet, and no tables for any"
        : """
        its schema has version \(version), and reading it takes version \(Self.version); `eventlog serve` or \
        `eventlog append` brings it up to date
        """)
  }

  /// Returns whether the file is new: it has no tables yet.
  static func isEmpty(_ database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)") ?? true
  }

  /// Makes the tables that are missing, all or none. Of several processes that start together, only one does so. It takes
  /// a moment, whatever the size of the log, since the index is filled afterwards (`Sealer`).
  static func migrate(_ database: Database) throws {
    if try isCurrent(database) { return }
    try database.inTransaction(.immediate) {
      if try isCurrent(database) { return .commit }
      for tables in [events, state, imports, index, keys, access, views] { try database.execute(sql: tables) }
      for (table, column, type) in addedColumns
      where try !database.columns(in: table).contains(where: { $0.name == column }) {
        try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN \(column) \(type)")
      }
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      try database.execute(sql: "PRAGMA user_version = \(version)")
      return .commit
    }
  }

  /// Returns whether the database has the newest schema.
  static func isCurrent(_ database: Database) throws -> Bool {
    try version(database) == version
  }

  private static func version(_ database: Database) throws -> Int {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version <= Self.version else {
      throw EventStoreError(
        .unavailable,
        cause: """
          its schema has version \(version), but this program only knows versions up to \(Self.version): \
          it was written by a newer version of eventlog
          """)
    }
    return version
  }
}
