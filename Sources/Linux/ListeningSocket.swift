import CLinux
import Glibc
public import SystemPackage

/// The socket to which a web server connects. This process has bound or inherited it.
public struct ListeningSocket: Sendable {
  /// Why a socket cannot be bound.
  public enum Failure: Error, CustomStringConvertible {
    /// Another process answers at this path.
    case isLive(path: String)
    /// Something other than a socket exists at this path.
    case isNotASocket(path: String)
    case noSuchGroup(String)
    case system(SystemCallError, address: String)

    public var description: String {
      switch self {
      case .isLive(let path):
        "another process answers at \(path); stop it, or take its place with --replace"
      case .isNotASocket(let path): "\(path) exists and is not a socket"
      case .noSuchGroup(let group): "the group \(group) does not exist"
      case .system(let error, let address): "cannot listen on \(address): \(error)"
      }
    }
  }

  /// The socket's descriptor, which does not block.
  public let descriptor: FileDescriptor
  /// The address on which the socket listens, in a form for people.
  public let address: String
  /// The path and inode of a socket that this process has bound to a path.
  private let file: (path: String, inode: Inode)?
  private let isShared: Bool

  /// Binds a socket and listens on it.
  ///
  /// A path is taken by renaming over it, so a process listens there at every moment. Connections that are waiting at
  /// the old socket stay with its owner.
  ///
  /// - Parameters:
  ///   - address: the address on which to listen.
  ///   - group: the name of the group that owns the path; nil keeps the process's own group.
  ///   - replaces: whether to take the place of a process that answers at the path.
  /// - Throws: `Failure`; nothing is left behind.
  public init(
    bind address: ListenAddress, group: String? = nil, replaces: Bool = false
  ) throws(Failure) {
    self.address = address.description
    isShared = false
    switch address {
    case .unix(let path):
      try Self.refuse(path, evenLive: !replaces)
      let group = try group.map { name throws(Failure) in try Self.groupID(name) }
      let (descriptor, inode) = try Self.naming(address) { () throws(SystemCallError) in
        try Self.bind(path, group: group)
      }
      self.descriptor = descriptor
      file = (path, inode)
    case .loopback(let port, let isIPv6):
      descriptor = try Self.naming(address) { () throws(SystemCallError) in
        try Self.bindLoopback(port, isIPv6: isIPv6)
      }
      file = nil
    }
  }

  /// Takes the listening sockets with which this process was started: those from a supervisor that speaks systemd's
  /// protocol (`LISTEN_FDS`, sd_listen_fds(3)), or else the one on descriptor 0 (FastCGI specification 1.0, section
  /// 2.2).
  ///
  /// - Parameter environment: the process's environment.
  /// - Returns: the sockets; none if the process was started without a listening socket.
  public static func inherited(_ environment: [String: String]) -> [ListeningSocket] {
    let isMeant = environment["LISTEN_PID"] == String(getpid())
    let count = isMeant ? environment["LISTEN_FDS"].flatMap(Int32.init) ?? 0 : 0
    let passed = (0..<max(count, 0)).lazy.map { FileDescriptor(rawValue: firstPassed + $0) }.filter(
      \.isListening)
    let descriptors = passed.isEmpty ? [.standardInput].filter(\.isListening) : Array(passed)
    return descriptors.map(ListeningSocket.init(inherited:))
  }

  private static let firstPassed: Int32 = 3

  private init(inherited descriptor: FileDescriptor) {
    self.descriptor = descriptor
    address = "descriptor \(descriptor.rawValue)"
    file = nil
    isShared = true
    linux_set_nonblocking(descriptor.rawValue)
  }

  /// Accepts a waiting connection.
  ///
  /// - Returns: the connection, which blocks and is not inherited by other programs.
  /// - Throws: `SystemCallError`, with `Errno.wouldBlock` if no connection is waiting, `Errno.interrupted` or
  ///   `Errno.connectionAbort` if this connection is gone and another one may be waiting, and another value if the
  ///   system has no room for it.
  public func accept() throws(SystemCallError) -> FileDescriptor {
    FileDescriptor(rawValue: try systemCall("accept4", linux_accept(descriptor.rawValue)))
  }

  /// Gives up the address if it still belongs to this process.
  ///
  /// - Returns: true if this process must answer the connections that are still waiting; those at a shared socket are
  ///   left to its other owners.
  public func retire() -> Bool {
    if let file, let now = try? Stat(FilePath(file.path), followTargetSymlink: false), now.inode == file.inode
    {
      unlink(file.path)
    }
    return !isShared
  }

  public func close() {
    try? descriptor.close()
  }
}
