import ArgumentParser
import EventLog
import EventLogAccess
import EventLogAPI
import EventLogSQLite
import Glibc
import Linux
import Text

/// The command `eventlog keys`, which says who may use the log.
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Make, list, rotate and revoke the keys of the log.",
    discussion: """
      With keys, `eventlog serve --access keys` asks everyone who they are. What is done is in force within a second \
      wherever the log is used, and is recorded as events of the source eventlog.

      Exit codes: 0 on success; 64 for a wrong option or a wrong name; 69 if the log cannot be used; 74 if the output cannot \
      be written.
      """,
    subcommands: [Create.self, List.self, Rotate.self, Revoke.self])

  /// The log whose keys are meant.
  struct Log: ParsableArguments {
    @OptionGroup var store: StoreOptions
    @OptionGroup var size: SizeOptions

    /// Opens the log, and changes its keys.
    ///
    /// - Parameters:
    ///   - isNew: whether the log is made when there is none.
    ///   - body: receives the keys. It is called again if others keep the log busy.
    /// - Returns: what `body` returned.
    /// - Throws: `EventStoreError` when the log cannot be used; `Interruption`.
    func withKeys<Value: Sendable>(
      ofNewLog isNew: Bool = false, _ body: @escaping @Sendable (any AccessStore) async throws -> Value
    ) throws -> Value {
      if !isNew { _ = try store.existingFile() }
      let signals = try CommandSignals()
      let log = try SharedLog(store, size, signals)
      defer { log.close() }
      return try log.whenFree { store in
        guard let keys = store as? any AccessStore else {
          throw EventStoreError(.unavailable, cause: "this kind of log keeps no keys")
        }
        return try await body(keys)
      }
    }
  }

  /// Ends with 64 and a sentence.
  static func fail(_ sentence: String) -> ExitCode {
    Exit.say(sentence)
    return ExitCode(EX_USAGE)
  }

  /// Prints a key that was just made, and nothing else, so that it can be redirected to a file.
  static func print(_ text: KeyText, of key: AccessKey, _ done: String) throws {
    Exit.say("\(done) the key \(key.name); it is shown only now")
    do {
      try Exit.print(text.text.string)
    } catch {
      Exit.say("nobody has seen the key; eventlog keys rotate prints another one")
      throw error
    }
  }
}

extension KeysCommand {
  /// The command `eventlog keys create`.
  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Make a key, and print it.",
      discussion: """
        The key is printed once, alone on standard output; the log keeps only a digest. Whoever has it may do what its roles \
        say: record events, read them, see the status, or admin, which is everything.
        """)

    @Argument(help: ArgumentHelp("The name by which people know the key.", valueName: "name"))
    var name: String

    @Option(
      name: .customLong("role"),
      help: ArgumentHelp(
        "What the key may do: record, read, status or admin; repeat the option for several.",
        valueName: "role"),
      transform: KeyRole.init(option:))
    var roles: [KeyRole] = []

    @Option(help: ArgumentHelp("Record and read only events of this source with the key.", valueName: "text"))
    var source: String?

    @Option(
      help: ArgumentHelp(
        "How long the key can be used, such as 90d. (default: without end)", valueName: "span"),
      transform: TimeSpan.init(option:))
    var ends: TimeSpan?

    @OptionGroup var log: Log

    func run() throws {
      let key: NewKey
      do throws(NewKey.Invalid) {
        key = try NewKey(
          name: Text(name), roles: Set(roles), source: source.map { Text($0) }, span: ends)
      } catch {
        throw ValidationError(
          "\(error.member == "name" ? "The name" : "--\(error.member.string)") \(error.detail).")
      }
      try Exit.unavailable {
        guard let made = try log.withKeys(ofNewLog: true, { try await $0.makeKey(key, by: nil) }) else {
          throw KeysCommand.fail(
            "there is already a key named \(key.name.string); eventlog keys rotate replaces it")
        }
        try KeysCommand.print(made.text, of: made.key, "made")
      }
    }
  }

  /// The command `eventlog keys rotate`.
  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rotate", abstract: "Replace a key by another of the same name, and print it.",
      discussion: """
        The old key and its sessions end at once. If it was made with --ends, the new one can be used for as long, from now \
        on.
        """)

    @Argument(help: ArgumentHelp("The name of the key.", valueName: "name"))
    var name: String

    @OptionGroup var log: Log

    func run() throws {
      try Exit.unavailable {
        guard let rotated = try log.withKeys({ [name] in try await $0.rotateKey(named: Text(name), by: nil) })
        else {
          throw KeysCommand.fail("there is no key named \(Text(name).abridged)")
        }
        try KeysCommand.print(rotated.text, of: rotated.key, "replaced")
      }
    }
  }

  /// The command `eventlog keys revoke`.
  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke", abstract: "End a key and its sessions at once.")

    @Argument(help: ArgumentHelp("The name of the key.", valueName: "name"))
    var name: String

    @OptionGroup var log: Log

    func run() throws {
      try Exit.unavailable {
        guard try log.withKeys({ [name] in try await $0.revokeKey(named: Text(name), by: nil) }) else {
          throw KeysCommand.fail("there is no key named \(Text(name).abridged)")
        }
        Exit.say("revoked the key \(name)")
      }
    }
  }

  /// The command `eventlog keys list`.
  struct List: ParsableCommand {
    /// How keys are printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
      case table
      case json
    }

    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List all keys, without their secrets.",
      discussion: "The log may be in use, and stays as it is.")

    @Option(help: ArgumentHelp("table or json. (default: table)", valueName: "format"))
    var format: Format = .table

    @OptionGroup var log: Log

    func run() throws {
      try Exit.unavailable {
        let keys = try ReadOnlyLog(path: try log.store.existingFile()).keys()
        switch format {
        case .table: try Exit.print(KeyTable(keys, at: .now()).description)
        case .json: try Exit.print(String(decoding: keys.json, as: UTF8.self))
        }
      }
    }
  }
}

extension KeyRole {
  init(option value: String) throws {
    guard let role = KeyRole(rawValue: value) else {
      throw ValidationError("it must be \(KeyRole.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    self = role
  }
}

extension KeysCommand: EnvironmentOptions {
  static let environmentOptions = StoreOptions.environmentOptions + SizeOptions.environmentOptions
}
