/// What is fuzzed: each target feeds an input to a part of the program, which must neither crash nor hang, and checks
/// what must hold of the outcome.
enum FuzzTarget: String, CaseIterable {
  /// The bytes that a web server sends on a connection.
  case records
  /// The meta-variables of a request.
  case variables
  case json
  /// Forms, and the query of a target.
  case forms
  /// Files that are imported.
  case files
  /// The values of single fields.
  case values

  func test(_ input: [UInt8]) {
    switch self {
    case .records: RecordsTarget.test(input)
    case .variables: VariablesTarget.test(input)
    case .json: JSONTarget.test(input)
    case .forms: FormsTarget.test(input)
    case .files: FilesTarget.test(input)
    case .values: ValuesTarget.test(input)
    }
  }
}

/// Ends the process, which libFuzzer takes for a finding, unless a property holds.
func require(_ condition: Bool, _ property: StaticString) {
  if !condition { fatalError("does not hold: \(property)") }
}
