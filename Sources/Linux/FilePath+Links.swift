import Glibc
public import SystemPackage

extension FilePath {
  /// The path behind symbolic links; where nothing is there, the same name in the folder behind them.
  public var resolvingLinks: FilePath {
    if let real { return real }
    guard let lastComponent else { return self }
    return folder.real?.appending(lastComponent) ?? self
  }

  /// The path of the folder that has this name in it.
  var folder: FilePath {
    let folder = removingLastComponent()
    return folder.isEmpty ? "." : folder
  }

  private var real: FilePath? {
    guard let resolved = realpath(string, nil) else { return nil }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }
}
