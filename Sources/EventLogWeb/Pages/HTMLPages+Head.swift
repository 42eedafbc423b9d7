import EventLogAPI
import HTTPCore

extension HTMLPages {
  /// Makes the head of a page.
  ///
  /// - Parameters:
  ///   - title: the page's title.
  ///   - hasTimes: whether the page has times that can be shown in the reader's time zone.
  ///   - request: the request, which knows where the pages are mounted and who the visitor is.
  /// - Returns: the head.
  func head(_ title: String, hasTimes: Bool = false, for request: Request) -> HeadView {
    var head = HeadView(mount: request.target.mount, title: title)
    head.hasTimes = hasTimes
    // On a page that is open to everyone, nobody has been asked.
    if let access, !request.visitor.roles.isEmpty {
      head.account = AccountView(request.visitor, token: access.formToken(for: request))
    }
    return head
  }
}
