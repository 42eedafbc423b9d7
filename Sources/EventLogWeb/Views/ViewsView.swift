import EventLog
import HTTPCore
import Text

/// The view of the templates `views` and `save-view`: the saved views, and the form that saves a list as one.
struct ViewsView {
  struct Link {
    let name: String
    /// The name as a part of an address.
    let path: String
  }

  let links: [Link]
  let hasLinks: Bool
  /// The query string of the list that can be saved; nil if there is none, and where the browser loads the page again by itself
  /// while someone may be typing a name.
  let address: String?
  /// The name in the form.
  let name: String
  /// Whether the form is open, since it has to be corrected.
  let isOpen: Bool
  let mayChange: Bool

  /// - Parameters:
  ///   - views: the views of the visitor.
  ///   - name: the name of a view that could not be saved, as it was typed.
  ///   - list: the list that can be saved; nil if there is none.
  ///   - mayChange: whether the visitor may save and remove views.
  init(_ views: [SavedView], name: Text, of list: ListQuery?, mayChange: Bool) {
    links = views.map {
      Link(name: $0.name.text.string, path: PercentEncoding.encode($0.name.text.string))
    }
    hasLinks = !links.isEmpty
    address = list.flatMap { $0.refreshInterval == nil ? $0.lastingAddress : nil }
    self.name = name.string
    isOpen = !name.isEmpty
    self.mayChange = mayChange
  }
}
