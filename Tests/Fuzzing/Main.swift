/// `fuzz TARGET [libFuzzer's arguments]`; see `Tests/Fuzzing/run`.
@main
enum Main {
  /// What libFuzzer calls with each input.
  private typealias Test = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

  /// libFuzzer as a library, without a `main` of its own.
  @_silgen_name("LLVMFuzzerRunDriver")
  private static func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, _ test: Test
  ) -> CInt

  /// Written once, before the first input.
  nonisolated(unsafe) private static var target = FuzzTarget.json

  static func main() {
    guard let target = CommandLine.arguments.dropFirst().first.flatMap(FuzzTarget.init) else {
      print(FuzzTarget.allCases.map(\.rawValue).joined(separator: "\n"))
      return
    }
    Self.target = target
    // The program's name stays, the target's goes.
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv.advanced(by: 1)
    arguments[0] = CommandLine.unsafeArgv[0]
    _ = runDriver(&count, &arguments) { bytes, count in
      Main.target.test(Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }
}
