import Linux
import SystemPackage

extension BackgroundLineWriter {
  /// Writes log lines to standard error.
  static var log: BackgroundLineWriter {
    BackgroundLineWriter(to: .standardError) { dropped in
      "eventlog: \(dropped) log line\(dropped == 1 ? "" : "s") dropped, because standard error took none"
    }
  }
}
