import Foundation
import Testing

@testable import EventLogWeb

/// Tests the templates, and how they find what they show.
struct TemplateTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/EventLogWeb/Templates").standardized

  @Test func everyFileOfTheFolderIsATemplate() throws {
    let files = try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    #expect(Set(files.map(\.lastPathComponent)) == Set(Templates.files.keys.map { "\($0).mustache" }))
    for file in files {
      let name = file.deletingPathExtension().lastPathComponent
      #expect(Templates.files[name] == Array(try Data(contentsOf: file)), "\(name)")
    }
  }

  @Test func everyTemplateThatIsNamedIsThere() throws {
    let names = Templates.files.values.flatMap { bytes in
      String(decoding: bytes, as: UTF8.self).matches(of: /\{\{[<>] *([^}]*?) *\}\}/).map {
        String($0.output.1)
      }
    }
    #expect(names.contains("field"))
    #expect(Set(names).subtracting(Templates.files.keys).isEmpty)
  }

  /// A form and a field in it: the library looks in the enclosing objects for names that an object does not have.
  private struct Outer {
    struct Inner {
      let hint: String?
    }

    let hint: String
    let inner: Inner
  }

  @Test func aMissingValueHidesTheOneOfTheSameNameAroundIt() throws {
    let fields = TemplateFields(Outer(hint: "outer", inner: Outer.Inner(hint: nil)))
    let inner = try #require(fields.child(named: "inner") as? TemplateFields)
    #expect(fields.child(named: "hint") as? String == "outer")
    #expect(inner.child(named: "hint") != nil && !(inner.child(named: "hint") is String))
    #expect(inner.child(named: "other") == nil)
  }
}
