public import HTTPTypes
import Text

/// The representations that a client prefers, as its `Accept` field says (RFC 9110 section 12.5.1).
public struct Accept: Sendable {
  private struct Range {
    let type: Text
    let subtype: Text
    /// The quality value, from 0 to 1; 0 means not acceptable.
    let weight: Double

    /// Returns how precisely the range matches a media type, from 1 to 3; nil when it does not match.
    func precision(for mediaType: MediaType) -> Int? {
      switch (type, subtype) {
      case ("*", "*"): 1
      case (Text(mediaType.type), "*"): 2
      case (Text(mediaType.type), Text(mediaType.subtype)): 3
      default: nil
      }
    }
  }

  private let ranges: [Range]

  /// Reads the `Accept` field of a request.
  ///
  /// What cannot be parsed counts as absent, and `*` alone, which old versions of Java send, as `*/*`.
  ///
  /// - Parameter fields: the request's fields; without `Accept`, or when nothing in it can be parsed, every media type
  ///   is acceptable.
  public init(_ fields: HTTPFields) {
    ranges = fields[values: .accept].flatMap { Text($0).lowercasedASCII.split(separator: ",") }
      .compactMap(Self.range)
  }

  /// Returns the first of the most preferred media types.
  ///
  /// - Parameter offered: the media types to choose from, in the server's order of preference.
  /// - Returns: nil when none is acceptable.
  public func preferred(among offered: [MediaType]) -> MediaType? {
    var preferred: MediaType?
    var highest = 0.0
    for mediaType in offered {
      let weight = weight(of: mediaType)
      if weight > highest { (preferred, highest) = (mediaType, weight) }
    }
    return preferred
  }

  /// Returns the weight that the most precise matching range gives to a media type.
  private func weight(of mediaType: MediaType) -> Double {
    if ranges.isEmpty { return 1 }
    var (precision, weight) = (0, 0.0)
    for range in ranges {
      if let found = range.precision(for: mediaType), found > precision {
        (precision, weight) = (found, range.weight)
      }
    }
    return weight
  }

  private static func range(_ text: Text) -> Range? {
    let parts = text.split(separator: ";").map(\.trimmingBlanks)
    var essence = parts[0].split(separator: "/")
    if essence == ["*"] { essence.append("*") }
    guard essence.count == 2, essence.allSatisfy(\.isToken) else { return nil }
    let weight = parts.dropFirst().lazy.compactMap(weight).first ?? 1
    return Range(type: essence[0], subtype: essence[1], weight: weight)
  }

  /// Returns the weight of a parameter, from 0 to 1; nil when the parameter is another one, or no number.
  private static func weight(_ parameter: Text) -> Double? {
    let parts = parameter.split(separator: "=", maximumSplits: 1).map(\.trimmingBlanks)
    guard parts.count == 2, parts[0] == "q", let weight = Double(parts[1].string), !weight.isNaN else {
      return nil
    }
    return min(max(weight, 0), 1)
  }
}
