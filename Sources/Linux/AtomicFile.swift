import Glibc
public import SystemPackage

/// A file that takes its name when it is whole and on disk. Until then, and for good where something fails, what had the
/// name keeps it.
public struct AtomicFile: ~Copyable {
  /// Why a file cannot be made or take its name, as a part of a sentence.
  public enum Failure: Error, CustomStringConvertible {
    case isLinkToNothing
    case isNoRegularFile
    case system(SystemCallError)

    public var description: String {
      switch self {
      case .isLinkToNothing: "it is a symbolic link to nothing"
      case .isNoRegularFile: "it is no regular file"
      case .system(let error): "\(error.errno)"
      }
    }
  }

  /// The file's path until it is whole: beside its place, and nobody else's. It is there, and empty.
  public let path: String
  /// Writes to the file. It is closed with the value.
  public let descriptor: FileDescriptor
  private let destination: FilePath

  /// Makes the file.
  ///
  /// - Parameters:
  ///   - destination: the path that it takes; a regular file that is there is replaced, and a symbolic link followed.
  ///   - permissions: what it has whatever the process's mask.
  /// - Throws: when it cannot be made, or would take the place of what is no regular file.
  public init(at destination: String, permissions: FilePermissions) throws(Failure) {
    let destination = FilePath(destination).resolvingLinks
    try Self.refuse(destination)
    let path = "\(destination).unfinished-\(UInt64.random(in: .min ... .max))"
    do throws(SystemCallError) {
      descriptor = try systemCall("open") {
        try FileDescriptor.open(
          path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
      }
    } catch {
      throw .system(error)
    }
    fchmod(descriptor.rawValue, permissions.rawValue)
    self.path = path
    self.destination = destination
  }

  deinit {
    try? descriptor.close()
    // Where it has its name already, there is nothing to be found.
    unlink(path)
  }

  /// Gives the file its name. When this returns, both are on disk.
  ///
  /// - Throws: `Failure.system`; what had the name keeps it, unless only the name could not be put on disk.
  public consuming func commit() throws(Failure) {
    do throws(SystemCallError) {
      try systemCall("fsync", fsync(descriptor.rawValue))
      try systemCall("rename", rename(path, destination.string))
      let folder = try systemCall("open") {
        try FileDescriptor.open(destination.folder, .readOnly, options: .closeOnExec)
      }
      defer { try? folder.close() }
      try systemCall("fsync", fsync(folder.rawValue))
    } catch {
      throw .system(error)
    }
  }

  private static func refuse(_ destination: FilePath) throws(Failure) {
    if let file = try? Stat(destination) {
      guard file.type == .regular else { throw .isNoRegularFile }
    } else if (try? Stat(destination, followTargetSymlink: false)) != nil {
      throw .isLinkToNothing
    }
  }
}
