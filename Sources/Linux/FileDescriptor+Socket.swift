import CLinux
import Glibc
public import SystemPackage

extension FileDescriptor {
  /// Whether the descriptor is a listening socket.
  public var isListening: Bool { linux_is_listening(rawValue) != 0 }

  /// Copies what has arrived at a socket without waiting and without removing it from the socket.
  ///
  /// - Parameter buffer: receives as many bytes as fit.
  /// - Returns: the number of bytes copied; 0 if the peer sends no more.
  /// - Throws: `SystemCallError`, with `Errno.wouldBlock` if nothing has arrived yet.
  public func peek(into buffer: inout [UInt8]) throws(SystemCallError) -> Int {
    try systemCall("recv", recv(rawValue, &buffer, buffer.count, Int32(MSG_PEEK | MSG_DONTWAIT)))
  }

  /// Takes what has arrived at a socket, without waiting.
  ///
  /// - Parameters:
  ///   - size: the maximum number of bytes to take, which is more than 0.
  ///   - buffer: receives the bytes; it has room for `size` bytes.
  /// - Returns: the number of bytes taken; 0 if the peer sends no more.
  /// - Throws: `SystemCallError`, with `Errno.wouldBlock` if nothing has arrived yet.
  @discardableResult
  public func take(_ size: Int, into buffer: inout [UInt8]) throws(SystemCallError) -> Int {
    try systemCall("recv", recv(rawValue, &buffer, min(size, buffer.count), Int32(MSG_DONTWAIT)))
  }

  /// Sends as many bytes to a socket as it accepts without waiting.
  ///
  /// - Parameters:
  ///   - bytes: contains the bytes to send.
  ///   - range: the indices of the bytes to send.
  /// - Returns: the number of bytes that the socket accepted.
  /// - Throws: `SystemCallError`, with `Errno.wouldBlock` if the socket accepts none, `Errno.interrupted` if a signal
  ///   arrived first, and another value if the peer is gone.
  public func send(_ bytes: [UInt8], _ range: Range<Int>) throws(SystemCallError) -> Int {
    try systemCall("send", linux_send(rawValue, bytes, range.lowerBound, range.upperBound))
  }
}
