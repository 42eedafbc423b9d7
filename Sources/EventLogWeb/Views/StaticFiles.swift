import EventLog

/// The files that the web server sends as they are. They are also part of the binary, so that it knows their content.
enum StaticFiles {
  /// The version in the files' addresses. It changes with their content, so the files can be cached permanently.
  static let version: String = {
    var digest = FNV1a()
    for file in [
      PackageResources.style_css, PackageResources.app_js, PackageResources.search_js,
      PackageResources.favicon_svg,
    ] {
      digest.add(file.span)
    }
    return digest.text
  }()
}
