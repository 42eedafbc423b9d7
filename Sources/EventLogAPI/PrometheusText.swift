/// Metrics in the text-based exposition format of Prometheus, version 0.0.4. Every name begins with `eventlog_`.
struct PrometheusText {
  enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  private(set) var bytes: [UInt8] = []

  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
    add(name, kind, help, value: String(value))
  }

  /// Adds a metric with one sample, whose value is a number as text.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, value: String) {
    addHead(name, kind, help)
    addSample(name, value)
  }

  /// Adds a metric with several samples, which one label tells apart.
  mutating func add(
    _ name: String, _ kind: Kind, _ help: String, _ samples: [(label: String, of: String, value: Int)]
  ) {
    addHead(name, kind, help)
    for sample in samples {
      addSample("\(name){\(sample.label)=\"\(sample.of)\"}", String(sample.value))
    }
  }

  /// Adds a histogram.
  ///
  /// - Parameters:
  ///   - name: the name of the metric.
  ///   - help: what the metric means.
  ///   - buckets: the counts by rising bounds; each count includes those before it.
  ///   - sum: the sum of all observations.
  ///   - count: the number of all observations, including those beyond the last bound.
  mutating func addHistogram(
    _ name: String, _ help: String, _ buckets: [(bound: String, count: Int)], sum: String, count: Int
  ) {
    addHead(name, .histogram, help)
    for bucket in buckets + [("+Inf", count)] {
      addSample("\(name)_bucket{le=\"\(bucket.bound)\"}", String(bucket.count))
    }
    addSample("\(name)_sum", sum)
    addSample("\(name)_count", String(count))
  }

  private mutating func addHead(_ name: String, _ kind: Kind, _ help: String) {
    bytes += "# HELP eventlog_\(name) \(help)\n# TYPE eventlog_\(name) \(kind.rawValue)\n".utf8
  }

  private mutating func addSample(_ name: String, _ value: String) {
    bytes += "eventlog_\(name) \(value)\n".utf8
  }
}
