import ArgumentParser
import EventLogSQLite

/// The option that limits how large a log may become. Every command that records events takes it.
struct SizeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The most that the log may take on disk, such as 500MiB or 10GiB. Beyond it, nothing is recorded. \
      (default: as much as the disk has)
      """,
      valueName: "size"),
    transform: ByteCount.init(option:))
  var maxSize: ByteCount?

  /// The settings to open a log with.
  var settings: SQLiteEventStore.Settings {
    var settings = SQLiteEventStore.Settings()
    settings.maximumSize = maxSize?.bytes
    return settings
  }
}

extension SizeOptions: EnvironmentOptions {
  static let environmentOptions = [EnvironmentOption.value("max-size")]
}
