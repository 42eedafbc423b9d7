import ArgumentParser
import Glibc
import Linux

extension ProcessText {
  /// Refuses arguments that are not UTF-8, as standard input that is not UTF-8 is refused.
  ///
  /// - Throws: `ExitCode` 65 (EX_DATAERR), after saying which argument it is.
  static func refuseArguments() throws(ExitCode) {
    for (number, argument) in zip(1..., arguments) { try refuse(argument, "argument \(number)") }
  }

  /// Refuses variables that are not UTF-8.
  ///
  /// - Parameter options: the options that are read from the environment; no other variable is looked at.
  /// - Throws: `ExitCode` 65 (EX_DATAERR), after saying which variable it is.
  static func refuse(_ options: [EnvironmentOption]) throws(ExitCode) {
    for entry in environment {
      for option in options where entry.starts(with: "\(option.variable)=".utf8) {
        try refuse(entry, "the variable \(option.variable)")
      }
    }
  }

  private static func refuse(_ bytes: [UInt8], _ what: String) throws(ExitCode) {
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    Exit.say("\(what) is not UTF-8: \(String(decoding: bytes, as: UTF8.self))")
    throw ExitCode(EX_DATAERR)
  }
}
