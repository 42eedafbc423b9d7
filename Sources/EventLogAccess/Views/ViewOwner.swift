public import Text

/// Who has a saved view. Names tell owners apart: a key keeps its views when it is rotated, and they go when it is revoked.
public enum ViewOwner: Hashable, Sendable {
  /// Everybody who may read, where nobody is asked who they are.
  case everybody
  /// Who has the key of this name, also in a session.
  case key(Text)
  /// The user whom the web server has checked.
  case user(Text)
}
