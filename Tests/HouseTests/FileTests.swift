import Foundation
import Testing

/// Checks that files are short, and named so that people can find things.
struct FileTests {
  /// The files that may have more than 250 lines, each with its reason.
  private static let longFiles: [String: String] = [:]

  /// The files that declare nothing by their own name, each with its reason.
  private static let collections = [
    "Sources/EventLogCommand/Options/OptionValues.swift": "how the values of options of many types are read"
  ]

  @Test func haveAtMost250Lines() throws {
    for file in try Checkout.swiftFiles(in: "Sources") {
      let lines = try Checkout.text(file).count { $0 == "\n" }
      #expect((lines > 250) == (Self.longFiles[file] != nil), "\(file) has \(lines) lines")
    }
  }

  /// `Name.swift` declares `Name`, or a function `name`; `Type+Aspect.swift` extends `Type`.
  @Test func areNamedAfterWhatTheyDeclare() throws {
    for file in try Checkout.swiftFiles(in: "Sources") where Self.collections[file] == nil {
      let name = URL(filePath: file).deletingPathExtension().lastPathComponent
      let text = try Checkout.text(file)
      if let plus = name.firstIndex(of: "+") {
        let type = name[..<plus]
        let extended = text.matches(of: /extension (?:where )?(\[UInt8\]|[A-Za-z0-9.]+)/).map { $0.output.1 }
        let isExtended = extended.contains {
          $0 == type || $0.hasSuffix(".\(type)") || ($0 == "[UInt8]" && type == "Array")
        }
        #expect(isExtended, "\(file) extends \(extended)")
      } else {
        let declared = text.matches(of: /(?:struct|class|enum|actor|protocol|func|let) ([A-Za-z0-9]+)/).map {
          $0.output.1
        }
        let isDeclared = declared.contains { $0.lowercased() == name.lowercased() }
        #expect(isDeclared, "\(file) declares \(declared)")
      }
    }
  }
}
