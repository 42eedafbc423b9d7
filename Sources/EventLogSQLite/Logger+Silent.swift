public import Logging

extension Logger {
  /// A logger that logs nothing.
  public static let silent = Logger(label: "silent", factory: { _ in SwiftLogNoOpLogHandler() })
}
