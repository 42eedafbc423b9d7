import CLinux
import Foundation
import Glibc
import Linux
import SystemPackage
import TestSupport

@testable import FastCGI

/// A web server's side of one FastCGI connection, byte by byte.
///
/// Reading blocks a thread that belongs to the client, so the threads for the responder's tasks stay free.
final class RecordClient: Sendable {
  struct RecordRead: Equatable, Sendable {
    let kind: UInt8
    let content: [UInt8]
  }

  /// A connection that ended inside a record, or a record that no responder sends.
  struct Malformed: Error {
    let bytes: [UInt8]
  }

  /// What the responder sent up to and including the end-request.
  struct Answer: Sendable {
    let output: [UInt8]
    let protocolStatus: UInt8

    var text: String { String(decoding: output, as: UTF8.self) }
    var status: Int? {
      text.firstMatch(of: #/^(?:Location: [^\r\n]*\r\n)?Status: ([0-9]{3}) /#).flatMap { Int($0.1) }
    }
    var body: String { text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n") }
  }

  private let descriptor: Int32
  private let queue = DispatchQueue(label: "client")

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard linux_connect_unix(descriptor, path) == 0 else { throw POSIXError(.ECONNREFUSED) }
    _ = linux_set_receive_timeout(descriptor, Int32(patience / .seconds(1)))
  }

  deinit {
    Glibc.close(descriptor)
  }

  func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = Glibc.send(descriptor, Array(bytes[sent...]), bytes.count - sent, Int32(MSG_NOSIGNAL))
      if count <= 0 { return }
      sent += count
    }
  }

  /// Sends bytes without waiting until the responder has taken them. What is read later is read after that.
  func sendInBackground(_ bytes: [UInt8]) {
    queue.async { self.send(bytes) }
  }

  /// Tells the responder that this client sends no more.
  func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Ends the connection in both directions.
  func disconnect() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// - Returns: the next record; nil if the responder has closed the connection.
  /// - Throws: `SystemCallError` with `Errno.wouldBlock` if the responder stays silent and the connection open.
  func readRecord() async throws -> RecordRead? {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try self.nextRecord() }) }
    }
  }

  private func nextRecord() throws -> RecordRead? {
    let header = try read(Record.headerSize)
    if header.isEmpty { return nil }
    guard header.count == Record.headerSize, header[0] == Record.version else {
      throw Malformed(bytes: header)
    }
    let (size, padding) = (Int(header[4]) << 8 | Int(header[5]), Int(header[6]))
    let content = try read(size + padding)
    guard content.count == size + padding else { throw Malformed(bytes: header + content) }
    return RecordRead(kind: header[1], content: Array(content.prefix(size)))
  }

  /// - Returns: the response; nil if the responder closed the connection before the end-request.
  /// - Throws: as `readRecord()` does.
  func readAnswer() async throws -> Answer? {
    var output: [UInt8] = []
    while let record = try await readRecord() {
      switch record.kind {
      case Record.Kind.stdout: output += record.content
      case Record.Kind.endRequest: return Answer(output: output, protocolStatus: record.content[4])
      default: throw Malformed(bytes: [record.kind] + record.content)
      }
    }
    return nil
  }

  func request(_ method: String, _ target: String, body: [UInt8] = []) async throws -> Answer? {
    send(Self.request(method, target, body: body))
    return try await readAnswer()
  }

  /// - Returns: `count` bytes, or fewer if the connection ends before that.
  private func read(_ count: Int) throws(SystemCallError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var part = [UInt8](repeating: 0, count: count - bytes.count)
      do throws(SystemCallError) {
        let received = try systemCall("recv", recv(descriptor, &part, part.count, 0))
        if received == 0 { break }
        bytes += part.prefix(received)
      } catch {
        // The responder closed the connection without having read everything that was sent.
        guard error.errno == .connectionReset else { throw error }
        break
      }
    }
    return bytes
  }
}

/// Builds the bytes of requests.
extension RecordClient {
  static func request(
    _ method: String, _ target: String, body: [UInt8] = [], declaredLength: Int? = nil, keeps: Bool = true,
    role: UInt8 = 1
  ) -> [UInt8] {
    head(method, target, length: declaredLength ?? body.count, keeps: keeps, role: role) + stdin(body)
      + record(Record.Kind.stdin, [])
  }

  static func head(
    _ method: String, _ target: String, length: Int = 0, keeps: Bool = true, role: UInt8 = 1
  ) -> [UInt8] {
    let params = [
      ("REQUEST_METHOD", method), ("REQUEST_URI", target), ("CONTENT_LENGTH", length == 0 ? "" : "\(length)"),
    ]
    let content = params.flatMap { name, value in
      [UInt8(name.utf8.count), UInt8(value.utf8.count)] + Array(name.utf8) + Array(value.utf8)
    }
    return record(Record.Kind.beginRequest, [0, role, keeps ? 1 : 0, 0, 0, 0, 0, 0])
      + record(4, content) + record(4, [])
  }

  /// Returns the records of standard input, without the empty record that ends it.
  static func stdin(_ content: [UInt8]) -> [UInt8] {
    stride(from: 0, to: content.count, by: Record.maximumContentSize).flatMap { start in
      record(Record.Kind.stdin, Array(content[start...].prefix(Record.maximumContentSize)))
    }
  }

  static func record(_ kind: UInt8, _ content: [UInt8], requestID: UInt16 = 1) -> [UInt8] {
    var bytes: [UInt8] = []
    Record.appendHeader(kind, requestID: requestID, contentSize: content.count, to: &bytes)
    return bytes + content
  }

  /// Returns a management record that asks for variables, and perhaps for others between them.
  static func getValues(_ names: [String] = ["FCGI_MPXS_CONNS"]) -> [UInt8] {
    record(
      Record.Kind.getValues, names.flatMap { [UInt8($0.utf8.count), 0] + Array($0.utf8) }, requestID: 0)
  }

  static let abort = record(Record.Kind.abortRequest, [])
}
