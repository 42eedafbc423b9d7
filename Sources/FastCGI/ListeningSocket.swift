import CEpoll
import Glibc

/// The socket on which a web server connects: bound by this process, or inherited.
public struct ListeningSocket: Sendable {
  /// Why a socket cannot be had.
  public enum Failure: Error, CustomStringConvertible {
    /// Another process answers at this path.
    case isLive(path: String)
    /// There is something else than a socket at this path.
    case isNoSocket(path: String)
    case noSuchGroup(String)
    case system(SystemError, address: String)

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

  /// Connections that may wait to be accepted: as many as the system allows.
  private static let backlog: Int32 = 65_535
  /// The web server connects by its group.
  private static let mode: mode_t = 0o660

  let descriptor: Int32
  let address: String
  /// The path and inode of a socket that this process has bound.
  private let file: (path: String, inode: ino_t)?
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
      descriptor = try Self.open(AF_UNIX, address)
      let temporaryPath = "\(path).\(getpid())"
      unlink(temporaryPath)
      do throws(Failure) {
        try Self.check(cepoll_bind_unix(descriptor, temporaryPath), "bind", address)
        try Self.check(chmod(temporaryPath, Self.mode), "chmod", address)
        if let group { try Self.give(temporaryPath, to: group, address) }
        try Self.check(listen(descriptor, Self.backlog), "listen", address)
        file = (path, Self.inode(temporaryPath) ?? 0)
        try Self.check(rename(temporaryPath, path), "rename", address)
      } catch {
        unlink(temporaryPath)
        Glibc.close(descriptor)
        throw error
      }
    case .loopback(let port, let isIPv6):
      file = nil
      descriptor = try Self.open(isIPv6 ? AF_INET6 : AF_INET, address)
      do throws(Failure) {
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout.size(ofValue: yes)))
        try Self.check(cepoll_bind_loopback(descriptor, isIPv6 ? 1 : 0, port), "bind", address)
        try Self.check(listen(descriptor, Self.backlog), "listen", address)
      } catch {
        Glibc.close(descriptor)
        throw error
      }
    }
  }

  /// Takes a listening socket that this process was started with, if there is one: from a supervisor that
  /// speaks systemd's protocol (`LISTEN_FDS`, sd_listen_fds(3)), else on descriptor 0 (FastCGI specification 2.2).
  ///
  /// - Parameter environment: of the process.
  public init?(inherited environment: [String: String]) {
    let firstPassed: Int32 = 3
    if environment["LISTEN_PID"] == String(getpid()), environment["LISTEN_FDS"].flatMap(Int.init) ?? 0 >= 1,
      cepoll_is_listening(firstPassed) != 0
    {
      descriptor = firstPassed
    } else if cepoll_is_listening(0) != 0 {
      descriptor = 0
    } else {
      return nil
    }
    address = "descriptor \(descriptor)"
    file = nil
    isShared = true
    cepoll_set_nonblocking(descriptor)
  }

  /// Gives up the address, where it is this process's own.
  ///
  /// - Returns: whether connections that still wait are this process's to answer; those at a shared socket
  ///   are its other owners'.
  func retire() -> Bool {
    if let file, Self.inode(file.path) == file.inode { unlink(file.path) }
    return !isShared
  }

  func close() {
    Glibc.close(descriptor)
  }

  /// Only a socket is replaced; one that somebody answers at only where that is wanted.
  private static func refuse(_ path: String, evenLive refusesLive: Bool) throws(Failure) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    guard information.st_mode & S_IFMT == S_IFSOCK else { throw .isNoSocket(path: path) }
    guard refusesLive else { return }
    let probe = try open(AF_UNIX, .unix(path: path))
    defer { Glibc.close(probe) }
    // Dead is only what refuses; a full queue or missing permission are signs of life.
    if cepoll_connect_unix(probe, path) == 0 || (errno != ECONNREFUSED && errno != ENOENT) {
      throw .isLive(path: path)
    }
  }

  private static func open(_ family: Int32, _ address: ListenAddress) throws(Failure) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, type, 0)
    try check(descriptor, "socket", address)
    return descriptor
  }

  private static func give(_ path: String, to group: String, _ address: ListenAddress) throws(Failure) {
    let id = cepoll_group_id(group)
    guard id >= 0 else { throw .noSuchGroup(group) }
    try check(chown(path, uid_t.max, gid_t(id)), "chown", address)
  }

  private static func inode(_ path: String) -> ino_t? {
    var information = stat()
    return lstat(path, &information) == 0 ? information.st_ino : nil
  }

  private static func check(_ result: Int32, _ call: String, _ address: ListenAddress) throws(Failure) {
    guard result >= 0 else { throw .system(SystemError(call), address: address.description) }
  }
}
