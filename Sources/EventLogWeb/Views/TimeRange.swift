import EventLog
import Text

/// A range of time that ends now, as the filter offers it. The raw value is the span that `since` takes.
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

  /// Returns the name of the range of time since a span before now.
  static func label(of span: Text) -> String {
    TimeRange(named: span)?.label ?? "last \(span)"
  }
}
