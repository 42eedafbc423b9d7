/* Linux calls that the Glibc module does not export, and socket addresses, which Swift could only fill
   through unsafe pointers. Like the calls that they wrap, the functions return -1 and set errno. */
#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

enum {
  LINUX_EPOLLIN = EPOLLIN,
  LINUX_EPOLLOUT = EPOLLOUT,
  LINUX_EPOLLRDHUP = EPOLLRDHUP,
  LINUX_EPOLLHUP = EPOLLHUP,
  LINUX_EPOLLERR = EPOLLERR,
  LINUX_EPOLLONESHOT = 1 << 30,
  LINUX_EPOLLEXCLUSIVE = 1 << 28,
};

/* epoll_ctl(2) with the event's members as arguments. */
int linux_epoll_control(int epoll, int operation, int descriptor, uint32_t readiness, uint64_t key);

/* accept4(2) with SOCK_CLOEXEC: the connection blocks, whatever the listener does. */
int linux_accept(int listener);

/* send(2) of bytes[offset] up to bytes[count - 1], without blocking and without SIGPIPE. */
long linux_send(int descriptor, const uint8_t *bytes, long offset, long count);

/* memfd_create(2) with MFD_CLOEXEC. */
int linux_memory_file(const char *name);

/* bind(2) to a path, at most 107 bytes long. */
int linux_bind_unix(int descriptor, const char *path);

/* connect(2) to a path, at most 107 bytes long. */
int linux_connect_unix(int descriptor, const char *path);

/* Sends one datagram to a path, or to a name in the abstract namespace, which starts with '@'. */
int linux_notify(const char *address, const char *message);

/* bind(2) to a port of the loopback interface, of IPv6 if is_ipv6, else of 127.0.0.1. */
int linux_bind_loopback(int descriptor, int is_ipv6, uint16_t port);

/* How long a blocking read may take, in seconds (SO_RCVTIMEO). */
int linux_set_receive_timeout(int descriptor, int seconds);

/* O_NONBLOCK. */
int linux_set_nonblocking(int descriptor);

/* Raises the limit of open descriptors as far as this process may, and returns it. */
long linux_raise_descriptor_limit(void);

/* Bytes of address space that this process may have (RLIMIT_AS); LONG_MAX when there is no limit. */
long linux_address_space_limit(void);

/* pthread_setname_np(3) of the calling thread; the name has at most 15 bytes. */
int linux_name_thread(const char *name);

/* The number of a group; -1 when there is none of that name. */
long linux_group_id(const char *name);

/* Whether the descriptor is a listening socket (SO_ACCEPTCONN). */
int linux_is_listening(int descriptor);

#endif
