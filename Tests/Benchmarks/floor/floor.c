// The minimal FastCGI responder: one epoll loop that answers every request with the same bytes.
//
// Usage: floor SOCKET ANSWER
//
// SOCKET is the path of the unix socket to listen on, and ANSWER is a file with the response in CGI format: the head,
// an empty line, and the body. Requests are read to the end of their standard input and otherwise ignored. Connections
// are kept, and the request id is 1, which is what nginx sends.

#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { END_REQUEST = 3, STDIN = 5, STDOUT = 6, HEADER_SIZE = 8, LARGEST_CONTENT = 65528 };

struct connection {
  int descriptor;
  unsigned char header[HEADER_SIZE];
  size_t header_size; // the bytes of the next record's header that have arrived
  size_t content_left; // the bytes of the record that are still missing
};

static char *answer; // the response as records, with the end-request
static size_t answer_size;

static void append(const void *bytes, size_t size) {
  answer = realloc(answer, answer_size + size);
  if (!answer) err(1, "realloc");
  memcpy(answer + answer_size, bytes, size);
  answer_size += size;
}

static void append_header(unsigned char type, size_t size) {
  unsigned char header[HEADER_SIZE] = {1, type, 0, 1, size >> 8, size & 0xFF, 0, 0};
  append(header, sizeof header);
}

static void read_answer(const char *path) {
  static char content[LARGEST_CONTENT];
  FILE *file = fopen(path, "r");
  if (!file) err(1, "%s", path);
  for (size_t size; (size = fread(content, 1, sizeof content, file)) > 0;) {
    append_header(STDOUT, size);
    append(content, size);
  }
  fclose(file);
  append_header(STDOUT, 0);
  append_header(END_REQUEST, 8);
  append((char[8]){0}, 8);
}

static int listen_on(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) errx(1, "%s: too long", path);
  strcpy(address.sun_path, path);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024))
    err(1, "%s", path);
  return listener;
}

/// Walks the records that have arrived, and responds at each end of a standard input. False if the peer is gone.
static int take(struct connection *connection, const unsigned char *bytes, size_t size) {
  while (size > 0) {
    if (connection->content_left > 0) {
      size_t step = connection->content_left < size ? connection->content_left : size;
      connection->content_left -= step;
      bytes += step;
      size -= step;
      continue;
    }
    connection->header[connection->header_size++] = *bytes++;
    size--;
    if (connection->header_size < HEADER_SIZE) continue;
    const unsigned char *header = connection->header;
    size_t content_size = header[4] << 8 | header[5];
    connection->header_size = 0;
    connection->content_left = content_size + header[6];
    if (header[1] == STDIN && content_size == 0
        && send(connection->descriptor, answer, answer_size, MSG_NOSIGNAL) != (ssize_t)answer_size)
      return 0;
  }
  return 1;
}

int main(int count, char **arguments) {
  if (count != 3) errx(64, "usage: floor SOCKET ANSWER");
  read_answer(arguments[2]);
  int listener = listen_on(arguments[1]);
  int poll = epoll_create1(0);
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});

  for (;;) {
    static unsigned char bytes[65536];
    struct epoll_event events[64];
    int ready = epoll_wait(poll, events, 64, -1);
    for (int number = 0; number < ready; number++) {
      struct connection *connection = events[number].data.ptr;
      if (!connection) {
        connection = calloc(1, sizeof *connection);
        if (!connection || (connection->descriptor = accept(listener, NULL, NULL)) < 0) err(1, "accept");
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        epoll_ctl(poll, EPOLL_CTL_ADD, connection->descriptor, &event);
        continue;
      }
      ssize_t size = recv(connection->descriptor, bytes, sizeof bytes, 0);
      if (size <= 0 || !take(connection, bytes, size)) {
        close(connection->descriptor);
        free(connection);
      }
    }
  }
}
