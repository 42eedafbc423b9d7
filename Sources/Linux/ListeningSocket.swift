import CLinux
import Glibc
public import SystemPackage

/// The socket on which a web server connects: bound by this process, or inherited.
public struct ListeningSocket: Sendable {
  /// Why a socket cannot be had.
  public enum Failure: Error, CustomStringConvertible {
    /// Another process answers at this path.
    case isLive(path: String)
    /// There is something else than a socket at this path.
    case isNoSocket(path: String)
    case noSuchGroup(String)
    case system(SystemCallError, address: String)

    public var description: String {
      switch self {
      case .isLive(let path):
        "another process answers at \(path); stop it, or take its place with --replace"
      case .isNoSocket(let path): "\(path) is there and is not a socket"
      case .noSuchGroup(let group): "there is no group \(group)"
      case .system(let error, let address): "cannot listen on \(address): \(error)"
      }
    }
  }

  /// Does not block.
  public let descriptor: FileDescriptor
  /// Where it listens, for people.
  public let address: String
  /// The path and inode of a socket that this process has bound.
  private let file: (path: String, inode: Inode)?
  private let isShared: Bool

  /// Binds a socket and listens on it.
  ///
  /// A path is taken by renaming over it, so that at every moment somebody listens there. Connections that
  /// wait at the old socket stay with its owner.
  ///
  /// - Parameters:
  ///   - address: where.
  ///   - group: the group that a path is given to; nil leaves the process's own.
  ///   - replaces: whether to take the place of a process that answers at the path.
  /// - Throws: `Failure`, and nothing is left behind.
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

  /// Takes a listening socket that this process was started with, if there is one: from a supervisor that
  /// speaks systemd's protocol (`LISTEN_FDS`, sd_listen_fds(3)), else on descriptor 0 (FastCGI specification 2.2).
  ///
  /// - Parameter environment: of the process.
  public init?(inherited environment: [String: String]) {
    let firstPassed = FileDescriptor(rawValue: 3)
    if environment["LISTEN_PID"] == String(getpid()), environment["LISTEN_FDS"].flatMap(Int.init) ?? 0 >= 1,
      firstPassed.isListening
    {
      descriptor = firstPassed
    } else if FileDescriptor.standardInput.isListening {
      descriptor = .standardInput
    } else {
      return nil
    }
    address = "descriptor \(descriptor.rawValue)"
    file = nil
    isShared = true
    linux_set_nonblocking(descriptor.rawValue)
  }

  /// Accepts a connection that waits.
  ///
  /// - Returns: the connection, which blocks and is not passed on to other programs.
  /// - Throws: `Errno.wouldBlock` when none waits; `Errno.interrupted` or `Errno.connectionAbort` when this one has gone
  ///   and another may wait; another when the system has no room for it.
  public func accept() throws(SystemCallError) -> FileDescriptor {
    FileDescriptor(rawValue: try systemCall("accept4", linux_accept(descriptor.rawValue)))
  }

  /// Gives up the address, where it is this process's own.
  ///
  /// - Returns: whether connections that still wait are this process's to answer; those at a shared socket
  ///   are its other owners'.
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
