import EventLogSQLite
import Foundation
import Linux
import TestSupport
import Testing

/// Files that take what is in a log.
struct AtomicFileOfLogTests {
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

  @Test func isReadByItsOwnerOnly() throws {
    for permissions in [0o640, 0o600, 0o777] as [mode_t] {
      chmod(log, permissions)
      chmod(destination, permissions)
      try AtomicFile(at: destination, of: log).commit()
      var status = stat()
      #expect(stat(destination, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
    #expect(try folder.names == ["events.sqlite", "export"])
  }

  /// SQLite would later treat these files as its own.
  @Test(arguments: ["-journal", "-wal", "-shm"])
  func refusesTheNamesOfTheLogsFiles(_ suffix: String) throws {
    let link = folder.path("folder")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: ".")
    for path in [log + suffix, "\(link)/events.sqlite\(suffix)"] {
      let error = #expect(throws: OutputFailure.self) { try AtomicFile(at: path, of: log).commit() }
      #expect(error?.description == "that is the log itself")
    }
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
        let error = #expect(throws: OutputFailure.self) { try AtomicFile(at: path, of: log).commit() }
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
      let error = #expect(throws: OutputFailure.self) { try AtomicFile(at: path, of: log).commit() }
      #expect(
        error?.description
          == "\(destination)\(suffix) exists and belongs to a log that may be in use")
    }
    #expect(try text(destination) == "old")
  }

  @Test func refusesWhatNoAtomicFileReplaces() throws {
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nothing")
    for (path, reason) in [
      ("/dev/null", "it is not a regular file"), (link, "it is a symbolic link whose target does not exist"),
      (folder.path("nowhere/x"), "No such file or directory"),
    ] {
      let error = #expect(throws: OutputFailure.self) { try AtomicFile(at: path, of: log).commit() }
      #expect(error?.description == reason)
    }
    #expect(try folder.names == ["events.sqlite", "export", "link"])
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }
}
