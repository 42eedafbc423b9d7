import Glibc
import Linux
import SystemPackage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct BackgroundLineWriterTests {
  @Test func writesEveryLineInOrder() throws {
    let (reader, output) = try FileDescriptor.pipe()
    let writer = BackgroundLineWriter(to: output) { "\($0) dropped" }
    let lines = (0..<500).map { "line \($0)\n" }
    for line in lines { writer.write(line) }
    writer.flush(within: patience)
    #expect(try read(reader) == lines.joined())
    #expect(writer.droppedCount == 0)
    try output.close()
    try reader.close()
  }

  @Test func dropsAndCountsLinesWhileNobodyReads() async throws {
    let (reader, output) = try FileDescriptor.pipe()
    let writer = BackgroundLineWriter(to: output) { "\($0) dropped" }
    let line = String(repeating: "x", count: 999) + "\n"
    // A pipe holds 64 KiB. A write that blocked would end at the time limit.
    let count = 5000
    for _ in 0..<count { writer.write(line) }
    let dropped = writer.droppedCount
    #expect((1..<count).contains(dropped))
    writer.flush(within: .milliseconds(10))

    // Once somebody reads, everything else arrives, and the number of those that did not.
    var text = ""
    #expect(
      try await eventually {
        text += (try? read(reader)) ?? ""
        return text.hasSuffix("dropped\n")
      })
    #expect(text == String(repeating: line, count: count - dropped) + "\(dropped) dropped\n")
    writer.write("next\n")
    writer.flush(within: patience)
    #expect(try read(reader) == "next\n")
    #expect(writer.droppedCount == dropped)
    try output.close()
    try reader.close()
  }

  @Test func waitsForADescriptorThatDoesNotBlock() throws {
    let (reader, output) = try FileDescriptor.pipe()
    #expect(fcntl(output.rawValue, F_SETFL, O_NONBLOCK) == 0)
    let writer = BackgroundLineWriter(to: output) { "\($0) dropped" }
    let line = String(repeating: "x", count: 99_999) + "\n"
    writer.write(line)
    var text = ""
    while text.utf8.count < line.utf8.count { text += try read(reader) }
    #expect(text == line)
    try output.close()
    try reader.close()
  }

  @Test func countsLinesThatCannotBeWritten() throws {
    let output = try FileDescriptor.open("/dev/full", .writeOnly)
    let writer = BackgroundLineWriter(to: output) { "\($0) dropped" }
    writer.write("a\n")
    writer.flush(within: patience)
    writer.write("b\n")
    writer.flush(within: patience)
    #expect(writer.droppedCount == 2)
    try output.close()
  }

  /// - Returns: what has been written; it waits until something has.
  private func read(_ reader: FileDescriptor) throws -> String {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = try reader.read(into: &bytes)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
