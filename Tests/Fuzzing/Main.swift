/// The program `fuzz TARGET [libFuzzer's arguments]`; see `Tests/Fuzzing/run`.
@main
enum Main {
  /// The function that libFuzzer calls with each input.
  private typealias Test = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

  /// The entry point of libFuzzer as a library, which has no `main` of its own.
  @_silgen_name("LLVMFuzzerRunDriver")
  private static func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, _ test: Test
  ) -> CInt

  /// The target, which is written once, before the first input.
  nonisolated(unsafe) private static var target = FuzzTarget.json

  static func main() {
    guard let target = CommandLine.arguments.dropFirst().first.flatMap(FuzzTarget.init) else {
      print(FuzzTarget.allCases.map(\.rawValue).joined(separator: "\n"))
      return
    }
    Self.target = target
    // The arguments keep the program's name, but not the target's.
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv.advanced(by: 1)
    arguments[0] = CommandLine.unsafeArgv[0]
    _ = runDriver(&count, &arguments) { bytes, count in
      Main.target.test(Array(UnsafeBufferPointer(start: bytes, count: count)))
      return 0
    }
  }
}
