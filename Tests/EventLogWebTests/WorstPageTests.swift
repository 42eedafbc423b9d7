import EventLog
import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

@testable import EventLogWeb

/// Combining marks in what a browser sends take no longer than other text of their size.
struct WorstPageTests {
  @Test(arguments: EventQuery.parameterNames + ["range", "period", "without", "created", "unknown"])
  func readsAParameterOfThePageInLinearTime(_ name: String) {
    expectLinearTime(name) { marks in
      let parameters = PageParameters([(Text(name), marks), (marks, Text(name))])
      let form = FilledForm(
        values: parameters.query, errors: [(marks, "is wrong"), (Text(name), "is wrong")])
      _ = FilterView(form, chips: [], help: SearchHelp())
    }
  }

  @Test(arguments: EventMember.allCases)
  func showsAFilledFormInLinearTime(_ member: EventMember) {
    expectLinearTime(member.rawValue) { marks in
      _ = EventFormView(
        FilledForm(values: [(Text(member.rawValue), marks), (marks, "x")], errors: [(marks, "is wrong")]))
    }
  }

  @Test(arguments: ["{}", "eventlog_source={}", "a={}; {}=b; eventlog_source=%CC%81{}"])
  func readsACookieInLinearTime(_ blank: String) {
    let parts = blank.split(separator: "{}", omittingEmptySubsequences: false)
    expectLinearTime(blank) { marks in
      let target = try #require(RequestTarget(path: "/"))
      let fields: HTTPFields = [.cookie: parts.joined(separator: marks.string)]
      _ = SourceCookie.source(of: Request(target: target, fields: fields))
    }
  }
}
