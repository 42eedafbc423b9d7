import EventLogFormats
import HTTPCore

extension EventFormat {
  var mediaType: MediaType {
    switch self {
    case .json: .json
    case .ndjson: MediaType(type: "application", subtype: "x-ndjson")
    case .csv: MediaType(type: "text", subtype: "csv", charset: "utf-8")
    }
  }

  /// The value of `Content-Type`.
  var contentType: String {
    switch self {
    case .json, .ndjson: mediaType.description
    // RFC 4180 section 3 says whether there is a header row.
    case .csv: "\(mediaType); header=present"
    }
  }
}
