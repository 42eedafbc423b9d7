/// The view of the templates `head` and `header`.
struct HeadView {
  let mount: String
  let title: String
  /// Who the visitor is; nil where nobody is asked.
  var account: AccountView?
  /// Whether the page has times that can be shown in the reader's time zone.
  var hasTimes = false
  let assets = StaticFiles.version

  /// Whether the page offers to record events.
  var mayRecord: Bool { account?.mayRecord ?? true }
}
