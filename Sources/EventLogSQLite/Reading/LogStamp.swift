import Glibc
import SystemPackage

/// What changes whenever something is recorded in a log. Looking at it takes no lock and opens nothing that SQLite has.
///
/// The index of the write-ahead log begins with a header that every transaction changes at its end, once it is durable
/// (section 2.1 of SQLite's "WAL-mode File Format"). Where nobody has the log open, there is none, and its file shows
/// the changes.
struct LogStamp: Equatable {
  /// The size of the header, in bytes.
  private static let headerSize = 48

  private let database: FileStatus?
  private let writeAheadLog: FileStatus?
  private let header: [UInt8]?

  /// - Parameter path: the path of the log's file without symbolic links. This process must not have it open, since it
  ///   would lose its locks.
  init(_ path: String) {
    database = FileStatus(path: path)
    writeAheadLog = FileStatus(path: path + SQLiteFile.writeAheadLog)
    header = Self.header(path + SQLiteFile.sharedMemory)
  }

  private static func header(_ path: String) -> [UInt8]? {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return nil }
    defer { try? file.close() }
    var header = [UInt8](repeating: 0, count: headerSize)
    let count = try? header.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
    return count == headerSize ? header : nil
  }
}
