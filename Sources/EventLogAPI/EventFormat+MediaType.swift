import EventLogFormats
import HTTPCore
import Text

extension EventFormat {
  var mediaType: MediaType {
    switch self {
    case .json: .json
    case .ndjson: .ndjson
    case .csv: .csv
    }
  }

  /// The value of `Content-Type`.
  var contentType: String {
    switch self {
    case .json, .ndjson: mediaType.description
    // The parameter says that the text has a header row (RFC 4180 section 3).
    case .csv: "\(mediaType); header=present"
    }
  }
}

extension MediaType {
  fileprivate static let ndjson = MediaType(type: "application", subtype: "x-ndjson")
  fileprivate static let csv = MediaType(type: "text", subtype: "csv", charset: "utf-8")
}
