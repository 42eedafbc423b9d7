import CFastCGI
import Glibc
import SystemPackage

/// Receives requests through libfcgi. This is the only file that calls libfcgi.
///
/// libfcgi only reads: it parses begin-request, params and standard input. `receive` copies what the engine needs
/// before it returns, and libfcgi holds nothing after that; the engine writes the responses.
/// A receiver serves one connection at a time, and any number of connections in succession.
final class LibfcgiReader {
  /// A request with the record fields that its response needs.
  struct Received {
    let requestID: UInt16
    let isResponder: Bool
    /// Whether the web server intends to reuse the connection (FCGI_KEEP_CONN).
    let keepsConnection: Bool
    let variables: MetaVariables
    var content: RequestContent
  }

  /// The request must not move, because libfcgi's streams point to it.
  private let request = UnsafeMutablePointer<FCGX_Request>.allocate(capacity: 1)
  private let maximumBodySize: Int

  /// Initializes libfcgi for the process.
  ///
  /// libfcgi installs signal handlers, so this must be called before any signal is blocked or handled.
  static func initializeLibrary() {
    FCGX_Init()
  }

  /// Makes a receiver that serves no connection yet.
  ///
  /// - Parameter maximumBodySize: the longest content that is kept, in bytes.
  init(maximumBodySize: Int) {
    self.maximumBodySize = maximumBodySize
    FCGX_InitRequest(request, -1, 0)
  }

  deinit {
    request.deallocate()
  }

  /// Reads one request to the end of its standard input.
  ///
  /// - Parameter descriptor: a connection on which the request has arrived completely, or a file with its records.
  ///   libfcgi closes it on a protocol error, or if it ends before standard input begins.
  /// - Returns: the request; nil if libfcgi closed the descriptor.
  func receive(from descriptor: FileDescriptor) -> Received? {
    request.pointee.ipcFd = descriptor.rawValue
    request.pointee.keepConnection = 1
    // libfcgi closes a detached request's descriptor without lingering.
    FCGX_Detach(request)
    guard FCGX_Accept_r(request) == 0 else { return nil }
    defer {
      FCGX_Free(request, 0)
      request.pointee.ipcFd = -1
    }
    let variables = metaVariables()
    return Received(
      requestID: UInt16(truncatingIfNeeded: request.pointee.requestId),
      isResponder: request.pointee.role == Record.responderRole,
      keepsConnection: request.pointee.keepConnection != 0,
      variables: variables, content: content(declared: variables.contentLength))
  }

  private func metaVariables() -> MetaVariables {
    var variables = MetaVariables()
    var next = request.pointee.envp
    while let entry = next?.pointee {
      variables.append(UnsafeRawBufferPointer(start: entry, count: strlen(entry)))
      next = next?.successor()
      if variables.size > MetaVariables.maximumSize { break }
    }
    return variables
  }

  /// Reads standard input to its end even if something is wrong with it, because any bytes left on the connection would
  /// be taken for the next request.
  private func content(declared: Int?) -> RequestContent {
    let limit = min(declared ?? 0, maximumBodySize)
    let body = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      count = read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    var excess = 0
    withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { scratch in
      while case let count = read(into: scratch), count > 0 { excess += count }
    }
    if let declared, declared > maximumBodySize { return .tooLarge }
    let isWhole = FCGX_GetError(request.pointee.in) == 0 && declared == body.count && excess == 0
    return isWhole ? .whole(body) : .broken
  }

  /// - Returns: the number of bytes read, which is less than the buffer's size only at the end of the stream.
  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let start = buffer.baseAddress, !buffer.isEmpty else { return 0 }
    return Int(
      FCGX_GetStr(start.assumingMemoryBound(to: CChar.self), Int32(buffer.count), request.pointee.in))
  }
}
