import EventLog
import Text

extension ListColumn {
  /// The header of the column.
  var label: String {
    switch self {
    case .data(let path): path.text.string
    case .member(let member):
      switch member {
      case .id: "ID"
      case .timestamp: "Timestamp"
      case .type: "Type"
      case .source: "Source"
      case .message: "Message"
      case .userID: "User"
      case .requestID: "Request"
      case .tags: "Tags"
      case .data: "Data"
      case .occurredAt: "Happened"
      case .recordedBy: "Recorded by"
      }
    }
  }
}
