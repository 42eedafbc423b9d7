import Glibc
public import HTTPCore
import HTTPTypes
import Linux
public import Logging
import SystemPackage

/// Answers one request as a CGI program (RFC 3875): it reads the request from the environment and standard input, and
/// writes the response to standard output.
public struct CGIProgram: Sendable {
  private let environment: [[UInt8]]
  private let maximumBodySize: Int
  private let logger: Logger

  /// Returns whether a web server has started this process to answer one request.
  ///
  /// If so, the command line must not be read: the web server may have put the query there (RFC 3875 section 4.4).
  ///
  /// - Parameter environment: the process's environment.
  /// - Returns: true for a CGI program; false for a responder that has a listening socket, whatever else is set.
  public static func isAsked(by environment: [String: String]) -> Bool {
    environment["GATEWAY_INTERFACE"] != nil && !FileDescriptor.standardInput.isListening
      && environment["LISTEN_PID"] != String(getpid())
  }

  /// Makes a program that answers the request in an environment.
  ///
  /// - Parameters:
  ///   - environment: the process's environment as `NAME=value`, in the bytes that the web server gave it.
  ///   - maximumBodySize: the longest content that is accepted, in bytes.
  ///   - logger: logs what went wrong.
  public init(environment: [[UInt8]], maximumBodySize: Int, logger: Logger) {
    self.environment = environment
    self.maximumBodySize = maximumBodySize
    self.logger = logger
  }

  /// Reads the request, lets the handler answer it, and writes the response.
  ///
  /// - Parameter handler: answers the request.
  /// - Returns: true if the complete response was written.
  public func respond(_ handler: (Request) async -> Response) async -> Bool {
    var variables = MetaVariables()
    for variable in environment { variables.append(variable) }
    let requestID = variables.requestID ?? Request.makeID()
    var response: Response
    do throws(ProblemDetails) {
      // The request is refused, but a web server may not send the response of a program that has not read its input.
      if variables.hasContentOfUnknownLength { _ = Self.standardInput(size: maximumBodySize) }
      let body = try content(declared: variables.contentLength).body(maximumSize: maximumBodySize)
      response = await handler(try Request(variables, body: body, id: requestID))
    } catch {
      response = error.response
    }
    var spooled: BodySpool?
    if case .stream(let stream) = response.body {
      do {
        let spool = BodySpool()
        try await stream(spool)
        response.body = .omitted(length: await spool.length)
        spooled = spool
      } catch {
        logger.error("\(error)", metadata: ["request-id": "\(requestID)"])
        response =
          ProblemDetails(.internalServerError, detail: "The response could not be produced.").response
      }
    }
    var head = ResponseHead.bytes(of: response, requestID: requestID)
    if case .bytes(let body) = response.body { head += body }
    do {
      try FileDescriptor.standardOutput.write(all: head)
      try await spooled?.send(to: .standardOutput)
      return true
    } catch {
      logger.error(
        "cut a response short", metadata: ["request-id": "\(requestID)", "cause": "\(error)"])
      return false
    }
  }

  private func content(declared: Int?) -> RequestContent {
    guard let declared, declared <= maximumBodySize else {
      Self.discardStandardInput(size: declared)
      return declared == nil ? .broken : .tooLarge
    }
    let body = Self.standardInput(size: declared)
    return body.count == declared ? .whole(body) : .broken
  }

  /// - Returns: the bytes read; fewer than `size` only if the input ends.
  private static func standardInput(size: Int) -> [UInt8] {
    var input: [UInt8] = []
    while input.count < size {
      var part = [UInt8](repeating: 0, count: min(65_536, size - input.count))
      guard let count = try? FileDescriptor.standardInput.read(into: &part), count > 0 else { break }
      input += part.prefix(count)
    }
    return input
  }
}
