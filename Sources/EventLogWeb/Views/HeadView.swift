/// What the templates `head` and `header` show.
struct HeadView {
  let mount: String
  let title: String
  /// Whether the page has times that can be shown in the reader's zone.
  var hasTimes = false
  let assets = StaticFiles.version
}
