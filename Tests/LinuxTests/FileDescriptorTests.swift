import Glibc
import Linux
import SystemPackage
import Testing

struct FileDescriptorTests {
  @Test func keepsWhatIsWrittenInAFileWithoutAName() throws {
    for file in [try FileDescriptor.memoryFile(named: "test"), try .temporaryFile()] {
      defer { try? file.close() }
      let bytes = [UInt8](repeating: 65, count: 100_000)
      try file.write(all: bytes)
      try file.seek(offset: 0, from: .start)
      var buffer = [UInt8](repeating: 0, count: 200_000)
      #expect(try file.read(into: &buffer) == bytes.count)
      #expect(buffer.prefix(bytes.count) == bytes[...])
      #expect(try Stat(file).linkCount == 0)
    }
  }

  @Test func saysWhichCallFailedAndWhy() {
    // A number that was closed may be another test's by now.
    let file = FileDescriptor(rawValue: -1)
    var buffer: [UInt8] = [0]
    let read = #expect(throws: SystemCallError.self) { try file.read(into: &buffer) }
    #expect(read?.errno == .badFileDescriptor)
    #expect(read?.description == "read: Bad file descriptor")
    let peek = #expect(throws: SystemCallError.self) { try file.peek(into: &buffer) }
    #expect(peek?.description == "recv: Bad file descriptor")
  }

  @Test func neitherWaitsForBytesNorForRoom() throws {
    var pair: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    let (here, there) = (FileDescriptor(rawValue: pair[0]), FileDescriptor(rawValue: pair[1]))
    defer {
      try? here.close()
      try? there.close()
    }
    var buffer = [UInt8](repeating: 0, count: 10)
    let early = #expect(throws: SystemCallError.self) { try here.peek(into: &buffer) }
    #expect(early?.errno == .wouldBlock)

    #expect(try there.send(Array("hello".utf8), 1..<5) == 4)
    for _ in 1...2 { #expect(try here.peek(into: &buffer) == 4) }
    #expect(buffer.prefix(4) == Array("ello".utf8)[...])

    let full = #expect(throws: SystemCallError.self) {
      while true { _ = try there.send([UInt8](repeating: 0, count: 65_536), 0..<65_536) }
    }
    #expect(full?.errno == .wouldBlock)
  }
}
