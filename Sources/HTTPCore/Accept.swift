public import HTTPTypes

/// What representations a client wants: the `Accept` field (RFC 9110 section 12.5.1).
public struct Accept: Sendable {
  private struct Range {
    let type: Substring
    let subtype: Substring
    /// 0 to 1; 0 means not acceptable.
    let weight: Double

    /// How closely the range names a media type, 1 to 3; nil when it does not cover it.
    func precision(for mediaType: MediaType) -> Int? {
      switch (type, subtype) {
      case ("*", "*"): 1
      case (mediaType.type[...], "*"): 2
      case (mediaType.type[...], mediaType.subtype[...]): 3
      default: nil
      }
    }
  }

  private let ranges: [Range]

  /// - Parameter fields: a request's; without `Accept`, or with nothing readable in it, anything is wanted.
  public init(_ fields: HTTPFields) {
    ranges = fields[values: .accept].joined(separator: ",").lowercased().split(separator: ",")
      .compactMap(Self.range)
  }

  /// The first of the most wanted media types.
  ///
  /// - Parameter offered: in the server's order of preference.
  /// - Returns: nil when none is acceptable.
  public func preferred(among offered: [MediaType]) -> MediaType? {
    let weighted = offered.map { (mediaType: $0, weight: weight(of: $0)) }.filter { $0.weight > 0 }
    let best = weighted.map(\.weight).max()
    return weighted.first { $0.weight == best }?.mediaType
  }

  /// The weight that the most precise range gives.
  private func weight(of mediaType: MediaType) -> Double {
    if ranges.isEmpty { return 1 }
    let matching = ranges.compactMap { range in
      range.precision(for: mediaType).map { (precision: $0, weight: range.weight) }
    }
    return matching.max { $0.precision < $1.precision }?.weight ?? 0
  }

  private static func range(_ text: Substring) -> Range? {
    let parts = text.split(separator: ";").map { $0.trimmingBlanks() }
    guard let essence = parts.first?.split(separator: "/"), essence.count == 2,
      essence.allSatisfy(\.isToken)
    else { return nil }
    let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
    return Range(type: essence[0], subtype: essence[1], weight: min(max(weight, 0), 1))
  }
}
