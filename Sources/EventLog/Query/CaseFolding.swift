/// Default case folding of the Unicode Standard (section 3.13, D144: toCasefold, full), so that texts that
/// differ only in case become the same. `STRASSE` and `straße` do; `é` as one and as two code points do not.
public enum CaseFolding {
  /// - Returns: the folded text in UTF-8.
  public static func fold(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    var isASCII = true
    for index in bytes.indices {
      let byte = bytes[index]
      if byte >= 0x80 {
        isASCII = false
        break
      }
      if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") { bytes[index] = byte | 0x20 }
    }
    return isASCII ? bytes : foldScalars(text)
  }

  private static func foldScalars(_ text: String) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "A"..."Z": folded.append(UInt8(ascii: scalar) | 0x20)
      case "\0"..."\u{7F}": folded.append(UInt8(ascii: scalar))
      // The one letter whose folding the mappings below do not give: it folds to itself.
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
  /// The lower case of the upper case of the lower case. It tells the same letters apart as the table
  /// CaseFolding.txt of the Unicode Character Database, which the standard library does not offer.
  fileprivate var caseFolded: String {
    properties.lowercaseMapping.unicodeScalars.map(\.properties.uppercaseMapping).joined()
      .unicodeScalars.map(\.properties.lowercaseMapping).joined()
  }
}
