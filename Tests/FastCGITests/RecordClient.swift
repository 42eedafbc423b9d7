import CLinux
import Foundation
import Glibc

@testable import FastCGI

/// A web server's side of one FastCGI connection, byte by byte.
///
/// Reading blocks a thread that belongs to the client, so the threads for the responder's tasks stay free.
final class RecordClient: Sendable {
  struct RecordRead: Equatable, Sendable {
    let kind: UInt8
    let content: [UInt8]
  }

  /// What the responder sent up to and including the end-request.
  struct Answer: Sendable {
    var output: [UInt8] = []
    var protocolStatus: UInt8?

    var text: String { String(decoding: output, as: UTF8.self) }
    var status: Int? {
      text.hasPrefix("Status: ") ? Int(text.dropFirst("Status: ".count).prefix(3)) : nil
    }
    var body: String { text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n") }
  }

  private let descriptor: Int32
  private let queue = DispatchQueue(label: "client")

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard linux_connect_unix(descriptor, path) == 0 else { throw POSIXError(.ECONNREFUSED) }
    _ = linux_set_receive_timeout(descriptor, 20)
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

  /// - Returns: the next record; nil at the end of the connection.
  func readRecord() async -> RecordRead? {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: self.nextRecord()) }
    }
  }

  private func nextRecord() -> RecordRead? {
    guard let header = read(Record.headerSize) else { return nil }
    let size = Int(header[4]) << 8 | Int(header[5])
    guard let content = read(size), read(Int(header[6])) != nil else { return nil }
    return RecordRead(kind: header[1], content: content)
  }

  /// - Returns: the response; nil if the connection ended before the end-request.
  func readAnswer() async -> Answer? {
    var answer = Answer()
    while let record = await readRecord() {
      switch record.kind {
      case Record.Kind.stdout: answer.output += record.content
      case Record.Kind.endRequest:
        answer.protocolStatus = record.content[4]
        return answer
      default: break
      }
    }
    return nil
  }

  func request(_ method: String, _ target: String, body: [UInt8] = []) async -> Answer? {
    send(Self.request(method, target, body: body))
    return await readAnswer()
  }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var part = [UInt8](repeating: 0, count: count - bytes.count)
      let received = recv(descriptor, &part, part.count, 0)
      if received <= 0 { return nil }
      bytes += part.prefix(received)
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

    return stride(from: 0, to: content.count, by: Record.maximumContentSize).flatMap { start in
      record(Record.Kind.stdin, Array(content[start...].prefix(Record.maximumContentSize)))
    }
  }

  static func record(_ kind: UInt8, _ content: [UInt8], requestID: UInt16 = 1) -> [UInt8] {
    var bytes: [UInt8] = []
    Record.appendHeader(kind, requestID: requestID, contentSize: content.count, to: &bytes)
    return bytes + content
  }
}
