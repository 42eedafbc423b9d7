@testable import FastCGI
import HTTPCore

/// Checks requests that are made from meta-variables. In the input, they are separated by zero bytes.
enum VariablesTarget {
  static func test(_ input: [UInt8]) {
    var variables = MetaVariables()
    for entry in input.split(separator: 0) { variables.append(entry) }
    guard let request = try? Request(variables, body: [], id: "id") else { return }
    require(!request.target.mount.hasPrefix("//"), "no link leads to another site")
    require(!request.target.mount.hasSuffix("/"), "a path can follow the mount")
    require(!request.id.isEmpty && !request.id.contains { $0.isWhitespace }, "an id can be logged as it is")
    _ = try? request.queryParameters()
    _ = try? request.contentType()
    _ = try? request.refuseCrossSite()
  }
}
