import CCurl

/// Keeps what libcurl has received of a response until it is read.
final class HTTPReception {
  private(set) var body: [UInt8] = []
  private(set) var links: [String] = []

  func takeBody() -> [UInt8] {
    defer { body = [] }
    return body
  }

  static let receiveBody: ccurl_receiver = { bytes, size, count, context in
    let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
    of(context)?.body.append(contentsOf: part)
    return part.count
  }

  /// A line may begin another head, when the one before was only informational.
  static let receiveLine: ccurl_receiver = { bytes, size, count, context in
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    of(context)?.note(String(decoding: line, as: UTF8.self))
    return line.count
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> HTTPReception? {
    context.map { Unmanaged<HTTPReception>.fromOpaque($0).takeUnretainedValue() }
  }

  private func note(_ line: String) {
    let parts = line.split(separator: ":", maxSplits: 1)
    if parts.count == 2, parts[0].lowercased() == "link" {
      links.append(parts[1].drop { $0 == " " }.split(whereSeparator: \.isNewline).joined())
    }
  }

  /// Returns a media type in small letters, without its parameters.
  static func mediaType(_ field: String) -> String {
    field.prefix { $0 != ";" && $0 != " " }.lowercased()
  }
}
