import HTTPTypes
import Text

extension Response {
  /// Adds field names to `Vary` that are not there yet (RFC 9110 section 12.5.5).
  mutating func vary(by names: String...) {
    var all = (fields[.vary].map { Text($0).split(separator: ",").map(\.trimmingBlanks.string) }) ?? []
    if fields[.vary] == "*" { return }
    for name in names where !all.contains(where: { Text($0).lowercasedASCII == Text(name).lowercasedASCII }) {
      all.append(name)
    }
    fields[.vary] = all.joined(separator: ", ")
  }

  /// Keeps shared caches from giving the response to another visitor (RFC 9111 section 5.2.2.7).
  mutating func makePrivate() {
    guard let directives = fields[.cacheControl] else {
      fields[.cacheControl] = "private, no-cache"
      return
    }
    let names = Text(directives).split(separator: ",").map(\.trimmingBlanks.lowercasedASCII)
    if names.contains("no-store") || names.contains("private") { return }
    fields[.cacheControl] =
      (["private"] + names.filter { $0 != "public" }.map(\.string)).joined(separator: ", ")
  }
}
