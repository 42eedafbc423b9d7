import EventLog
import EventLogAccess
import TestSupport
import Testing
import Text

/// Tests of what can be asked of a key.
struct NewKeyTests {
  private static func member(
    _ name: Text = "a", _ roles: Set<KeyRole> = [.read], _ source: Text? = nil
  ) -> Text? {
    do throws(NewKey.Invalid) {
      _ = try NewKey(name: name, roles: roles, source: source)
      return nil
    } catch {
      return error.member
    }
  }

  @Test func hasANameLikeASourceOfAtMost64Characters() throws {
    #expect(try NewKey(name: " \u{2003}the shop's \t", roles: [.read]).name == "the shop's")
    #expect(Self.member(Text(String(repeating: "é", count: 64))) == nil)
    for name in [
      "", " ", "a\nb", "a\u{0}", String(repeating: "a", count: 65), String(repeating: "a", count: 300),
    ] {
      #expect(Self.member(Text(name)) == "name", "\(name)")
    }
    #expect(Self.member(Text("e" + String(repeating: "\u{301}", count: 64))) == "name")
  }

  @Test func hasARole() {
    #expect(Self.member("a", []) == "role")
    for role in KeyRole.allCases { #expect(Self.member("a", [role]) == nil) }
  }

  @Test func confinesOnlyWhatCanBeConfined() throws {
    #expect(try NewKey(name: "a", roles: [.record, .read], source: " shop ").source == "shop")
    #expect(try NewKey(name: "a", roles: [.admin], source: "").source == nil)
    #expect(Self.member("a", [.admin], "shop") == "source")
    #expect(Self.member("a", [.read, .status], "shop") == "source")
    #expect(Self.member("a", [.read], "a\nb") == "source")
    // Nobody records events of this source, whatever key they have.
    #expect(Self.member("a", [.record], "eventlog") == "source")
  }

  @Test func isCheckedInLinearTime() {
    expectLinearTime("a name") { _ = try? NewKey(name: $0, roles: [.read], source: $0) }
  }
}
