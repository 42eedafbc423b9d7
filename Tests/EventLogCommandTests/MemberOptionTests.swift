import ArgumentParser
import EventLog
import Testing

@testable import EventLogCommand

/// What the command line offers of what the domain knows.
struct MemberOptionTests {
  @Test func giveEveryMemberThatClientsGive() throws {
    // The message is the argument.
    let members = EventMember.allCases.filter { !$0.isGivenByTheLog && $0 != .message }
    let options = members.map { $0 == .tags ? "--tag" : Self.option($0.rawValue) }
    #expect(
      Set(options).isSubset(
        of: Set(AppendCommand.helpMessage().split(whereSeparator: { " \n".contains($0) }).map(String.init))))
  }

  @Test(arguments: [ListCommand.helpMessage(), ExportCommand.helpMessage()])
  func haveEveryParameterOfAFilter(_ help: String) {
    let words = Set(help.split(whereSeparator: { " ,\n".contains($0) }).map(String.init))
    let options = EventCondition.Parameter.allCases.map { Self.option($0.rawValue) }
    #expect(Set(options).isSubset(of: words))
  }

  private static func option(_ name: String) -> String {
    "--" + name.split(separator: "_").joined(separator: "-")
  }
}
