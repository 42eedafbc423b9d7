import Linux
import SystemPackage
import Testing

/// Tests that another program's output is read.
struct ChildProcessTests {
  @Test(arguments: [
    (["printf", "%s", "a b"], "a b", 0), (["sh", "-c", "echo x; exit 3"], "x\n", 3), (["cat"], "", 0),
  ])
  func hasOutputAndAStatus(_ command: [String], output: String, status: Int32) throws {
    let process = try ChildProcess(command)
    var bytes = [UInt8](repeating: 0, count: 100)
    var text: [UInt8] = []
    while case let count = try process.output.read(into: &bytes), count > 0 { text += bytes.prefix(count) }
    #expect(String(decoding: text, as: UTF8.self) == output)
    #expect(process.wait() == status)
  }

  @Test func hasNoStatusWhenASignalEndedIt() throws {
    #expect(try ChildProcess(["sh", "-c", "kill -TERM $$"]).wait() == nil)
  }

  @Test func failsWhenThereIsNoSuchProgram() {
    let error = #expect(throws: SystemCallError.self) { try ChildProcess(["/nowhere/program"]) }
    #expect(error?.errno == .noSuchFileOrDirectory)
  }
}
