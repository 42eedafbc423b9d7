import EventLogFormats
import HTTPCore
import Text

/// The mark at the start of a CSV download by which Excel knows that the text is UTF-8. The parameter `bom` asks for it.
enum ByteOrderMark {
  static let parameterName: Text = "bom"
  private static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Takes the parameter out of the others.
  ///
  /// - Parameter parameters: the parameters of a CSV download.
  /// - Returns: whether the mark is asked for.
  /// - Throws: a 422 when the parameter is given twice or its value is neither 1 nor 0.
  static func take(
    from parameters: inout [(name: Text, value: Text)]
  ) throws(ProblemDetails) -> Bool {
    let values = parameters.filter { $0.name == parameterName && !$0.value.isEmpty }.map(\.value)
    parameters.removeAll { $0.name == parameterName }
    guard let value = values.first else { return false }
    guard values.count == 1, value == "1" || value == "0" else {
      let detail = values.count == 1 ? "must be 1 or 0" : "is given twice"
      throw ProblemDetails(
        .invalidQuery, detail: "The query is not valid.",
        errors: [.init(.parameter(parameterName.string), detail: detail)])
    }
    return value == "1"
  }

  /// Returns a writer whose text begins with the mark.
  static func writer(_ writer: any EventWriter) -> any EventWriter {
    var writer = writer
    writer.text = bytes + writer.text
    return writer
  }
}
