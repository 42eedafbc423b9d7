/// The reason why gzip data cannot be decompressed, as part of a sentence.
public enum InvalidGzip: Error, CustomStringConvertible {
  case isCut
  case hasMoreAfterItsEnd
  case isDamaged

  public var description: String {
    switch self {
    case .isCut: "its gzip data has no end; it may be truncated"
    case .hasMoreAfterItsEnd: "there are other bytes after the end of its gzip data"
    case .isDamaged: "its gzip data is damaged"
    }
  }
}
