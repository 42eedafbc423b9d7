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
  /// The time, in nanoseconds, within which two changes of a file may have the same time of modification.
  private static let granularity: Int64 = 20_000_000

  /// What a change of a file's content changes. The time of its last change of status does not count: as root, SQLite
  /// gives a write-ahead log to its owner whenever it opens it.
  private struct File: Equatable {
    let identity: FileIdentity
    let size: Int
    /// The time of modification, in nanoseconds since 1970.
    let modified: Int64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      identity = FileIdentity(device: status.st_dev, inode: status.st_ino)
      size = Int(status.st_size)
      modified = nanoseconds(status.st_mtim)
    }
  }

  private let database: File?
  private let writeAheadLog: File?
  private let header: [UInt8]?
  /// Whether every later change gives another stamp.
  let isSettled: Bool

  /// - Parameter path: the path of the log's file without symbolic links. This process must not have it open, since it
  ///   would lose its locks.
  init(_ path: String) {
    database = File(path)
    writeAheadLog = File(path + SQLiteFile.writeAheadLog)
    header = Self.header(path + SQLiteFile.sharedMemory)
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age = database.map { nanoseconds(now) - $0.modified } ?? 0
    isSettled = header != nil || !(0..<Self.granularity).contains(age)
  }

  /// While somebody has the log open, the header tells everything, and the file also changes when that process copies what was
  /// recorded before into it.
  static func == (left: LogStamp, right: LogStamp) -> Bool {
    if let header = left.header, right.header != nil {
      return header == right.header && left.database?.identity == right.database?.identity
    }
    return left.header == right.header && left.database == right.database
      && left.writeAheadLog == right.writeAheadLog
  }

  private static func header(_ path: String) -> [UInt8]? {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return nil }
    defer { try? file.close() }
    var header = [UInt8](repeating: 0, count: headerSize)
    let count = try? header.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
    return count == headerSize ? header : nil
  }
}

private func nanoseconds(_ time: timespec) -> Int64 {
  Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
