/// Why parameters do not make a query: every reason at once.
public struct InvalidQuery: Error, Equatable, Sendable {
  /// Never empty, in the order of the parameters.
  public let errors: [InvalidParameter]
}

/// One thing that is wrong with one query parameter.
public struct InvalidParameter: Error, Equatable, Sendable {
  public let name: String
  /// What is wrong, as the end of a sentence that starts with the parameter's name.
  public let detail: String
}

/// Reads decoded parameters one by one and gathers what is wrong with them.
struct ParameterReader {
  private(set) var errors: [InvalidParameter] = []
  /// The number of errors that are told of: enough to mend by, and a bound on the answer to nonsense.
  private static let maximumErrors = 100

  /// An empty value is an absent parameter, which is what an HTML form sends for an empty field.
  ///
  /// - Parameters:
  ///   - parameters: in the order they were given.
  ///   - known: every name there is.
  ///   - read: takes a parameter in; called with known names only, and more than once only with those of
  ///     `EventFilter.repeatableParameters`.
  mutating func read(
    _ parameters: [(name: String, value: String)], known: [String],
    _ read: (_ name: String, _ value: String) throws(InvalidParameter) -> Void
  ) {
    var seen: Set<String> = []
    for (name, value) in parameters {
      do throws(InvalidParameter) {
        guard known.contains(name) else {
          throw InvalidParameter(
            name: name, detail: "is not a parameter here; there are \(known.joined(separator: ", "))")
        }
        if value.isEmpty { continue }
        guard seen.insert(name).inserted || EventFilter.repeatableParameters.contains(name) else {
          throw InvalidParameter(name: name, detail: "is given twice")
        }
        try read(name, value)
      } catch {
        note(error)
      }
    }
  }

  mutating func note(_ error: InvalidParameter) {
    if errors.count < Self.maximumErrors { errors.append(error) }
  }

  func finish() throws(InvalidQuery) {
    guard errors.isEmpty else { throw InvalidQuery(errors: errors) }
  }
}

extension Int {
  /// A whole number in ASCII digits, in a range; nil for anything else.
  init?(parameter value: some StringProtocol, in range: ClosedRange<Int>) {
    guard value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(value), range.contains(number)
    else { return nil }
    self = number
  }
}
