public import EventLog
import Text

/// The reason why an entry of a file is not an event, as part of a sentence: `message must not be blank`.
public struct InvalidEntry: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String
  /// What is wrong with each member; empty when the entry cannot be read at all.
  public let members: [InvalidMember]
  /// Whether nothing that follows in the file can be read.
  public private(set) var endsReading = false

  init(_ description: String) {
    self.description = description
    members = []
  }

  /// The same reason, after which nothing can be read.
  var endingReading: InvalidEntry {
    var error = self
    error.endsReading = true
    return error
  }

  /// - Parameter error: the error whose members are named.
  public init(_ error: InvalidEvent) {
    members = error.errors
    description = error.errors.map { error in
      let place = String(error.pointer.unicodeScalars.dropFirst())
      return (place.isEmpty ? "it" : place) + " " + error.detail
    }.joined(separator: "; ")
  }

  /// The error for an entry that is not UTF-8.
  public static let notUTF8 = InvalidEntry("it is not UTF-8")
  static let tooLong = InvalidEntry("it is longer than any event can be")
}
