import ArgumentParser
import EventLog
import EventLogAPI
import EventLogSQLite
import Glibc
import Text

/// The command `eventlog facets`, which counts values.
struct FacetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "facets",
    abstract: "Count the most frequent values of a member.",
    discussion: """
      The values and their counts are a table on a terminal, and JSON as /events/facets answers it otherwise. The log \
      may be in use, and stays as it is.

      Exit codes: 0 on success; 64 for a wrong option; 69 if the log cannot be used; 74 if the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var filter: FilterOptions

  @Option(
    help: ArgumentHelp(
      "The member: type, source, user_id, request_id, tag, or data. and a path, such as data.order.id.",
      valueName: "member"))
  var by: String

  @Option(help: ArgumentHelp("The maximum number of values, 1 to 100. (default: 10)", valueName: "number"))
  var limit: String?

  func run() throws {
    let query = try query()
    try Exit.unavailable {
      let log = try ReadOnlyLog(path: try store.existingFile())
      let facets = try waitFor { try await log.facets(query) }
      if isatty(STDOUT_FILENO) == 1 {
        try Exit.print(facets.table)
      } else {
        try Exit.print(String(decoding: facets.json(by: query.member), as: UTF8.self))
      }
    }
  }

  private func query() throws -> FacetQuery {
    var own: [(name: Text, value: Text)] = [("by", Text(by))]
    if let limit { own.append(("limit", Text(limit))) }
    var query: FacetQuery
    do {
      query = try FacetQuery(parameters: own)
    } catch {
      throw ValidationError(
        error.errors.map { "--\($0.name.string) \($0.detail)." }.joined(separator: "\n"))
    }
    query.filter = try filter.query().filter
    return query
  }
}

extension EventFacets {
  /// The values and their counts as lines, and what is not among them.
  fileprivate var table: String {
    let width = values.map { String($0.count).count }.max() ?? 0
    func line(_ count: Int, _ text: String) -> String {
      let digits = String(count)
      return String(repeating: " ", count: max(0, width - digits.count)) + digits + "  " + text
    }
    var lines = values.map { line($0.count, $0.value.text.string.printable()) }
    if others > 0 || hasMore { lines.append("and \(hasMore ? "at least " : "")\(others) other values") }
    if missing > 0 { lines.append("\(missing) events without it") }
    return lines.isEmpty ? "no events" : lines.joined(separator: "\n")
  }
}
