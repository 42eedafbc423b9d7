// Readers of `GET /events/stream`, and a writer: how long it takes from a 201 until each reader has the event.
//
// Usage: streams [-c READERS] [-w WAVE] [-e EVENTS] [-r RATE] ADDRESS STREAM [EVENT]
//
//   ADDRESS      the path of the responder's unix socket, or a port of this machine
//   STREAM       a file with the request for a stream. Six `@` in it become the number of the reader, from 000000
//   EVENT        a file with the request that records an event
//   -c READERS   the number of readers (1)
//   -w WAVE      how many readers connect at the same time (200)
//   -e EVENTS    the number of events that are recorded (0)
//   -r RATE      how many of them are recorded in a second (1)
//
// It prints one line when all readers are connected: the seconds that it took. Then it waits for a line on standard input,
// and only reads meanwhile. The requests are sent as they are, so they may be of FastCGI or of HTTP.
//
// After all readers have all events, it prints one line of JSON: the latencies from the 201 to each reader (`p50`, `p99`,
// `max`), those from the 201 to the last reader of the event (`last_p50`, `last_p99`, `last_max`), both in microseconds; and
// `processor`, the processor time of the readers for one event of one reader, in microseconds. An event that came before
// its 201 counts as 0. Without events, it reads until standard input ends, and prints the number of `events` that came.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 60, BATCH = 512 };

struct reader {
  int descriptor;
  int is_open; // whether the stream has begun
  int matched; // how many bytes of the mark have arrived
  int events; // how many events have arrived
};

struct request {
  char *bytes;
  size_t size;
  char *number; // where the number of the reader is written, or null
};

static const char mark[] = "\ndata: {"; // a part of each event, and of nothing else
static const char *address;
static struct request stream_request, event_request;
static int reader_count = 1, wave = 200, event_count = 0, open_count = 0;
static double rate = 1;
static struct reader *readers;
static int64_t *recorded; // when the 201 of each event came, in nanoseconds
static int64_t *arrived; // when each event came to each reader
static uint64_t arrived_count = 0;
static int poll_descriptor;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static struct request read_request(const char *path) {
  struct request request = {malloc(1 << 20), 0, NULL};
  FILE *file = fopen(path, "r");
  if (!file || !request.bytes) err(1, "%s", path);
  request.size = fread(request.bytes, 1, 1 << 20, file);
  fclose(file);
  request.number = memmem(request.bytes, request.size, "@@@@@@", 6);
  return request;
}

static int connected(void) {
  struct sockaddr_un local = {.sun_family = AF_UNIX};
  struct sockaddr_in port = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int is_local = strchr(address, '/') != NULL;
  if (strlen(address) >= sizeof local.sun_path) errx(1, "%s: too long", address);
  strcpy(local.sun_path, address);
  port.sin_port = htons(atoi(address));
  int descriptor = socket(is_local ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
  struct sockaddr *peer = is_local ? (struct sockaddr *)&local : (struct sockaddr *)&port;
  if (descriptor < 0 || connect(descriptor, peer, is_local ? sizeof local : sizeof port)) err(1, "%s", address);
  return descriptor;
}

static void send_all(int descriptor, struct request request) {
  if (send(descriptor, request.bytes, request.size, MSG_NOSIGNAL) != (ssize_t)request.size) err(1, "send");
}

static void begin(int number) {
  struct reader *reader = &readers[number];
  reader->descriptor = connected();
  if (stream_request.number) {
    char digits[16];
    snprintf(digits, sizeof digits, "%06d", number);
    memcpy(stream_request.number, digits, 6);
  }
  send_all(reader->descriptor, stream_request);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
  epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, reader->descriptor, &event);
}

static void take(int number, const char *bytes, size_t size, int64_t time) {
  struct reader *reader = &readers[number];
  if (!reader->is_open) {
    if (!memmem(bytes, size, "text/event-stream", 17)) errx(1, "no stream: %.*s", (int)size, bytes);
    reader->is_open = 1;
    open_count++;
  }
  for (size_t at = 0; at < size; at++) {
    reader->matched = bytes[at] == mark[reader->matched] ? reader->matched + 1 : bytes[at] == mark[0];
    if (reader->matched < (int)sizeof mark - 1) continue;
    reader->matched = 0;
    if (reader->events < event_count) arrived[(size_t)reader->events * reader_count + number] = time;
    reader->events++;
    arrived_count++;
  }
}

/// Reads what has arrived.
static void read_ready(int milliseconds) {
  static char bytes[262144];
  struct epoll_event events[BATCH];
  int ready = epoll_wait(poll_descriptor, events, BATCH, milliseconds);
  if (ready < 0) err(1, "epoll_wait");
  for (int index = 0; index < ready; index++) {
    int number = events[index].data.u32;
    ssize_t size = recv(readers[number].descriptor, bytes, sizeof bytes, 0);
    if (size <= 0) errx(1, "stream %d has ended", number);
    take(number, bytes, size, now());
  }
}

/// Records the events at an even pace, on a thread of its own, so that the time of a 201 does not depend on the readers.
static void *record(void *unused) {
  int descriptor = connected();
  int64_t start = now();
  for (int number = 0; number < event_count; number++) {
    int64_t due = start + (int64_t)(1e9 * number / rate);
    struct timespec time = {due / 1000000000, due % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
    char bytes[65536];
    while (recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT) > 0) continue;
    send_all(descriptor, event_request);
    ssize_t size = recv(descriptor, bytes, sizeof bytes, 0);
    recorded[number] = now();
    if (size <= 0 || !memmem(bytes, size, " 201 ", 5)) errx(1, "not recorded: %.*s", (int)size, bytes);
  }
  return unused;
}

static int compare(const void *one, const void *other) {
  int64_t difference = *(const int64_t *)one - *(const int64_t *)other;
  return (difference > 0) - (difference < 0);
}

static long quantile(int64_t *sorted, size_t count, double part) {
  size_t index = count * part;
  return sorted[index < count ? index : count - 1] / 1000;
}

static double processor_time(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void report(double processor) {
  size_t count = (size_t)event_count * reader_count;
  int64_t *last = calloc(event_count, sizeof *last);
  for (size_t index = 0; index < count; index++) {
    int number = index / reader_count;
    int64_t latency = arrived[index] - recorded[number];
    arrived[index] = latency > 0 ? latency : 0;
    if (arrived[index] > last[number]) last[number] = arrived[index];
  }
  qsort(arrived, count, sizeof *arrived, compare);
  qsort(last, event_count, sizeof *last, compare);
  printf("{\"p50\": %ld, \"p99\": %ld, \"max\": %ld, ", quantile(arrived, count, 0.5), quantile(arrived, count, 0.99),
      quantile(arrived, count, 1));
  printf("\"last_p50\": %ld, \"last_p99\": %ld, \"last_max\": %ld, ", quantile(last, event_count, 0.5),
      quantile(last, event_count, 0.99), quantile(last, event_count, 1));
  printf("\"processor\": %.2f}\n", processor / count * 1e6);
}

/// Whether a line is waiting on standard input, or its end.
static int is_told(void) {
  struct timeval none = {0, 0};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(0, &set);
  char bytes[64];
  return select(1, &set, NULL, NULL, &none) == 1 && read(0, bytes, sizeof bytes) >= 0;
}

int main(int count, char **arguments) {
  for (int option; (option = getopt(count, arguments, "c:w:e:r:")) != -1;) {
    switch (option) {
      case 'c': reader_count = atoi(optarg); break;
      case 'w': wave = atoi(optarg); break;
      case 'e': event_count = atoi(optarg); break;
      case 'r': rate = atof(optarg); break;
      default: return 64;
    }
  }
  if (count - optind != 2 + (event_count > 0) || reader_count < 1)
    errx(64, "usage: streams [-c N] [-w N] [-e N] [-r N] ADDRESS STREAM [EVENT]");
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  address = arguments[optind];
  stream_request = read_request(arguments[optind + 1]);
  if (event_count > 0) event_request = read_request(arguments[optind + 2]);
  poll_descriptor = epoll_create1(0);
  readers = calloc(reader_count, sizeof *readers);
  recorded = calloc(event_count + 1, sizeof *recorded);
  arrived = calloc((size_t)event_count * reader_count + 1, sizeof *arrived);
  if (poll_descriptor < 0 || !readers || !recorded || !arrived) err(1, "start");

  int64_t start = now();
  for (int number = 0; number < reader_count; number++) {
    begin(number);
    while (number + 1 - open_count >= wave) read_ready(PATIENCE * 1000);
  }
  while (open_count < reader_count) read_ready(PATIENCE * 1000);
  printf("%.3f\n", (now() - start) / 1e9);
  fflush(stdout);
  while (!is_told()) read_ready(50);

  if (event_count == 0) {
    printf("{\"events\": %lu}\n", arrived_count);
    return 0;
  }
  double before = processor_time();
  pthread_t writer;
  if (pthread_create(&writer, NULL, record, NULL)) errx(1, "no thread");
  int64_t end = now() + (int64_t)((event_count / rate + PATIENCE) * 1e9);
  while (arrived_count < (uint64_t)event_count * reader_count) {
    read_ready(1000);
    if (now() > end) errx(1, "only %lu of the events have arrived", arrived_count);
  }
  pthread_join(writer, NULL);
  report(processor_time() - before);
  return 0;
}
