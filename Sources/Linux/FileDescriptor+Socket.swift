import CLinux
import Glibc
public import SystemPackage

extension FileDescriptor {
  /// Whether this is a listening socket.
  public var isListening: Bool { linux_is_listening(rawValue) != 0 }

  /// Limits how long a read may block.
  ///
  /// - Parameter seconds: after which it fails.
  public func setReceiveTimeout(seconds: Int32) {
    _ = linux_set_receive_timeout(rawValue, seconds)
  }

  /// Looks at what has arrived at a socket. It stays there, and nothing is waited for.
  ///
  /// - Parameter buffer: takes as much as fits.
  /// - Returns: how many bytes there are; 0 when the peer sends no more.
  /// - Throws: `Errno.wouldBlock` when there is nothing yet.
  public func peek(into buffer: inout [UInt8]) throws(SystemCallError) -> Int {
    try systemCall("recv", recv(rawValue, &buffer, buffer.count, Int32(MSG_PEEK | MSG_DONTWAIT)))
  }

  /// Sends bytes to a socket, as many as it takes without waiting.
  ///
  /// - Parameters:
  ///   - bytes: what is to be sent.
  ///   - offset: of the first byte.
  /// - Returns: how many bytes the socket took.
  /// - Throws: `Errno.wouldBlock` when it takes none; `Errno.interrupted`; another when the peer is gone.
  public func send(_ bytes: [UInt8], from offset: Int) throws(SystemCallError) -> Int {
    try systemCall("send", linux_send(rawValue, bytes, offset, bytes.count))
  }
}
