import Glibc
import SystemPackage

/// A progress bar for a long command. It writes to standard error if that is a terminal, and nothing otherwise.
final class ProgressBar {
  private let what: String
  private let total: Int
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shownPercent = -1

  /// Makes a progress bar without showing it.
  ///
  /// - Parameters:
  ///   - what: the activity, such as "Importing".
  ///   - total: the amount of work, in any unit.
  init(_ what: String, total: Int) {
    self.what = what
    self.total = max(total, 1)
  }

  /// Shows the progress.
  ///
  /// - Parameter done: the amount of work that is done, in the unit of the total.
  func show(_ done: Int) {
    let percent = min(100, done * 100 / total)
    guard isTerminal, percent != shownPercent else { return }
    shownPercent = percent
    let bar = String(repeating: "#", count: percent / 4) + String(repeating: ".", count: 25 - percent / 4)
    write("\r\(what) [\(bar)] \(percent) %")
  }

  /// Clears the line of the progress bar.
  func end() {
    if isTerminal { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}
