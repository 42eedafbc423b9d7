import Foundation
import Testing

/// Checks that what reads requests does nothing with a client's text that takes longer than its size allows: no `String`
/// of any length is compared, hashed or looked at character by character. `Text` does all of this by bytes.
struct ClientTextTests {
  /// The folders and files that read what clients send.
  private static let readers = [
    "Sources/Text", "Sources/JSON", "Sources/HTTPCore", "Sources/FastCGI/CGI", "Sources/EventLog/Event",
    "Sources/EventLog/Query", "Sources/EventLog/Text", "Sources/EventLogFormats/Reading",
    "Sources/EventLogAPI/Endpoints", "Sources/EventLogWeb/Pages",
    "Sources/EventLogWeb/Views/FilledForm.swift",
    "Sources/EventLogWeb/Views/FieldView.swift", "Sources/EventLogWeb/Views/FilterView.swift",
    "Sources/EventLogWeb/Views/FormErrorsView.swift", "Sources/EventLogWeb/Views/EventFormView.swift",
  ]

  /// The calls that look at characters or compare strings, each with what to write instead.
  private static let forbidden: [(call: String, instead: String)] = [
    (#"\brawValue: "#, "init(named:)"),
    (#"\bSet<(String|Substring|Character)>"#, "Set<Text>"),
    (#"\[(String|Substring|Character): "#, "[Text: …]"),
    (#"name: String, value: "#, "(name: Text, value: Text)"),
    (#"\bCharacter\b"#, "bytes or Unicode scalars"),
    (#"\.(lowercased|uppercased)\(\)"#, "lowercasedASCII, or CaseFolding"),
    (#"\.has(Prefix|Suffix)\("#, "dropping(prefix:), or utf8"),
    (#"\.split\(separator: "[^"]*", (maxSplits|omitting)"#, "Text.split"),
    (#"\.firstRange\(of: "#, "Text.split"),
    (#"\.(contains|firstIndex|lastIndex)\((of: )?"[^"]"\)"#, "utf8"),
    (#"\.lazy\.flatMap"#, "a loop, since each step of a lazy one starts again"),
    (#"\b(firstMatch|wholeMatch|prefixMatch|matches\(of:|Regex)\b"#, "bytes"),
    (#"\.components\(|\.trimmingCharacters\(|\.replacing\("#, "Text"),
  ]

  /// The places that may do so, each with its reason.
  private static let allowed: [(file: String, line: String, reason: String)] = [
    (
      "FastCGI/CGI/Request+MetaVariables.swift", "HTTPRequest.Method(rawValue:",
      "HTTPTypes only checks the bytes of a method"
    ),
    (
      "FastCGI/CGI/CGIProgram.swift", "environment: [String: String]",
      "the web server gives an environment its names"
    ),
    (
      "FastCGI/CGI/CGIProgram+Discarding.swift", "environment: [String: String]",
      "the web server gives an environment its names"
    ),
  ]

  private static func files() throws -> [String] {
    try readers.flatMap { $0.hasSuffix(".swift") ? [$0] : try Checkout.swiftFiles(in: $0) }
  }

  @Test func isReadByBytes() throws {
    for file in try Self.files() {
      for line in try Checkout.text(file).split(separator: "\n") {
        let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
        for (call, instead) in Self.forbidden where code.contains(try Regex(call)) {
          let isAllowed = Self.allowed.contains { file.hasSuffix($0.file) && code.contains($0.line) }
          #expect(isAllowed, "\(file): \(code.trimmingCharacters(in: .whitespaces)) — write \(instead)")
        }
      }
    }
  }
}
