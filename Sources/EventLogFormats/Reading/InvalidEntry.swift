public import EventLog
import Text

/// The reason why an entry of a file is not an event, as part of a sentence: `message must not be blank`.
public struct InvalidEntry: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
  /// Whether what follows cannot be read because of it, so that nobody knows what is missing.
  public let endsReading: Bool

  init(_ description: String, endsReading: Bool = false) {
    self.description = description
    self.endsReading = endsReading
  }

  /// - Parameter error: the error whose members are named.
  public init(_ error: InvalidEvent) {
    endsReading = false
    description = error.errors.map { error in
      let place = String(error.pointer.unicodeScalars.dropFirst())
      return (place.isEmpty ? "it" : place) + " " + error.detail
    }.joined(separator: "; ")
  }

  /// The error for an entry that is not UTF-8.
  public static let notUTF8 = InvalidEntry("it is not UTF-8")
  static let tooLong = InvalidEntry("it is longer than any event can be")
}
