extension Timestamp {
  /// The timestamp as part of a file name, in ISO 8601's basic format, to the second: `20240115T143000Z`.
  public var fileNamePart: String {
    description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }
}
