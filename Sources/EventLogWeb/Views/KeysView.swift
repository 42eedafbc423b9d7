import EventLog
import EventLogAccess
import HTTPCore
import Text

/// The view of the template `keys`.
struct KeysView: TemplateView {
  static let template = "keys"

  /// A row of the table.
  struct Row {
    let name: String
    /// The name as a part of an address.
    let path: String
    let roles: String
    let source: String?
    let created: TimeView
    let lastUsed: TimeView?
    let ends: TimeView?
    let isEnded: Bool

    init(_ key: AccessKey, now: Timestamp) {
      name = key.name.string
      path = PercentEncoding.encode(key.name.string)
      roles = KeyRole.allCases.filter(key.roles.contains).map(\.rawValue).joined(separator: ", ")
      source = key.source?.string
      created = TimeView(key.created)
      lastUsed = key.lastUsed.map(TimeView.init)
      ends = key.ends.map(TimeView.init)
      isEnded = key.isEnded(at: now)
    }
  }

  /// A key that was just made, with its text.
  struct Made {
    let name: String
    let text: String
  }

  /// The form that makes a key, as it was filled in.
  struct Form {
    let name: String
    let source: String
    let ends: String
    let roles: [ChoiceView]
  }

  let head: HeadView
  let mount: String
  let formToken: String?
  let keys: [Row]
  let made: Made?
  let error: String?
  let form: Form

  init(
    _ keys: [AccessKey], form: FilledForm, made: (key: AccessKey, text: KeyText)?, error: String?,
    now: Timestamp,
    head: HeadView
  ) {
    self.head = head
    mount = head.mount
    formToken = head.account?.token
    self.keys = keys.map { Row($0, now: now) }
    self.made = made.map { Made(name: $0.key.name.string, text: $0.text.text.string) }
    self.error = error
    let given = Set(form.values.filter { $0.name == "role" }.map(\.value.string))
    self.form = Form(
      name: form.value("name").string, source: form.value("source").string, ends: form.value("ends").string,
      roles: KeyRole.allCases.map { role in
        ChoiceView(value: role.rawValue, label: Self.label(role), isSelected: given.contains(role.rawValue))
      })
  }

  private static func label(_ role: KeyRole) -> String {
    switch role {
    case .record: "record events"
    case .read: "read events"
    case .status: "see the status and metrics"
    case .admin: "everything, and manage keys"
    }
  }
}
