extension Duration {
  /// The duration in seconds with three decimals, as JSON and Prometheus write numbers.
  var secondsText: String {
    let milliseconds = Int((self / .milliseconds(1)).rounded())
    let decimals = String(milliseconds % 1000)
    return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - decimals.count))\(decimals)"
  }
}
