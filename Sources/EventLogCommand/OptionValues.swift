import ArgumentParser
import FastCGI
import Logging

// How the values of options are read; each failure is one sentence that says what is wanted.

extension Int {
  init(option value: String, named name: String, in range: ClosedRange<Int>) throws {
    guard let number = Int(value), range.contains(number) else {
      throw ValidationError(
        "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(value)'.")
    }
    self = number
  }
}

extension ListenAddress {
  init(option value: String) throws {
    guard let address = ListenAddress(value) else {
      throw ValidationError(
        "--listen must be unix:PATH with a path of at most 107 bytes, 127.0.0.1:PORT or [::1]:PORT, not '\(value)'.")
    }
    self = address
  }
}

extension StoreURL {
  init(option value: String) throws {
    guard let url = StoreURL(value) else {
      throw ValidationError("--store must be memory or sqlite:PATH, not '\(value)'.")
    }
    self = url
  }
}

extension Logger.Level {
  init(option value: String) throws {
    guard let level = Logger.Level(rawValue: value) else {
      let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--log-level must be one of \(levels), not '\(value)'.")
    }
    self = level
  }
}
