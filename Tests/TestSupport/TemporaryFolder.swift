import Foundation

/// A temporary folder for the files of one test. It is removed with the value.
public final class TemporaryFolder: Sendable {
  private let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "eventlog-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  public func path(_ name: String = "events.sqlite") -> String {
    url.appending(path: name).path
  }

  /// The names of the files in the folder, sorted.
  public var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
