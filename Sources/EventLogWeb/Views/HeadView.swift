/// The view of the templates `head` and `header`.
struct HeadView {
  let mount: String
  let title: String
  /// Whether the page has times that can be shown in the reader's time zone.
  var hasTimes = false
  let assets = StaticFiles.version
}
