import ArgumentParser
import EventLog

/// The query language as options, under the names of the parameters of `/events`.
struct FilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Events of this type; repeat it for any of several.", valueName: "name"))
  var type: [String] = []

  @Option(help: ArgumentHelp("Events with exactly this source.", valueName: "text"))
  var source: String?

  @Option(
    name: [.customLong("q"), .customShort("q")],
    help: ArgumentHelp(
      "Events with all of these words, or parts of words, in source or message; case does not matter.",
      valueName: "terms"))
  var search: String?

  @Option(help: ArgumentHelp("Events from this moment on, such as 2024-01-15T14:30:00Z.", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Events before this moment.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("Events of this user.", valueName: "id"))
  var userID: String?

  @Option(help: ArgumentHelp("Events of this request.", valueName: "id"))
  var requestID: String?

  @Option(help: ArgumentHelp("Events with this tag; repeat it for all of several.", valueName: "tag"))
  var tag: [String] = []

  @Option(help: ArgumentHelp("By timestamp, type or source.", valueName: "member"))
  var sort: String?

  @Option(help: ArgumentHelp("asc or desc.", valueName: "order"))
  var order: String?

  /// - Parameters:
  ///   - limit: the most events that are wanted.
  ///   - defaults: what holds where no option says otherwise.
  /// - Returns: the query.
  /// - Throws: `ValidationError` that names the options.
  func query(limit: String? = nil, defaults: EventQuery = EventQuery()) throws(ValidationError) -> EventQuery
  {
    var parameters: [(name: String, value: String)] = []
    func add(_ name: String, _ value: String?) {
      if let value { parameters.append((name, value)) }
    }
    for type in type { add("type", type) }
    add("source", source)
    add("q", search)
    add("since", since)
    add("until", until)
    add("user_id", userID)
    add("request_id", requestID)
    for tag in tag { add("tag", tag) }
    add("sort", sort)
    add("order", order)
    add("limit", limit)
    do {
      return try EventQuery(parameters: parameters, defaults: defaults)
    } catch {
      throw ValidationError(
        error.errors.map { error in
          "--\(error.name.split(separator: "_").joined(separator: "-")) \(error.detail)."
        }.joined(separator: "\n"))
    }
  }
}
