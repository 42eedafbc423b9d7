import ArgumentParser
import EventLog
import Text

/// The query language as options, which have the same names as the query parameters of `/events`.
struct FilterOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      """
      What to search for, such as 'type:error "card declined" -test data.amount>=100'; the page /docs has the language. \
      Write -- before a search that starts with a minus sign.
      """, valueName: "search"))
  var terms: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only events of this type; repeat the option to allow several types.", valueName: "name"))
  var type: [String] = []

  @Option(help: ArgumentHelp("Only events with exactly this source.", valueName: "text"))
  var source: String?

  @Option(
    name: [.customLong("q"), .customShort("q")],
    help: ArgumentHelp("The search as an option; it is added to the terms.", valueName: "search"))
  var search: String?

  @Option(
    help: ArgumentHelp(
      "Only events at or after this moment, such as 2024-01-15T14:30:00Z, 2024-01-15 (in UTC) or 24h (before now).",
      valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Only events before this moment.", valueName: "time"))
  var until: String?

  @Option(
    help: ArgumentHelp(
      "Only events that happened at or after this moment; without occurred_at, they happened when they were recorded.",
      valueName: "time"))
  var occurredSince: String?

  @Option(help: ArgumentHelp("Only events that happened before this moment.", valueName: "time"))
  var occurredUntil: String?

  @Option(help: ArgumentHelp("Only events of this user.", valueName: "id"))
  var userID: String?

  @Option(help: ArgumentHelp("Only events of this request.", valueName: "id"))
  var requestID: String?

  @Option(
    help: ArgumentHelp(
      "Only events with this tag; repeat the option to require several tags.", valueName: "tag"))
  var tag: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Only events with this value in their data, such as order.id=42; repeat the option to require several values.
      """, valueName: "path=value"))
  var data: [String] = []

  @Option(help: ArgumentHelp("The member to sort by: timestamp, type or source.", valueName: "member"))
  var sort: String?

  @Option(help: ArgumentHelp("The sort order: asc or desc.", valueName: "order"))
  var order: String?

  /// Reads the options as a query.
  ///
  /// - Parameters:
  ///   - limit: the maximum number of events.
  ///   - defaults: the query whose values apply where no option is given.
  /// - Returns: the query.
  /// - Throws: `ValidationError` that names every invalid option.
  func query(limit: String? = nil, defaults: EventQuery = EventQuery()) throws(ValidationError) -> EventQuery
  {
    let others: [(Text, String?)] = [("sort", sort), ("order", order), ("limit", limit)]
    var parameters = others.compactMap { name, value in value.map { (name: name, value: Text($0)) } }
    for parameter in EventCondition.Parameter.allCases {
      for value in values(parameter).map(Text.init(_:)) {
        let named =
          parameter == .data ? EventCondition.Parameter.data(value) : (Text(parameter.rawValue), value)
        guard let named else {
          throw ValidationError(
            "--data must be a path and a value, such as order.id=42, not \(value.abridged).")
        }
        parameters.append(named)
      }
    }
    do {
      return try EventQuery(parameters: parameters, defaults: defaults)
    } catch {
      throw ValidationError(
        error.errors.map { error in
          "--\(Self.option(error.name)) \(error.detail)."
        }.joined(separator: "\n"))
    }
  }

  private static func option(_ parameter: Text) -> String {
    EventCondition.Parameter(named: parameter) == .data
      ? "data" : parameter.split(separator: "_").map(\.string).joined(separator: "-")
  }

  /// Returns the values that were given for a parameter.
  private func values(_ parameter: EventCondition.Parameter) -> [String] {
    switch parameter {
    case .type: type
    case .source: [source].compactMap(\.self)
    case .search:
      search == nil && terms.isEmpty ? [] : [(terms + [search].compactMap(\.self)).joined(separator: " ")]
    case .since: [since].compactMap(\.self)
    case .until: [until].compactMap(\.self)
    case .occurredSince: [occurredSince].compactMap(\.self)
    case .occurredUntil: [occurredUntil].compactMap(\.self)
    case .userID: [userID].compactMap(\.self)
    case .requestID: [requestID].compactMap(\.self)
    case .tag: tag
    case .data: data
    }
  }
}
