import Foundation
import Testing

@testable import EventLogSQLite

struct AtomicFileTests {
  private let folder: TemporaryFolder
  private let log: String
  private let destination: String

  init() throws {
    folder = try TemporaryFolder()
    log = folder.path()
    destination = folder.path("export")
    try Data("the log".utf8).write(to: URL(filePath: log))
    try Data("old".utf8).write(to: URL(filePath: destination))
  }

  @Test func takesItsNameWhenItIsWhole() throws {
    chmod(log, 0o640)
    let file = try AtomicFile(at: destination, of: log)
    try FileHandle(fileDescriptor: file.descriptor).write(contentsOf: Data("new".utf8))
    #expect(try text(destination) == "old")
    try file.commit()
    #expect(try text(destination) == "new")
    #expect(try names() == ["events.sqlite", "export"])
    var status = stat()
    #expect(stat(destination, &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test func leavesEverythingAsItWasWhereItIsNotCommitted() throws {
    do {
      let file = try AtomicFile(at: destination, of: log)
      try FileHandle(fileDescriptor: file.descriptor).write(contentsOf: Data("half".utf8))
      // Two exports at the same time have two temporary files.
      let other = try AtomicFile(at: destination, of: log)
      #expect(file.path != other.path)
      #expect(try names().count == 4)
    }
    #expect(try text(destination) == "old")
    #expect(try names() == ["events.sqlite", "export"])
  }

  @Test func replacesTheFileBehindASymbolicLink() throws {
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "export")
    try AtomicFile(at: link, of: log).commit()
    #expect(try text(destination) == "")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "export")
  }

  /// SQLite would later treat these files as its own.
  @Test(arguments: ["-journal", "-wal", "-shm"])
  func refusesTheNamesOfTheLogsFiles(_ suffix: String) throws {
    let link = folder.path("folder")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: ".")
    for path in [log + suffix, "\(link)/events.sqlite\(suffix)"] {
      #expect(throws: FileError.self) { _ = try AtomicFile(at: path, of: log) }
    }
  }

  @Test func refusesASymbolicLinkToNothing() throws {
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nothing")
    #expect(throws: FileError.self) { _ = try AtomicFile(at: link, of: log) }
  }

  @Test(arguments: ["", "-journal", "-wal", "-shm"])
  func refusesTheFilesOfTheLog(_ suffix: String) throws {
    try Data("the log".utf8).write(to: URL(filePath: log + suffix))
    let (hardLink, symbolicLink) = (folder.path("hard"), folder.path("symbolic"))
    try FileManager.default.linkItem(atPath: log + suffix, toPath: hardLink)
    try FileManager.default.createSymbolicLink(
      atPath: symbolicLink, withDestinationPath: "events.sqlite" + suffix)
    let logLink = folder.path("log")
    try FileManager.default.createSymbolicLink(atPath: logLink, withDestinationPath: "events.sqlite")
    for path in [log + suffix, hardLink, symbolicLink] {
      for log in [log, logLink] {
        let error = #expect(throws: FileError.self) { try AtomicFile(at: path, of: log).commit() }
        #expect(error?.description == "that is the log itself")
      }
    }
    #expect(try text(log + suffix) == "the log")
  }

  @Test(arguments: ["-journal", "-wal"])
  func refusesALogThatMayBeInUse(_ suffix: String) throws {
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "export")
    try Data().write(to: URL(filePath: destination + suffix))
    for path in [destination, link] {
      let error = #expect(throws: FileError.self) { try AtomicFile(at: path, of: log).commit() }
      #expect(error?.description.contains("may be in use") == true)
    }
    #expect(try text(destination) == "old")
  }

  @Test func refusesWhatIsNoFile() throws {
    for path in ["/dev/null", folder.path(".")] {
      let error = #expect(throws: FileError.self) { try AtomicFile(at: path, of: log).commit() }
      #expect(error?.description == "it is no regular file")
    }
    #expect(throws: FileError.self) { try AtomicFile(at: folder.path("nowhere/x"), of: log).commit() }
    #expect(try names() == ["events.sqlite", "export"])
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path("")).sorted()
  }
}
