import EventLogFormats
import HTTPCore

/// The mark at the start of a CSV download by which Excel knows that the text is UTF-8. The parameter `bom` asks for it.
enum ByteOrderMark {
  static let parameterName = "bom"
  private static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Takes the parameter out of the others.
  ///
  /// - Parameter parameters: the parameters of a CSV download.
  /// - Returns: whether the mark is asked for.
  /// - Throws: a 422 when the parameter is given twice or its value is neither 1 nor 0.
  static func take(
    from parameters: inout [(name: String, value: String)]
  ) throws(ProblemDetails) -> Bool {
    func isOurs(_ parameter: (name: String, value: String)) -> Bool {
      parameter.name.utf8.elementsEqual(parameterName.utf8)
    }
    let values = parameters.filter { isOurs($0) && !$0.value.isEmpty }.map(\.value.utf8)
    parameters.removeAll(where: isOurs)
    guard let value = values.first else { return false }
    let isYes = value.elementsEqual("1".utf8)
    guard values.count == 1, isYes || value.elementsEqual("0".utf8) else {
      let detail = values.count == 1 ? "must be 1 or 0" : "is given twice"
      throw ProblemDetails(
        .invalidQuery, detail: "The query is not valid.",
        errors: [.init(.parameter(parameterName), detail: detail)])
    }
    return isYes
  }

  /// Returns a writer whose text begins with the mark.
  static func writer(_ writer: any EventWriter) -> any EventWriter {
    var writer = writer
    writer.text = bytes + writer.text
    return writer
  }
}
