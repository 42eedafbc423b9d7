/* Linux calls that the Glibc module does not export, and calls with socket addresses, which Swift could fill only
   through unsafe pointers. Like the calls that they wrap, the functions return -1 and set errno if they fail. */
#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

enum {
  LINUX_EPOLLIN = EPOLLIN,
  LINUX_EPOLLOUT = EPOLLOUT,
  LINUX_EPOLLRDHUP = EPOLLRDHUP,
  LINUX_EPOLLHUP = EPOLLHUP,
  LINUX_EPOLLERR = EPOLLERR,
  LINUX_EPOLLONESHOT = 1 << 30,
  LINUX_EPOLLEXCLUSIVE = 1 << 28,
};

/* Calls epoll_ctl(2) with the event's members as arguments. */
int linux_epoll_control(int epoll, int operation, int descriptor, uint32_t readiness, uint64_t key);

/* Calls accept4(2) with SOCK_CLOEXEC. The connection blocks, whether the listener does or not. */
int linux_accept(int listener);

/* Sends bytes[offset] to bytes[count - 1] with send(2), without blocking and without SIGPIPE. */
long linux_send(int descriptor, const uint8_t *bytes, long offset, long count);

/* Calls memfd_create(2) with MFD_CLOEXEC. */
int linux_memory_file(const char *name);

/* Calls bind(2) with a path of at most 107 bytes. */
int linux_bind_unix(int descriptor, const char *path);

/* Calls connect(2) with a path of at most 107 bytes. */
int linux_connect_unix(int descriptor, const char *path);

/* Sends one datagram to a path, or to a name in the abstract namespace, which starts with '@'. */
int linux_notify(const char *address, const char *message);

/* Calls bind(2) with a port of the loopback interface: [::1] if is_ipv6 is not 0, otherwise 127.0.0.1. */
int linux_bind_loopback(int descriptor, int is_ipv6, uint16_t port);

/* Limits how long a read may block, in seconds (SO_RCVTIMEO). */
int linux_set_receive_timeout(int descriptor, int seconds);

/* Sets O_NONBLOCK. */
int linux_set_nonblocking(int descriptor);

/* Raises the limit on open descriptors as far as this process may, and returns it. */
long linux_raise_descriptor_limit(void);

/* Returns how much address space this process may have, in bytes (RLIMIT_AS); LONG_MAX if there is no limit. */
long linux_address_space_limit(void);

/* Names the calling thread with pthread_setname_np(3); the name has at most 15 bytes. */
int linux_name_thread(const char *name);

/* Returns the id of the group with a name; -1 if no such group exists. */
long linux_group_id(const char *name);

/* Returns how many columns of a terminal a character takes (wcwidth(3) in the locale C.UTF-8); -1 if it is not known. */
int linux_character_columns(uint32_t character);

/* Returns 1 if another process has locked any of these bytes of a file (fcntl(2), F_GETLK), otherwise 0. */
int linux_is_locked(int descriptor, long start, long count);

/* Returns an entry of the environment, NAME=value; NULL after the last one. */
const char *linux_environment_entry(long index);

/* Returns 1 if the process ignores a signal, otherwise 0. */
int linux_is_ignored(int signal);

/* Returns 1 if the descriptor is a listening socket, otherwise 0 (SO_ACCEPTCONN). */
int linux_is_listening(int descriptor);

/* Starts a program, which is found through PATH, and returns its process id. The program's name is the first of the
   arguments, which end with NULL. Its standard input is empty, it blocks no signals, and its standard output is a pipe,
   whose other end becomes *output. */
int linux_spawn(char *const arguments[], int *output);

#endif
