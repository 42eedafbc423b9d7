import CLinux
import Glibc
import Linux
import SystemPackage

/// A server on this machine that gives one response, in parts, to one request.
final class OneResponse: Sendable {
  let port: UInt16

  /// - Parameters:
  ///   - parts: the bytes of the response, each of which is sent after a pause.
  ///   - pause: the pause in microseconds.
  ///   - staysOpen: whether the connection stays open after the last part.
  /// - Throws: `SystemCallError` if there is no port or no thread left.
  init(_ parts: [String], pause: UInt32 = 0, staysOpen: Bool = false) throws {
    let listener = FileDescriptor(
      rawValue: try systemCall("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)))
    try systemCall("bind", linux_bind_loopback(listener.rawValue, 0, 0))
    try systemCall("listen", listen(listener.rawValue, 1))
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener.rawValue, $0, &size) }
    }
    port = UInt16(bigEndian: address.sin_port)
    try DetachedThread.start(named: "one response") {
      let peer = FileDescriptor(rawValue: linux_accept(listener.rawValue))
      try? listener.close()
      var request = [UInt8](repeating: 0, count: 4096)
      _ = try? peer.read(into: &request)
      for part in parts {
        usleep(pause)
        let bytes = Array(part.utf8)
        _ = linux_send(peer.rawValue, bytes, 0, bytes.count)
      }
      if !staysOpen { try? peer.close() }
    }
  }

  var url: String { "http://127.0.0.1:\(port)/" }
}
