import CCurl
import Linux
public import SystemPackage

/// One GET request, whose response is read while it comes. Redirections are not followed, so what is sent with the request
/// reaches nobody else.
public final class HTTPTransfer {
  /// How a request is made, which is the same for all requests of a process.
  public struct Settings: Sendable {
    /// The names and values of the fields that are sent.
    public var fields: [(name: String, value: String)]
    /// The file of the authorities that are trusted, in PEM; nil means those of the system.
    public var authorities: String?
    /// The longest time without a byte.
    public var silence: Duration
    /// The descriptor to which the content is written; the transfer ends when nobody reads it any longer.
    public var output: FileDescriptor

    public init(
      fields: [(name: String, value: String)] = [], authorities: String? = nil,
      silence: Duration = .seconds(45),
      output: FileDescriptor = .standardOutput
    ) {
      self.fields = fields
      self.authorities = authorities
      self.silence = silence
      self.output = output
    }
  }

  /// The longest time until there is a connection, in seconds.
  private static let connectionTime = 20
  /// What no later attempt changes.
  private static let lastingErrors = [
    CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
  ]

  private let settings: Settings
  private let transfer: OpaqueHandle
  private let multi: OpaqueHandle
  private var fields: UnsafeMutablePointer<curl_slist>?
  private let received = HTTPReception()
  private let error = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var lastHeard = ContinuousClock.now
  private var isOver = false

  private typealias OpaqueHandle = UnsafeMutableRawPointer

  /// Prepares a request, which is sent by the first read.
  ///
  /// - Parameters:
  ///   - url: an http or https URL.
  ///   - settings: how the request is made.
  /// - Throws: `HTTPFailure` when libcurl cannot be used.
  public init(_ url: String, _ settings: Settings) throws(HTTPFailure) {
    if let reason = ccurl_load() { throw .unavailable(String(cString: reason)) }
    guard let transfer = ccurl_make(), let multi = ccurl_multi_make() else {
      throw .unavailable("libcurl has no memory")
    }
    (self.settings, self.transfer, self.multi) = (settings, transfer, multi)
    error.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    for (name, value) in settings.fields { fields = ccurl_list_append(fields, "\(name): \(value)") }
    ccurl_set_text(transfer, CURLOPT_URL, url)
    ccurl_set_list(transfer, CURLOPT_HTTPHEADER, fields)
    ccurl_set_number(transfer, CURLOPT_NOSIGNAL, 1)
    ccurl_set_number(transfer, CURLOPT_CONNECTTIMEOUT, Self.connectionTime)
    if let authorities = settings.authorities { ccurl_set_text(transfer, CURLOPT_CAINFO, authorities) }
    ccurl_set_receivers(
      transfer, HTTPReception.receiveLine, HTTPReception.receiveBody,
      Unmanaged.passUnretained(received).toOpaque(), error)
    ccurl_multi_add(multi, transfer)
  }

  deinit {
    ccurl_multi_remove(multi, transfer)
    ccurl_free(transfer)
    ccurl_multi_free(multi)
    ccurl_list_free(fields)
    error.deallocate()
  }

  /// Waits until the content begins or is known to be empty.
  ///
  /// - Returns: the head of the response.
  /// - Throws: `HTTPFailure` when no response comes.
  public func head() throws(HTTPFailure) -> HTTPHead {
    while !isOver, received.body.isEmpty { try advance() }
    let seconds = ccurl_retry_after(transfer)
    let type = ccurl_content_type(transfer).map { String(cString: $0) } ?? ""
    return HTTPHead(
      status: ccurl_status(transfer), mediaType: HTTPReception.mediaType(type),
      retryAfter: seconds > 0 ? .seconds(seconds) : nil, links: received.links)
  }

  /// Waits for the next part of the content.
  ///
  /// - Returns: the part; nil at the end of the content.
  /// - Throws: `HTTPFailure` when the rest does not come.
  public func next() throws(HTTPFailure) -> [UInt8]? {
    while received.body.isEmpty {
      if isOver { return nil }
      try advance()
    }
    return received.takeBody()
  }

  /// Receives what has come, or waits for something to come.
  private func advance() throws(HTTPFailure) {
    var running: Int32 = 0
    ccurl_multi_perform(multi, &running)
    if !received.body.isEmpty {
      lastHeard = .now
      return
    }
    if running == 0 {
      isOver = true
      return try check(CURLcode(UInt32(bitPattern: ccurl_multi_result(multi))))
    }
    let rest = lastHeard + settings.silence - .now
    if rest <= .zero { throw .silent(settings.silence) }
    ccurl_multi_poll(multi, settings.output.rawValue, Int32(min((rest / .milliseconds(1)).rounded(.up), 1e6)))
    if settings.output.wait(untilReadable: nil, for: .zero) == .outputClosed { throw .outputClosed }
  }

  private func check(_ code: CURLcode) throws(HTTPFailure) {
    if code == CURLE_OK { return }
    let detail = String(cString: error)
    let text = detail.isEmpty ? String(cString: ccurl_error_text(code)) : detail
    throw Self.lastingErrors.contains(code) ? .refused(text) : .cut(text)
  }
}
