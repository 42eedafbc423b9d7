import ArgumentParser
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

  /// Returns the policy that the options ask for.
  ///
  /// - Parameter operators: the addresses that operators come from, in addition to those of this machine.
  /// - Returns: the policy.
  func policy(operators: [IPAddress]) -> AccessPolicy {
    AccessPolicy(hosts: host, publicOrigin: publicURL, operators: operators)
  }
}

extension AddressOptions: EnvironmentOptions {
  static let environmentOptions: [EnvironmentOption] = [.list("host"), .value("public-url")]
}
