/* Linux calls that the Glibc module does not export, and socket addresses, which Swift could only fill
   through unsafe pointers. Like the calls that they wrap, the functions return -1 and set errno. */
#ifndef CEPOLL_H
#define CEPOLL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
  CEPOLL_IN = EPOLLIN,
  CEPOLL_OUT = EPOLLOUT,
  CEPOLL_RDHUP = EPOLLRDHUP,
  CEPOLL_HUP = EPOLLHUP,
  CEPOLL_ERR = EPOLLERR,
  CEPOLL_ONESHOT = 1 << 30,
  CEPOLL_EXCLUSIVE = 1 << 28,
};

/* epoll_ctl(2) with the event's members as arguments. */
static inline int cepoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t key) {
  struct epoll_event event = {.events = events, .data = {.u64 = key}};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

/* accept4(2) with SOCK_CLOEXEC: the connection blocks, whatever the listener does. */
static inline int cepoll_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

static inline int cepoll_unix_address(const char *path, struct sockaddr_un *address) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address->sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address->sun_path, path);
  return 0;
}

/* bind(2) to a path, at most 107 bytes long. */
static inline int cepoll_bind_unix(int descriptor, const char *path) {
  struct sockaddr_un address;
  if (cepoll_unix_address(path, &address) < 0) return -1;
  return bind(descriptor, (struct sockaddr *)&address, sizeof address);
}

/* connect(2) to a path, at most 107 bytes long. */
static inline int cepoll_connect_unix(int descriptor, const char *path) {
  struct sockaddr_un address;
  if (cepoll_unix_address(path, &address) < 0) return -1;
  return connect(descriptor, (struct sockaddr *)&address, sizeof address);
}

/* bind(2) to a port of the loopback interface, of IPv6 if is_ipv6, else of 127.0.0.1. */
static inline int cepoll_bind_loopback(int descriptor, int is_ipv6, uint16_t port) {
  if (is_ipv6) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
    return bind(descriptor, (struct sockaddr *)&address, sizeof address);
  }
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  return bind(descriptor, (struct sockaddr *)&address, sizeof address);
}

/* How long a blocking read may take, in seconds (SO_RCVTIMEO). */
static inline int cepoll_set_receive_timeout(int descriptor, int seconds) {
  struct timeval timeout = {.tv_sec = seconds};
  return setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
}

/* O_NONBLOCK. */
static inline int cepoll_set_nonblocking(int descriptor) {
  return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

/* Raises the limit of open descriptors as far as this process may, and returns it. */
static inline long cepoll_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  (void)getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur > INT32_MAX ? INT32_MAX : (long)limit.rlim_cur;
}

/* The number of a group; -1 when there is none of that name. */
static inline long cepoll_group_id(const char *name) {
  struct group *group = getgrnam(name);
  return group == NULL ? -1 : (long)group->gr_gid;
}

/* Whether the descriptor is a listening socket (SO_ACCEPTCONN). */
static inline int cepoll_is_listening(int descriptor) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

#endif
