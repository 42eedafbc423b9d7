import Foundation
import Linux
import SystemPackage
import TestSupport
import Testing

struct AtomicFileTests {
  private let folder: TemporaryFolder
  private let destination: String

  init() throws {
    folder = try TemporaryFolder()
    destination = folder.path("export")
    try Data("old".utf8).write(to: URL(filePath: destination))
  }

  @Test func takesItsNameWhenItIsWhole() throws {
    let file = try AtomicFile(at: destination, permissions: [.ownerReadWrite, .groupReadWrite, .otherWrite])
    try file.descriptor.write(all: Array("new".utf8))
    #expect(try text(destination) == "old")
    try file.commit()
    #expect(try text(destination) == "new")
    #expect(try folder.names == ["export"])
    #expect(try Stat(FilePath(destination)).permissions.rawValue == 0o662)
  }

  @Test func leavesEverythingAsItWasWhereItIsNotCommitted() throws {
    do {
      let file = try AtomicFile(at: destination, permissions: .ownerReadWrite)
      try file.descriptor.write(all: Array("half".utf8))
      // Two values that exist at the same time have two files.
      let other = try AtomicFile(at: destination, permissions: .ownerReadWrite)
      #expect(file.path != other.path)
      #expect(try folder.names.count == 3)
    }
    #expect(try text(destination) == "old")
    #expect(try folder.names == ["export"])
  }

  @Test func replacesTheFileBehindASymbolicLink() throws {
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "export")
    try AtomicFile(at: link, permissions: .ownerReadWrite).commit()
    #expect(try text(destination) == "")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "export")
  }

  @Test func refusesASymbolicLinkToNothing() throws {
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nothing")
    let error = #expect(throws: AtomicFile.Failure.self) {
      try AtomicFile(at: link, permissions: .ownerReadWrite).commit()
    }
    #expect(error?.description == "it is a symbolic link whose target does not exist")
  }

  @Test func refusesWhatIsNoFile() throws {
    for path in ["/dev/null", folder.path(".")] {
      let error = #expect(throws: AtomicFile.Failure.self) {
        try AtomicFile(at: path, permissions: .ownerReadWrite).commit()
      }
      #expect(error?.description == "it is not a regular file")
    }
    let error = #expect(throws: AtomicFile.Failure.self) {
      try AtomicFile(at: folder.path("nowhere/x"), permissions: .ownerReadWrite).commit()
    }
    #expect(error?.description == "No such file or directory")
    #expect(try folder.names == ["export"])
  }

  @Test func findsTheFolderOfANameWithoutOne() {
    let folder = FilePath(FileManager.default.currentDirectoryPath)
    #expect(FilePath("no-such-file").resolvingLinks == folder.resolvingLinks.appending("no-such-file"))
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }
}
