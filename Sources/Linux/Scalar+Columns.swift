import CLinux

extension Unicode.Scalar {
  /// The number of columns that the character takes on a terminal: 2 for a wide one (Unicode Standard Annex #11), 0 for
  /// one that combines with the character before it, and otherwise 1.
  public var columns: Int {
    if isASCII { return 1 }
    let columns = Int(linux_character_columns(value))
    // The C library may be older than the character.
    return columns >= 0 ? columns : properties.isEmojiPresentation ? 2 : 1
  }
}
