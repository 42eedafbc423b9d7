import ArgumentParser
import EventLog
import EventLogFormats
import HTTPCore
import Linux
import Logging

// These initializers read the values of options. An error says which values are allowed; it is the end of a sentence in
// which ArgumentParser has already named the option and the value.

extension Int {
  init(option value: String, in range: ClosedRange<Int>) throws {
    guard let number = Int(value), range.contains(number) else {
      throw ValidationError("it must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    self = number
  }
}

extension Duration {
  /// Reads `1s`, `250ms` or a number of seconds.
  init(option value: String) throws {
    let (digits, scale) =
      value.hasSuffix("ms") ? (value.dropLast(2), 1) : (value.dropLast(value.hasSuffix("s") ? 1 : 0), 1000)
    guard let number = Int(digits), (0...86_400_000).contains(number) else {
      throw ValidationError("it must be a whole number with s or ms, such as 1s or 250ms.")
    }
    self = .milliseconds(number * scale)
  }
}

extension TimeSpan {
  init(option value: String) throws {
    guard let span = TimeSpan(value) else {
      throw ValidationError("it must be a whole number followed by s, m, h, d or w, such as 24h.")
    }
    self = span
  }
}

extension ListenAddress {
  init(option value: String) throws {
    guard let address = ListenAddress(value) else {
      throw ValidationError(
        """
        it must be unix:PATH with a path of at most \(ListenAddress.maximumPathSize) bytes, 127.0.0.1:PORT or \
        [::1]:PORT.
        """)
    }
    self = address
  }
}

extension StoreURL {
  init(option value: String) throws {
    guard let url = StoreURL(value) else {
      throw ValidationError("it must be memory or sqlite:PATH.")
    }
    self = url
  }
}

extension Logger.Level {
  init(option value: String) throws {
    guard let level = Logger.Level(rawValue: value) else {
      let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("it must be one of \(levels).")
    }
    self = level
  }
}

extension EventFormat {
  init(option value: String) throws {
    guard let format = EventFormat(rawValue: value) else {
      throw ValidationError("it must be \(EventFormat.allowedNames).")
    }
    self = format
  }
}

extension Authority.Host {
  /// Reads the name of a host without a port.
  init(option value: String) throws {
    guard let authority = Authority(value), authority.port == nil, !value.hasSuffix(":") else {
      throw ValidationError("it must be the name of a host without a port, such as log.example.")
    }
    self = authority.host
  }
}

extension Origin {
  /// Reads the origin of a URL.
  init(option value: String) throws {
    guard let origin = Origin(ofURL: value) else {
      throw ValidationError("it must be an http or https URL, such as https://log.example/eventlog.")
    }
    self = origin
  }
}

extension Origin {
  /// Reads an origin without a path.
  init(exactly value: String) throws {
    guard let origin = Origin(value) else {
      throw ValidationError("it must be one scheme, host and perhaps port, such as https://app.example.")
    }
    self = origin
  }
}

extension RemoteURL {
  init(option value: String) throws {
    guard let url = RemoteURL(value) else {
      throw ValidationError(
        """
        it must be an http or https URL without user information, a query or a fragment, such as \
        https://log.example/eventlog.
        """)
    }
    self = url
  }
}

extension IPAddress {
  init(option value: String) throws {
    guard let address = IPAddress(value) else {
      throw ValidationError("it must be an IP address, such as 192.0.2.1 or 2001:db8::1.")
    }
    self = address
  }
}
