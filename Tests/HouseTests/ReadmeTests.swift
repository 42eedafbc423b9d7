import Testing

/// Checks what README says about this checkout.
struct ReadmeTests {
  /// The sections about the code.
  private static func recipes() throws -> Substring {
    let readme = try Checkout.text("README.md")
    let start = try #require(readme.firstRange(of: "\n## The rooms\n"))
    return readme[start.upperBound...]
  }

  @Test func namesFilesThatExist() throws {
    let names = try Self.recipes().matches(
      of: /`([A-Za-z0-9_+.\/{}-]+\.(?:swift|json|mustache|md|py|css|js))`/
    ).map { $0.output.1 }
    #expect(names.count > 30)
    for name in names {
      #expect(Checkout.exists("Sources/\(name)") || Checkout.exists(String(name)), "\(name)")
    }
  }

  @Test func namesFoldersThatExist() throws {
    let names = try Self.recipes().matches(of: /`([A-Za-z0-9_\/]+\/)`/).map { $0.output.1 }
    #expect(names.count > 3)
    for name in names {
      #expect(Checkout.exists("Sources/\(name)") || Checkout.exists(String(name)), "\(name)")
    }
  }
}
