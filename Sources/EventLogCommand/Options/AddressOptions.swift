import ArgumentParser
import EventLogAccess
import HTTPCore

/// The options that say by which addresses people and programs reach the log.
struct AddressOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Answer only requests for this host, for localhost and for IP addresses, and 421 to others; repeat the option to \
      allow several. (default: any host)
      """,
      valueName: "name"),
    transform: Authority.Host.init(option:))
  var host: [Authority.Host] = []

  @Option(
    help: ArgumentHelp(
      """
      The address of the page, such as https://log.example/eventlog. Only forms from there are accepted, even if a \
      proxy changes the Host field. (default: the host of each request)
      """,
      valueName: "url"),
    transform: Origin.init(option:))
  var publicURL: Origin?

  @Option(
    name: .customLong("allow-origin"),
    help: ArgumentHelp(
      """
      Let scripts of this other origin, such as https://app.example, use the log (CORS), with a key but without cookies; \
      repeat the option to allow several.
      """,
      valueName: "origin"),
    transform: Origin.init(exactly:))
  var allowedOrigins: [Origin] = []

  /// The policy that the options ask for.
  var policy: AccessPolicy {
    AccessPolicy(
      hosts: host, publicOrigin: publicURL, allowedOrigins: allowedOrigins, secretPrefix: KeyText.prefix)
  }
}

extension AddressOptions: EnvironmentOptions {
  static let environmentOptions: [EnvironmentOption] = [
    .list("host"), .value("public-url"), .list("allow-origin"),
  ]
}
