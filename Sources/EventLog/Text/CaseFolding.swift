/// The default case folding of the Unicode Standard (section 3.13, D144: toCasefold, full). It makes texts equal that
/// differ only in case: `STRASSE` and `straße` become equal, but `é` as one code point and as two do not.
public enum CaseFolding {
  /// Folds the case of a text.
  ///
  /// - Parameter text: the text.
  /// - Returns: the folded text in UTF-8.
  public static func fold(_ text: String) -> [UInt8] {
    let (folded, isASCII) = foldASCII(text.utf8Span.span)
    return isASCII ? folded : foldScalars(text)
  }

  /// Folds the case of a text that is stored in UTF-8.
  ///
  /// - Parameter text: the text.
  /// - Returns: the folded text in UTF-8.
  /// - Throws: an error when the text is not UTF-8.
  public static func fold(_ text: Span<UInt8>) throws(UTF8.ValidationError) -> [UInt8] {
    let (folded, isASCII) = foldASCII(text)
    return isASCII ? folded : foldScalars(String(copying: try UTF8Span(validating: text)))
  }

  /// Folds the case of the ASCII letters of a text. The loop has no branches, so the compiler makes it handle many bytes
  /// at a time.
  ///
  /// - Returns: the bytes, and whether all of them are ASCII.
  private static func foldASCII(_ text: Span<UInt8>) -> (folded: [UInt8], isASCII: Bool) {
    var combined: UInt8 = 0
    let folded = [UInt8](unsafeUninitializedCapacity: text.count) { folded, count in
      text.withUnsafeBufferPointer { text in
        for index in text.indices {
          let byte = text[index]
          combined |= byte
          folded[index] = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
        }
      }
      count = text.count
    }
    return (folded, combined < 0x80)
  }

  private static func foldScalars(_ text: String) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "A"..."Z": folded.append(UInt8(ascii: scalar) | 0x20)
      case "\0"..."\u{7F}": folded.append(UInt8(ascii: scalar))
      // This is the only letter that the mappings below fold wrongly; it folds to itself.
      case "\u{131}": folded.append(contentsOf: "\u{131}".utf8)
      default:
        let properties = scalar.properties
        if properties.changesWhenCaseMapped {
          folded.append(contentsOf: scalar.caseFolded.utf8)
        } else {
          folded.append(contentsOf: String(scalar).utf8)
        }
      }
    }
    return folded
  }
}

extension Unicode.Scalar {
  /// The lowercase of the uppercase of the lowercase. It distinguishes the same letters as the table
  /// CaseFolding.txt of the Unicode Character Database, which the standard library does not provide.
  fileprivate var caseFolded: String {
    properties.lowercaseMapping.unicodeScalars.map(\.properties.uppercaseMapping).joined()
      .unicodeScalars.map(\.properties.lowercaseMapping).joined()
  }
}
