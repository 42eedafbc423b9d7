import Foundation
import Linux
import SystemPackage
import TestSupport
import Testing

/// Paths that name streams and not files.
struct StreamTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: ["/dev/fd/", "/proc/self/fd/", "link to "])
  func followsWhatIsInAnOpenFile(_ names: String) throws {
    let path = folder.path("file")
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    defer { try? file.close() }
    try file.write(all: Array("first,".utf8))
    var name = "\(names)\(file.rawValue)"
    if !name.hasPrefix("/") {
      let link = folder.path(name)
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: "/proc/self/fd/\(file.rawValue)")
      name = link
    }
    let stream = try #require(try FileDescriptor.stream(at: FilePath(name)))
    try stream.write(all: Array("second".utf8))
    try stream.close()
    #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == "first,second")
  }

  @Test func isADevice() throws {
    let stream = try #require(try FileDescriptor.stream(at: "/dev/full"))
    defer { try? stream.close() }
    let error = #expect(throws: SystemCallError.self) { try stream.write(all: [1]) }
    #expect(error?.errno == .noSpace)
  }

  @Test func isNeitherAFileNorAFolderNorNothing() throws {
    let file = folder.path("file")
    try Data().write(to: URL(filePath: file))
    for path in [file, folder.path("."), folder.path("nothing")] {
      #expect(try FileDescriptor.stream(at: FilePath(path)) == nil)
    }
  }
}
