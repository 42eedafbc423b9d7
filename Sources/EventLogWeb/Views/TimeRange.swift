/// A range of time that ends now, as the filter offers it.
enum TimeRange: String, CaseIterable {
  case hour = "1h"
  case day = "24h"
  case week = "7d"
  case month = "30d"

  var label: String {
    switch self {
    case .hour: "last hour"
    case .day: "last 24 hours"
    case .week: "last 7 days"
    case .month: "last 30 days"
    }
  }

  var milliseconds: Int64 {
    let hours: Int64 =
      switch self {
      case .hour: 1
      case .day: 24
      case .week: 7 * 24
      case .month: 30 * 24
      }
    return hours * 3_600_000
  }
}
