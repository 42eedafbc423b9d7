import Foundation
import GRDB
import Hummingbird

enum EventType: String, Codable, DatabaseValueConvertible {
  case userAction = "user_action"
  case system, error, info
}

/// The event that a client sends.
struct EventDraft: Decodable {
  let type: EventType
  let source: String
  let message: String
  let userID: String?
  let requestID: String?
  let tags: [String]?

  enum CodingKeys: String, CodingKey {
    case type, source, message, tags
    case userID = "user_id"
    case requestID = "request_id"
  }
}

struct Event: ResponseEncodable {
  let id: String
  let timestamp: String
  let type: EventType
  let source: String
  let message: String
  let userID: String?
  let requestID: String?
  let tags: [String]?

  enum CodingKeys: String, CodingKey {
    case id, timestamp, type, source, message, tags
    case userID = "user_id"
    case requestID = "request_id"
  }

  init(id: Int64, timestamp: Int64, draft: EventDraft) {
    self.id = Self.text(ofID: id)
    self.timestamp = Self.text(ofTimestamp: timestamp)
    type = draft.type
    source = draft.source
    message = draft.message
    userID = draft.userID
    requestID = draft.requestID
    tags = draft.tags
  }

  static func text(ofID id: Int64) -> String {
    let digits = String(id)
    return "evt_" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }

  /// - Parameter timestamp: a moment in milliseconds since 1970.
  /// - Returns: the moment in RFC 3339 format with three decimals.
  static func text(ofTimestamp timestamp: Int64) -> String {
    Date(timeIntervalSince1970: Double(timestamp) / 1000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}

extension Event: FetchableRecord {
  init(row: Row) throws {
    id = Self.text(ofID: row["id"])
    timestamp = Self.text(ofTimestamp: row["timestamp"])
    type = row["type"]
    source = row["source"]
    message = row["message"]
    userID = row["user_id"]
    requestID = row["request_id"]
    let text: String? = row["tags"]
    tags = try text.map { try JSONDecoder().decode([String].self, from: Data($0.utf8)) }
  }
}
