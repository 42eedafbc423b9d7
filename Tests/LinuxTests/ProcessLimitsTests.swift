import Linux
import Testing

struct ProcessLimitsTests {
  @Test func refusesToWorkWithTooFewDescriptors() throws {
    let limit = ProcessLimits.raiseDescriptors()
    try ProcessLimits.requireDescriptors(limit)
    let error = #expect(throws: ProcessLimits.Failure.self) {
      try ProcessLimits.requireDescriptors(limit + 1)
    }
    #expect(
      error?.description
        == "this process may have only \(limit) files open, but it needs \(limit + 1); see ulimit -n")
  }
}
