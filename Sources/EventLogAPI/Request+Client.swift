public import EventLog
public import HTTPCore

extension Request {
  /// The client, for stores that share themselves among clients: its network, since one client usually has all of one.
  /// Nil if the web server passes no address.
  public var client: Client? {
    clientAddress.flatMap(IPAddress.init).map { Client(network: $0.network) }
  }
}
