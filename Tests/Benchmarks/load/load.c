// A load on a FastCGI responder without a web server in between. It sends the same request repeatedly over kept
// connections. Each connection sends its next request when the response to the previous one is complete.
//
// Usage: load [-c CONNECTIONS] [-s SECONDS | -n REQUESTS] [-r RATE] SOCKET REQUEST
//
//   SOCKET           the path of the responder's unix socket
//   REQUEST          a file with the records of a request that keeps its connection, to the end of standard input
//   -c CONNECTIONS   the number of concurrent connections (1)
//   -s SECONDS       the duration in seconds (1), or
//   -n REQUESTS      the number of requests to send
//   -r RATE          the maximum number of requests per second of all connections together, evenly spread. Latencies
//                    then count from the moment when a request was due, so that waiting for a connection is included.
//
// It prints one line of JSON: `requests` that were answered, `failures` among them (a status that is not 2xx), `bytes`
// of standard output per request, `seconds`, and the latencies `p50`, `p99`, `p999` and `max` in microseconds. The exit
// status is 1 if the responder closes a connection or does not respond for 60 seconds.

#define _GNU_SOURCE
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { END_REQUEST = 3, STDOUT = 6, HEADER_SIZE = 8, LONGEST = 10 * 1000 * 1000, PATIENCE = 60 };

struct connection {
  int descriptor;
  int is_waiting; // whether it waits for a response
  int64_t due; // when the request is due, in nanoseconds
  unsigned char header[HEADER_SIZE];
  size_t header_size; // the bytes of the next record's header that have arrived
  size_t content_left; // the bytes of the record's content that are still missing
  size_t padding_left;
  char status[9]; // the start of standard output: "Status: 2"
  size_t status_size;
};

static char *request;
static size_t request_size;
static uint32_t latencies[LONGEST + 1]; // responses by microseconds; the last is also for more
static uint64_t answered, failures, bytes_received, latest;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void read_request(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) err(1, "%s", path);
  request = malloc(1 << 24);
  request_size = request ? fread(request, 1, 1 << 24, file) : 0;
  fclose(file);
  if (request_size == 0) errx(1, "%s: no request", path);
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) errx(1, "%s: too long", path);
  strcpy(address.sun_path, path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) err(1, "%s", path);
  return descriptor;
}

static void send_request(struct connection *connection) {
  for (size_t sent = 0; sent < request_size;) {
    ssize_t size = send(connection->descriptor, request + sent, request_size - sent, MSG_NOSIGNAL);
    if (size < 0) err(1, "send");
    sent += size;
  }
  connection->is_waiting = 1;
  connection->status_size = 0;
}

static void end_answer(struct connection *connection) {
  uint64_t latency = (now() - connection->due) / 1000;
  if (latency > latest) latest = latency;
  latencies[latency < LONGEST ? latency : LONGEST]++;
  answered++;
  // A created event's address comes before the status.
  if (connection->status_size != sizeof connection->status ||
      (memcmp(connection->status, "Status: 2", 9) != 0 && memcmp(connection->status, "Location:", 9) != 0))
    failures++;
  connection->is_waiting = 0;
}

/// Walks the records that have arrived.
static void take(struct connection *connection, const char *bytes, size_t size) {
  while (size > 0) {
    size_t step = 1;
    if (connection->content_left > 0) {
      step = connection->content_left < size ? connection->content_left : size;
      if (connection->header[1] == STDOUT) {
        bytes_received += step;
        for (size_t at = 0; at < step && connection->status_size < sizeof connection->status; at++)
          connection->status[connection->status_size++] = bytes[at];
      }
      connection->content_left -= step;
    } else if (connection->padding_left > 0) {
      step = connection->padding_left < size ? connection->padding_left : size;
      connection->padding_left -= step;
    } else {
      connection->header[connection->header_size++] = *bytes;
      if (connection->header_size == HEADER_SIZE) {
        connection->header_size = 0;
        connection->content_left = connection->header[4] << 8 | connection->header[5];
        connection->padding_left = connection->header[6];
      }
    }
    bytes += step;
    size -= step;
    int is_between = connection->header_size + connection->content_left + connection->padding_left == 0;
    if (is_between && connection->header[1] == END_REQUEST) end_answer(connection);
  }
}

/// Returns the latency in microseconds that this fraction of the responses did not exceed.
static uint64_t quantile(double part) {
  uint64_t wanted = answered * part, seen = 0, latency = 0;
  while (latency < LONGEST && (seen += latencies[latency]) <= wanted) latency++;
  return latency;
}

int main(int count, char **arguments) {
  int connection_count = 1;
  double seconds = 1, rate = 0;
  uint64_t limit = UINT64_MAX;
  for (int option; (option = getopt(count, arguments, "c:s:n:r:")) != -1;) {
    switch (option) {
      case 'c': connection_count = atoi(optarg); break;
      case 's': seconds = atof(optarg); break;
      case 'n':
        limit = strtoull(optarg, NULL, 10);
        seconds = 1e9;
        break;
      case 'r': rate = atof(optarg); break;
      default: return 64;
    }
  }
  if (optind + 2 != count || connection_count < 1) errx(64, "usage: load [-c N] [-s N | -n N] [-r N] SOCKET REQUEST");
  read_request(arguments[optind + 1]);

  int poll = epoll_create1(0);
  struct connection *connections = calloc(connection_count, sizeof *connections);
  if (poll < 0 || !connections) err(1, "start");
  for (int number = 0; number < connection_count; number++) {
    connections[number].descriptor = connect_to(arguments[optind]);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[number]};
    epoll_ctl(poll, EPOLL_CTL_ADD, connections[number].descriptor, &event);
  }

  int64_t start = now(), end = start + (int64_t)(seconds * 1e9);
  int64_t interval = rate > 0 ? (int64_t)(1e9 * connection_count / rate) : 0;
  for (int number = 0; number < connection_count; number++)
    connections[number].due = start + interval * number / connection_count;

  uint64_t sent = 0;
  for (;;) {
    int64_t present = now(), next = INT64_MAX;
    for (int number = 0; number < connection_count; number++) {
      struct connection *connection = &connections[number];
      if (connection->is_waiting || sent == limit || present >= end) continue;
      if (connection->due > present) {
        if (connection->due < next) next = connection->due;
        continue;
      }
      send_request(connection);
      sent++;
    }
    if (answered == sent && (sent == limit || present >= end)) break;

    int64_t patience = next == INT64_MAX ? PATIENCE * INT64_C(1000000000) : next - present;
    struct timespec timeout = {patience / 1000000000, patience % 1000000000};
    struct epoll_event events[64];
    int ready = epoll_pwait2(poll, events, 64, &timeout, NULL);
    if (ready < 0) err(1, "epoll_pwait2");
    if (ready == 0 && next == INT64_MAX) errx(1, "no response for %d seconds", PATIENCE);
    for (int number = 0; number < ready; number++) {
      struct connection *connection = events[number].data.ptr;
      static char bytes[262144];
      ssize_t size = recv(connection->descriptor, bytes, sizeof bytes, 0);
      if (size < 0) err(1, "recv");
      if (size == 0) errx(1, "the responder closed a connection");
      take(connection, bytes, size);
      if (!connection->is_waiting) connection->due = interval ? connection->due + interval : now();
    }
  }
  double took = (now() - start) / 1e9;
  printf("{\"requests\": %lu, \"failures\": %lu, \"bytes\": %.1f, \"seconds\": %.6f, ", answered, failures,
      answered ? (double)bytes_received / answered : 0, took);
  printf("\"p50\": %lu, \"p99\": %lu, \"p999\": %lu, \"max\": %lu}\n", quantile(0.5), quantile(0.99),
      quantile(0.999), latest);
}
