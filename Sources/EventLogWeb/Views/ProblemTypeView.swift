import HTTPCore
import HTTPTypes

/// One type of problem, as the reference shows it.
struct ProblemTypeView {
  let anchor: String
  let uri: String
  let title: String
  let status: Int
  let meaning: String
  let remedy: String

  init(_ type: ProblemType, mount: String) {
    anchor = type.anchor
    uri = type.uri(mount: mount)
    title = type.title
    status = type.status.code
    meaning = type.meaning
    remedy = type.remedy
  }
}
