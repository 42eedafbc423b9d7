import EventLog
import GRDB

/// The index for `q`, which tells which events contain which three adjacent characters (SQLite's FTS5 with its trigram
/// tokenizer). The program folds case itself, so that the index and `SearchTerms` agree on every letter.
///
/// Events are indexed some time after they were recorded (`TextIndexer`). Those that are not indexed yet are read one by
/// one, so a search misses nothing. The index tells where to look; `SearchTerms.match` decides.
enum TextIndex {
  /// Returns the id of the newest event that is indexed; 0 when none is.
  static func lastID(_ database: Database) throws -> Int64 {
    try database.cachedStatement(sql: "SELECT last_id FROM text_index").firstInteger() ?? 0
  }

  /// Returns the FTS5 expression that finds at least the matching events.
  ///
  /// - Returns: the expression; nil when every term is too short for the index.
  static func expression(for terms: SearchTerms, _ database: Database) throws -> String? {
    var seen: Set<String> = []
    let trigrams = terms.folded.flatMap(trigrams).filter { seen.insert($0).inserted }
    if trigrams.isEmpty { return nil }
    let wanted = trigrams.count <= 3 ? trigrams : try rarest(of: trigrams, database)
    return wanted.map(quoted).joined(separator: " AND ")
  }

  /// Returns the rarest trigrams: the list of a frequent one takes long to walk and rules out little.
  private static func rarest(of trigrams: [String], _ database: Database) throws -> [String] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT count(*), min(id) FROM
          (SELECT rowid AS id FROM event_text WHERE event_text MATCH ? ORDER BY rowid DESC LIMIT \(sampleSize))
        """)
    let lastID = try lastID(database)
    let frequencies = try sample(trigrams).map { trigram in
      guard let row = try Row.fetchOne(statement, arguments: [quoted(trigram)]), row[0] > 0 else {
        return (trigram: trigram, frequency: 0.0)
      }
      // A sample that is not full holds all hits; the hits of a full one are spread over the newest part of the log.
      let span = row[0] < sampleSize ? lastID : lastID - row[1] + 1
      return (trigram: trigram, frequency: Double(row[0] as Int64) / Double(max(span, 1)))
    }.sorted { $0.frequency < $1.frequency }
    let limit = (frequencies.first?.frequency ?? 0) * 20
    return frequencies.prefix(8).filter { $0.frequency <= limit }.map(\.trigram)
  }

  private static let sampleSize: Int64 = 20

  /// Returns at most 24 of the trigrams, evenly spread.
  private static func sample(_ trigrams: [String]) -> [String] {
    let count = min(trigrams.count, 24)
    return (0..<count).map { trigrams[$0 * trigrams.count / count] }
  }

  private static func trigrams(of term: [UInt8]) -> [String] {
    let scalars = Array(String(decoding: term, as: UTF8.self).unicodeScalars)
    guard scalars.count >= 3 else { return [] }
    return (0...scalars.count - 3).map { start in
      var trigram = String.UnicodeScalarView()
      trigram.append(contentsOf: scalars[start..<start + 3])
      return String(trigram)
    }
  }

  private static func quoted(_ trigram: String) -> String {
    var quoted = "\""
    for scalar in trigram.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
