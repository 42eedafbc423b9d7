import ArgumentParser
import Glibc
import Linux
import SystemPackage

/// The place from which an import takes its input: a file, standard input, or what curl receives from a URL.
enum ImportSource {
  case file(FileDescriptor)
  case download(ChildProcess)

  /// Opens the source. Nobody waits until the other end of a FIFO is opened.
  ///
  /// - Parameter input: a path, a URL, or `-` for standard input.
  /// - Throws: `SystemCallError` when the source cannot be opened; `ExitCode` 66 (EX_NOINPUT) when curl is missing.
  init(_ input: String) throws {
    if input.hasPrefix("http://") || input.hasPrefix("https://") {
      self = .download(try Self.download(input))
    } else if input == "-" || input == "/dev/stdin" {
      self = .file(.standardInput)
    } else {
      self = .file(
        try systemCall("open") {
          try FileDescriptor.open(input, .readOnly, options: [.closeOnExec, .nonBlocking])
        })
    }
  }

  var descriptor: FileDescriptor {
    switch self {
    case .file(let descriptor): descriptor
    case .download(let curl): curl.output
    }
  }

  /// Copies the whole source to a temporary file.
  ///
  /// - Parameter signals: the signals that end the copying.
  /// - Returns: the file.
  /// - Throws: `SystemCallError` when the source cannot be read; `CannotCopy` when the file cannot be written;
  ///   `CannotDownload` when curl fails, which gives the reason itself; `Interruption`.
  func copy(_ signals: CommandSignals) throws -> FileDescriptor {
    let copy: FileDescriptor
    do { copy = try FileDescriptor.temporaryFile() } catch { throw CannotCopy(reason: error.errno) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      try signals.wait(untilReadable: descriptor)
      let count: Int
      do throws(SystemCallError) {
        count = try descriptor.read(into: &bytes)
      } catch {
        if error.errno == .wouldBlock { continue }
        throw error
      }
      if count == 0 { break }
      do { try copy.write(all: Array(bytes.prefix(count))) } catch { throw CannotCopy(reason: error.errno) }
    }
    if case .download(let curl) = self, curl.wait() != 0 { throw CannotDownload() }
    return copy
  }

  /// The error for a URL that curl cannot read.
  struct CannotDownload: Error {}

  /// The reason why the input cannot be copied.
  struct CannotCopy: Error {
    let reason: Errno
  }

  /// Starts curl, which handles proxies, certificates and redirects, and fails when the response is incomplete.
  private static func download(_ url: String) throws -> ChildProcess {
    do {
      return try ChildProcess([
        "curl", "--fail", "--silent", "--show-error", "--location", "--header", "Accept: application/json",
        "--url", url,
      ])
    } catch  where error.errno == .noSuchFileOrDirectory {
      Exit.say("curl, which reads URLs, is missing; install it with: apt-get install curl")
      throw ExitCode(EX_NOINPUT)
    }
  }
}
