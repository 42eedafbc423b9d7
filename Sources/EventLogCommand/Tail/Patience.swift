import HTTPClient
import Linux
import SystemPackage

/// How a command waits for a server that does not answer, and what it says about it: one line when that begins and one when it
/// is over, however many attempts are in between.
struct Patience {
  private static let firstPause = Duration.milliseconds(250)
  private static let longestPause = Duration.seconds(30)
  /// The longest time that a server may ask for.
  private static let longestRequestedPause = Duration.seconds(3600)

  /// The server's name for people.
  let name: String
  private var nextPause = Patience.firstPause
  private var hasSaid = false
  private var hasAnswered = false

  init(name: String) {
    self.name = name
  }

  /// Notes that the server has answered as it should.
  mutating func noteAnswer() {
    if hasSaid { Exit.say("\(name) answers again") }
    (hasSaid, hasAnswered, nextPause) = (false, true, Self.firstPause)
  }

  /// Waits before the next attempt, each time longer, and for different times in different processes.
  ///
  /// - Parameter error: why the attempt failed.
  /// - Throws: the error when that does not pass, or when the server has never been reached; `HTTPFailure` with the case
  ///   `outputClosed`.
  mutating func wait(after error: RemoteLogError) throws {
    guard error.mayPass, hasAnswered || error.isAnswered else { throw error }
    if !hasSaid { Exit.say("\(name): \(error); trying again until it answers") }
    hasSaid = true
    let requested = min(error.retryAfter ?? .zero, Self.longestRequestedPause)
    try Self.pause(max(nextPause * Double.random(in: 0.75...1.25), requested))
    nextPause = min(nextPause * 2, Self.longestPause)
  }

  /// Waits as long as somebody reads the output.
  ///
  /// - Throws: `HTTPFailure` with the case `outputClosed`.
  static func pause(_ duration: Duration) throws(HTTPFailure) {
    let wakening = FileDescriptor.standardOutput.wait(untilReadable: nil, for: duration)
    if wakening == .outputClosed { throw .outputClosed }
  }
}
