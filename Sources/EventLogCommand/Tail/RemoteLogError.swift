/// The reason why a log on a web server does not answer as it is asked to.
struct RemoteLogError: Error, CustomStringConvertible {
  /// What is wrong, as part of a sentence.
  let description: String
  /// Whether a later attempt may succeed.
  let mayPass: Bool
  /// Whether the server has answered.
  var isAnswered = true
  /// The time after which the server asks for the next attempt; nil when it does not say.
  var retryAfter: Duration?
}
