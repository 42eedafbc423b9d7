/// The parts of the program that are fuzzed. Each target feeds an input to its part, which must neither crash nor hang,
/// and checks the properties that the outcome must have.
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
  /// Content that is compressed.
  case gzip
  /// Log records of OpenTelemetry, in both encodings.
  case otlp
  /// Entries of the systemd journal.
  case journal
  /// What people type to search.
  case search
  /// The values of single fields.
  case values

  func test(_ input: [UInt8]) {
    switch self {
    case .records: RecordsTarget.test(input)
    case .variables: VariablesTarget.test(input)
    case .json: JSONTarget.test(input)
    case .forms: FormsTarget.test(input)
    case .files: FilesTarget.test(input)
    case .gzip: GzipTarget.test(input)
    case .otlp: OTLPTarget.test(input)
    case .journal: JournalTarget.test(input)
    case .search: SearchTarget.test(input)
    case .values: ValuesTarget.test(input)
    }
  }
}

/// Ends the process unless a property holds, which libFuzzer reports as a finding.
func require(_ condition: Bool, _ property: StaticString) {
  if !condition { fatalError("this property does not hold: \(property)") }
}
