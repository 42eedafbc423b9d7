-- A script for wrk. It posts the content of the file that is named after `--`, if any, and prints the same as `load`.

function init(arguments)
  if arguments[1] then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = assert(io.open(arguments[1])):read("*a")
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "failures": %d, "bytes": %.1f, "seconds": %.6f, "p50": %d, "p99": %d, "p999": %d, "max": %d}\n',
    summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.bytes / summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), latency.max))
end
