/// Reads decoded parameters one by one and gathers what is wrong with them.
struct ParameterReader {
  private(set) var errors: [InvalidParameter] = []
  /// The number of errors that are told of: enough to mend by, and a bound on the answer to nonsense.
  private static let maximumErrors = 100

  /// Reads a filter, and what a query has besides.
  ///
  /// An empty value is an absent parameter, which is what an HTML form sends for an empty field.
  ///
  /// - Parameters:
  ///   - parameters: in the order they were given.
  ///   - filter: takes in the parameters that make a filter.
  ///   - read: takes in one of the others, each at most once.
  mutating func read<Own: RawRepresentable<String> & CaseIterable>(
    _ parameters: [(name: String, value: String)], into filter: inout EventCondition,
    _ read: (_ parameter: Own, _ value: String) throws(InvalidParameter) -> Void
  ) {
    let known = EventCondition.parameterNames + Own.allCases.map(\.rawValue)
    var seen: Set<String> = []
    for (name, value) in parameters {
      do throws(InvalidParameter) {
        guard known.contains(name) else {
          throw InvalidParameter(
            name: name, detail: "is not a parameter here; there are \(known.joined(separator: ", "))")
        }
        if value.isEmpty { continue }
        let parameter = EventCondition.Parameter(rawValue: name)
        guard seen.insert(name).inserted || parameter?.isRepeatable == true else {
          throw InvalidParameter(name: name, detail: "is given twice")
        }
        if let parameter { try filter.add(parameter, value) }
        if let own = Own(rawValue: name) { try read(own, value) }
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
