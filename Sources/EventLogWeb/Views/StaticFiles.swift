/// The files that the web server sends as they are. They are part of the binary too, so that it knows their content.
enum StaticFiles {
  /// Stands in the addresses of the files, so that they can be kept for good and change with their content.
  static let version: String = {
    // FNV-1a, 64 bits.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in PackageResources.style_css + PackageResources.app_js + PackageResources.favicon_svg {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 36)
  }()
}
