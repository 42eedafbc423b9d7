import EventLog

/// The files that the web server sends as they are. They are part of the binary too, so that it knows their content.
enum StaticFiles {
  /// Stands in the addresses of the files, so that they can be kept for good and change with their content.
  static let version: String = {
    var digest = FNV1a()
    digest.add(PackageResources.style_css)
    digest.add(PackageResources.app_js)
    digest.add(PackageResources.favicon_svg)
    return digest.text
  }()
}
