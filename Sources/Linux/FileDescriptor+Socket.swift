import CLinux
import Glibc
public import SystemPackage

extension FileDescriptor {
  /// Whether the descriptor is a listening socket.
  public var isListening: Bool { linux_is_listening(rawValue) != 0 }

  /// Limits how long a read may block.
  ///
  /// - Parameter seconds: the time after which the read fails, in seconds.
  public func setReceiveTimeout(seconds: Int32) {
    _ = linux_set_receive_timeout(rawValue, seconds)
  }

  /// Copies what has arrived at a socket without waiting and without removing it from the socket.
  ///
  /// - Parameter buffer: receives as many bytes as fit.
  /// - Returns: the number of bytes copied; 0 if the peer sends no more.
  /// - Throws: `SystemCallError`, with `Errno.wouldBlock` if nothing has arrived yet.
  public func peek(into buffer: inout [UInt8]) throws(SystemCallError) -> Int {
    try systemCall("recv", recv(rawValue, &buffer, buffer.count, Int32(MSG_PEEK | MSG_DONTWAIT)))
  }

  /// Sends as many bytes to a socket as it accepts without waiting.
  ///
  /// - Parameters:
  ///   - bytes: the bytes to send.
  ///   - offset: the index of the first byte to send.
  /// - Returns: the number of bytes that the socket accepted.
  /// - Throws: `SystemCallError`, with `Errno.wouldBlock` if the socket accepts none, `Errno.interrupted` if a signal
  ///   arrived first, and another value if the peer is gone.
  public func send(_ bytes: [UInt8], from offset: Int) throws(SystemCallError) -> Int {
    try systemCall("send", linux_send(rawValue, bytes, offset, bytes.count))
  }
}
