import EventLog
import HTTPCore
import HTTPTypes

extension StatusAPI {
  /// `GET /metrics`: reports the same as `/status` for Prometheus, in its text format 0.0.4.
  func getMetrics(_ request: Request) async throws(ProblemDetails) -> Response {
    let statistics = statistics()
    var text = PrometheusText()
    text.add("up", .gauge, "Whether the log can be used.", await availability.isAvailable() ? 1 : 0)
    text.add("build_info", .gauge, "The version of the program.", [("version", version, 1)])
    text.add(
      "uptime_seconds", .gauge, "Seconds since the process started.", value: statistics.uptime.secondsText)
    if let store = await storeStatistics() {
      text.add("store_events", .gauge, "Number of events in the log.", store.events)
      if let indexed = store.indexedEvents {
        text.add(
          "store_indexed_events", .gauge, "Number of events in segments of the index; the newest are not.",
          indexed)
      }
      if let disk = store.disk { add(disk, to: &text) }
      text.add("store_commits_total", .counter, "Number of transactions that recorded events.", store.commits)
      text.add(
        "store_committed_events_total", .counter, "Number of events that this process recorded.",
        store.committedEvents)
    }
    text.add(
      "connections_accepted_total", .counter, "Number of connections accepted from the web server.",
      statistics.acceptedConnections)
    text.add("connections_open", .gauge, "Number of open connections.", statistics.openConnections)
    text.add(
      "connections_idle", .gauge, "Number of open connections that are waiting for a request.",
      statistics.idleConnections)
    text.add(
      "requests_arriving", .gauge, "Number of requests of which only a part has arrived.",
      statistics.arrivingRequests)
    text.add(
      "requests_arriving_bytes", .gauge, "Memory in bytes of the requests that arrived in pieces.",
      statistics.arrivingBytes)
    text.add("workers", .gauge, "Number of threads that answer requests.", statistics.workers)
    text.add(
      "workers_busy", .gauge, "Number of threads that are answering a request.", statistics.busyWorkers)
    text.add(
      "requests_in_flight", .gauge, "Number of requests being answered.", statistics.requestsInFlight)
    if let streams { add(streams, to: &text) }
    text.add(
      "log_lines_dropped_total", .counter, "Number of log lines dropped because standard error took none.",
      statistics.droppedLogLines)
    text.add(
      "responses_total", .counter, "Number of requests that were answered, by the class of the status.",
      (1...5).map { ("code", "\($0)xx", statistics.answered[$0]) })
    text.addHistogram(
      "request_duration_seconds",
      "Seconds that answering took, without the time that clients took to accept the response.",
      statistics.durations.map { ($0.bound.secondsText, $0.count) },
      sum: statistics.totalDuration.secondsText, count: statistics.answered.reduce(0, +))
    return Response(
      .ok,
      fields: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
      body: .bytes(text.bytes))
  }

  private func add(_ streams: StreamLimits, to text: inout PrometheusText) {
    let statistics = streams.meter.statistics
    text.add("streams_open", .gauge, "Number of open streams.", streams.count)
    text.add("streams_opened_total", .counter, "Number of streams that were opened.", statistics.opened)
    text.add(
      "streams_refused_total", .counter, "Number of streams refused because there were too many.",
      statistics.refused)
    text.add(
      "streams_abandoned_total", .counter,
      "Number of streams ended because their clients took nothing for too long.", statistics.abandoned)
    text.add(
      "stream_events_total", .counter,
      "Number of events sent as they were recorded, once for each stream.", statistics.events)
  }

  private func add(_ disk: StoreStatistics.Disk, to text: inout PrometheusText) {
    text.add("store_bytes", .gauge, "Size of the log on disk in bytes.", disk.size)
    text.add(
      "store_wal_bytes", .gauge, "Size of the write-ahead log in bytes, which is a part of that.",
      disk.writeAheadLog)
    if let growth = disk.growth {
      text.add(
        "store_growth_bytes_per_hour", .gauge, "Bytes by which the log grew in the last hour.", growth)
    }
  }
}
