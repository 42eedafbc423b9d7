extension MetaVariables {
  /// The id that the web server gave the request (`X-Request-Id`); nil when it gave none, or one that may not be written
  /// to a log unchanged.
  var requestID: String? {
    guard let value = self["HTTP_X_REQUEST_ID"], value.count <= 200, value.allSatisfy(Self.isAllowed) else {
      return nil
    }
    return String(decoding: value, as: UTF8.self)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "A"..."Z", "a"..."z", "0"..."9", "-", "_", ".": true
    default: false
    }
  }
}
