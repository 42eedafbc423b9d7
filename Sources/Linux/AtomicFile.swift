import Glibc
public import SystemPackage

/// A file that takes its name only when it is complete and on disk. Until then, and permanently if something fails, the
/// name remains with the file that had it before.
public struct AtomicFile: ~Copyable {
  /// Why a file cannot be created or take its name. The descriptions are clauses that can follow a colon.
  public enum Failure: Error, CustomStringConvertible {
    case isDanglingLink
    case isNotARegularFile
    case system(SystemCallError)

    public var description: String {
      switch self {
      case .isDanglingLink: "it is a symbolic link whose target does not exist"
      case .isNotARegularFile: "it is not a regular file"
      case .system(let error): "\(error.errno)"
      }
    }
  }

  /// The file's path until it takes its name: a unique name in the same folder. An empty file exists there from the
  /// start.
  public let path: String
  /// The descriptor through which the file is written. It is closed when this value's lifetime ends.
  public let descriptor: FileDescriptor
  private let destination: FilePath

  /// Creates the file.
  ///
  /// - Parameters:
  ///   - destination: the path that the file takes. An existing regular file is replaced; a symbolic link is followed.
  ///   - permissions: the file's permissions, whatever the process's mask is and whatever file is replaced.
  /// - Throws: `Failure` if the file cannot be created, or if it would replace something other than a regular file.
  public init(at destination: String, permissions: FilePermissions = .ownerReadWrite) throws(Failure) {
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
    // If the file already has its name, nothing exists at this path.
    unlink(path)
  }

  /// Gives the file its name. When this returns, both the file and its name are on disk.
  ///
  /// - Throws: `Failure.system`. The previous file then keeps the name, unless only the step of writing the name to
  ///   disk failed.
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
      guard file.type == .regular else { throw .isNotARegularFile }
    } else if (try? Stat(destination, followTargetSymlink: false)) != nil {
      throw .isDanglingLink
    }
  }
}
