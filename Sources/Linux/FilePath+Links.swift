import Glibc
public import SystemPackage

extension FilePath {
  /// The path with all symbolic links resolved. If nothing exists at the path, only the links of its folder are
  /// resolved.
  public var resolvingLinks: FilePath {
    if let real { return real }
    guard let lastComponent else { return self }
    return folder.real?.appending(lastComponent) ?? self
  }

  /// The path of the folder that contains the last component.
  public var folder: FilePath {
    let folder = removingLastComponent()
    return folder.isEmpty ? "." : folder
  }

  /// What the symbolic link at the path points to; nil when no link is there.
  var linkTarget: FilePath? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let size = readlink(string, &target, target.count - 1)
    return size > 0 ? FilePath(platformString: target) : nil
  }

  private var real: FilePath? {
    guard let resolved = realpath(string, nil) else { return nil }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }
}
