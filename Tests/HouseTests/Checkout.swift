import Foundation
import Testing

/// The files of this checkout.
enum Checkout {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// The folders of `Sources`, which are the rooms.
  static func rooms() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path).sorted()
  }

  /// The paths of the Swift files in a folder, from the root on.
  static func swiftFiles(in folder: String) throws -> [String] {
    let names = try #require(FileManager.default.enumerator(atPath: root.appending(path: folder).path))
    let files = names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
    try #require(!files.isEmpty || folder.hasPrefix("Sources/C"), "\(folder) has no Swift files")
    return files.map { "\(folder)/\($0)" }
  }

  /// The modules that a Swift file imports.
  static func imports(of file: String) throws -> [String] {
    try text(file).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").drop { $0.hasPrefix("@") || $0 == "public" }
      return words.first == "import" ? words.last.map(String.init) : nil
    }
  }
}
