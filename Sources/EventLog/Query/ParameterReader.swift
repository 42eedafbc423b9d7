import Text

/// Reads decoded parameters one by one and collects their errors.
struct ParameterReader {
  private(set) var errors: [InvalidParameter] = []
  /// The moment before which spans of time lie.
  private let now: Timestamp
  /// The maximum number of errors that are reported: enough for a correction, and a bound on the response to nonsense.
  private static let maximumErrors = 100

  /// - Parameter now: the moment before which spans of time lie.
  init(now: Timestamp) {
    self.now = now
  }

  /// Reads the parameters of a filter, and a query's own parameters. What follows the last error that is reported is not
  /// read.
  ///
  /// A parameter with an empty value counts as absent, because HTML forms send empty values for empty fields.
  ///
  /// - Parameters:
  ///   - parameters: the names and values in the order they were given.
  ///   - filter: the filter, to which the parameters that make up a filter are added.
  ///   - read: reads one of the query's own parameters; it is called at most once for each.
  mutating func read<Own: RawRepresentable<String> & CaseIterable>(
    _ parameters: [(name: Text, value: Text)], into filter: inout EventCondition,
    _ read: (_ parameter: Own, _ value: Text) throws(InvalidParameter) -> Void
  ) {
    var seen: Set<Text> = []
    for (name, value) in parameters {
      if errors.count == Self.maximumErrors { return }
      do throws(InvalidParameter) {
        let parameter = EventCondition.Parameter(named: name)
        let own = parameter == nil ? Own(named: name) : nil
        guard parameter != nil || own != nil else { throw Self.unknown(name, known: Own.allCases) }
        if value.isEmpty { continue }
        guard seen.insert(name).inserted || parameter?.isRepeatable == true else {
          throw InvalidParameter(name: name, detail: "is given twice")
        }
        if let parameter { try filter.add(parameter, name, value, at: now) }
        if let own { try read(own, value) }
      } catch {
        note(error)
      }
    }
  }

  private static func unknown(_ name: Text, known: some Sequence<some RawRepresentable<String>>)
    -> InvalidParameter
  {
    let known = EventCondition.parameterNames + known.map(\.rawValue)
    return InvalidParameter(
      name: Text(name.abridged),
      detail: "is not a parameter here; the parameters are \(known.joined(separator: ", "))")
  }

  mutating func note(_ error: InvalidParameter) {
    if errors.count < Self.maximumErrors { errors.append(error) }
  }

  func finish() throws(InvalidQuery) {
    guard errors.isEmpty else { throw InvalidQuery(errors: errors) }
  }
}
