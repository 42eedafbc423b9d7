/// Data that gzip has compressed, as a whole (RFC 1952).
public enum Gzip {
  /// Decompresses data, but keeps no more than a limit at any time. Several members in a row are one text.
  ///
  /// - Parameters:
  ///   - bytes: the compressed data.
  ///   - maximumSize: the largest size of the text in bytes.
  /// - Returns: the text; nil when it is larger.
  /// - Throws: `InvalidGzip`.
  public static func decompress(_ bytes: [UInt8], maximumSize: Int) throws(InvalidGzip) -> [UInt8]? {
    var rest = bytes
    let decoder = GzipDecoder {
      defer { rest = [] }
      return rest
    }
    var text: [UInt8] = []
    do {
      while case let part = try decoder.next(), !part.isEmpty {
        guard text.count + part.count <= maximumSize else { return nil }
        text += part
      }
    } catch let error as InvalidGzip {
      throw error
    } catch {
      preconditionFailure("only the data can be wrong")
    }
    return text
  }
}
