import HTTPCore
import HTTPTypes

/// What the reference says of one type of problem.
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
