import CLinux
import Glibc
import SystemPackage

/// Binds sockets to addresses.
extension ListeningSocket {
  /// How many connections may wait to be accepted; the system reduces this to its own limit.
  private static let backlog: Int32 = 65_535
  /// The permissions of a socket's path; the web server connects as a member of its group.
  private static let mode: mode_t = 0o660

  /// Refuses a path that must not be replaced. Only a socket is replaced, and a live one, which another process
  /// answers, only if `refusesLive` is false.
  static func refuse(_ path: String, evenLive refusesLive: Bool) throws(Failure) {
    guard let file = try? Stat(FilePath(path), followTargetSymlink: false) else { return }
    guard file.type == .socket else { throw .isNotASocket(path: path) }
    guard refusesLive else { return }
    let probe = try naming(.unix(path: path)) { () throws(SystemCallError) in try open(AF_UNIX) }
    defer { try? probe.close() }
    do throws(SystemCallError) {
      try systemCall("connect", linux_connect_unix(probe.rawValue, path))
    } catch  where [.connectionRefused, .noSuchFileOrDirectory].contains(error.errno) {
      return
    } catch {
      // A full queue or a missing permission shows that the socket is live.
    }
    throw .isLive(path: path)
  }

  static func groupID(_ name: String) throws(Failure) -> gid_t {
    let id = linux_group_id(name)
    guard id >= 0 else { throw .noSuchGroup(name) }
    return gid_t(id)
  }

  static func bind(
    _ path: String, group: gid_t?
  ) throws(SystemCallError) -> (FileDescriptor, Inode) {
    let descriptor = try open(AF_UNIX)
    do throws(SystemCallError) {
      let temporaryPath = try bindTemporarily(descriptor, beside: path)
      do throws(SystemCallError) {
        try systemCall("chmod", chmod(temporaryPath, mode))
        if let group { try systemCall("chown", chown(temporaryPath, uid_t.max, group)) }
        try systemCall("listen", listen(descriptor.rawValue, backlog))
        let file = try systemCall("lstat") { try Stat(FilePath(temporaryPath), followTargetSymlink: false) }
        try systemCall("rename", rename(temporaryPath, path))
        return (descriptor, file.inode)
      } catch {
        unlink(temporaryPath)
        throw error
      }
    } catch {
      try? descriptor.close()
      throw error
    }
  }

  /// Binds a socket to a path that nothing else has. bind(2) never takes a path that exists, so no other process can
  /// get the same one, not even in another container, where its process id may be the same.
  ///
  /// - Returns: the path, which is at most eight bytes longer than `path`.
  private static func bindTemporarily(
    _ descriptor: FileDescriptor, beside path: String
  ) throws(SystemCallError) -> String {
    while true {
      let name = (0..<7).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "x" }
      let temporaryPath = "\(path).\(String(name))"
      do throws(SystemCallError) {
        try systemCall("bind", linux_bind_unix(descriptor.rawValue, temporaryPath))
        return temporaryPath
      } catch {
        if error.errno != .addressInUse { throw error }
      }
    }
  }

  static func bindLoopback(_ port: UInt16, isIPv6: Bool) throws(SystemCallError) -> FileDescriptor {
    let descriptor = try open(isIPv6 ? AF_INET6 : AF_INET)
    do throws(SystemCallError) {
      var yes: Int32 = 1
      setsockopt(
        descriptor.rawValue, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout.size(ofValue: yes)))
      try systemCall("bind", linux_bind_loopback(descriptor.rawValue, isIPv6 ? 1 : 0, port))
      try systemCall("listen", listen(descriptor.rawValue, backlog))
      return descriptor
    } catch {
      try? descriptor.close()
      throw error
    }
  }

  private static func open(_ family: Int32) throws(SystemCallError) -> FileDescriptor {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    return FileDescriptor(rawValue: try systemCall("socket", socket(family, type, 0)))
  }

  /// Adds the address to a failure that happened there.
  static func naming<Result>(
    _ address: ListenAddress, _ body: () throws(SystemCallError) -> Result
  ) throws(Failure) -> Result {
    do throws(SystemCallError) {
      return try body()
    } catch {
      throw .system(error, address: address.description)
    }
  }
}
