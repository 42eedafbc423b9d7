import Foundation
import Linux
import SystemPackage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FolderWatchTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func isReadable(_ watch: FolderWatch) -> Bool {
    FileDescriptor.standardError.wait(untilReadable: watch.descriptor, for: .milliseconds(200)) == .readable
  }

  @Test func tellsOfTheFilesThatMatter() throws {
    let watch = try FolderWatch([folder.path(".")])
    #expect(!isReadable(watch))
    for (name, isOne) in [("other", false), ("one", true), ("one-wal", false)] {
      try Data("x".utf8).write(to: URL(filePath: folder.path(name)))
      #expect(isReadable(watch))
      #expect(watch.takeChanges(of: ["one"]) == isOne)
      #expect(!isReadable(watch))
    }
    // Who reads a file and closes it is noticed, too.
    try FileDescriptor.open(folder.path("one"), .readOnly).close()
    #expect(isReadable(watch) && watch.takeChanges(of: ["one"]))
    try FileManager.default.removeItem(atPath: folder.path("one"))
    #expect(isReadable(watch) && watch.takeChanges(of: ["one"]))
  }

  @Test func watchesSeveralFolders() throws {
    let paths = Set(["a", "b"].map(folder.path))
    for path in paths {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    let watch = try FolderWatch(paths)
    for path in paths {
      try Data().write(to: URL(filePath: "\(path)/file"))
      #expect(isReadable(watch) && watch.takeChanges(of: ["file"]))
      try FileManager.default.removeItem(atPath: path)
      #expect(isReadable(watch) && watch.takeChanges(of: []))
    }
    #expect(throws: SystemCallError.self) { try FolderWatch(paths) }
  }

  @Test func waitsOnBehalfOfWhoReads() throws {
    let (reader, writer) = try FileDescriptor.pipe()
    let (input, source) = try FileDescriptor.pipe()
    defer { for end in [writer, input, source] { try? end.close() } }
    #expect(writer.wait(untilReadable: input, for: .milliseconds(20)) == .timedOut)
    #expect(writer.wait(untilReadable: nil, for: .zero) == .timedOut)
    try source.write(all: [1])
    #expect(writer.wait(untilReadable: input) == .readable)
    try reader.close()
    #expect(writer.wait(untilReadable: input) == .outputClosed)
    #expect(writer.wait(untilReadable: nil, for: .seconds(60)) == .outputClosed)
  }
}
