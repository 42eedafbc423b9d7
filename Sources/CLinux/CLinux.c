#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <locale.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <wchar.h>

int linux_epoll_control(int epoll, int operation, int descriptor, uint32_t readiness, uint64_t key) {
  struct epoll_event event = {.events = readiness, .data = {.u64 = key}};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

int linux_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

long linux_send(int descriptor, const uint8_t *bytes, long offset, long count) {
  return send(descriptor, bytes + offset, (size_t)(count - offset), MSG_DONTWAIT | MSG_NOSIGNAL);
}

int linux_memory_file(const char *name) {
  return memfd_create(name, MFD_CLOEXEC);
}

static int linux_unix_address(const char *path, struct sockaddr_un *address) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address->sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address->sun_path, path);
  return 0;
}

int linux_bind_unix(int descriptor, const char *path) {
  struct sockaddr_un address;
  if (linux_unix_address(path, &address) < 0) return -1;
  return bind(descriptor, (struct sockaddr *)&address, sizeof address);
}

int linux_connect_unix(int descriptor, const char *path) {
  struct sockaddr_un address;
  if (linux_unix_address(path, &address) < 0) return -1;
  return connect(descriptor, (struct sockaddr *)&address, sizeof address);
}

int linux_notify(const char *address, const char *message) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  size_t length = strlen(address);
  if (length >= sizeof to.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(to.sun_path, address, length);
  /* The name is in the abstract namespace: unix(7). */
  if (to.sun_path[0] == '@') to.sun_path[0] = 0;
  int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  long sent = sendto(descriptor, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to,
                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
  close(descriptor);
  return sent < 0 ? -1 : 0;
}

int linux_bind_loopback(int descriptor, int is_ipv6, uint16_t port) {
  if (is_ipv6) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
    return bind(descriptor, (struct sockaddr *)&address, sizeof address);
  }
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  return bind(descriptor, (struct sockaddr *)&address, sizeof address);
}

int linux_set_receive_timeout(int descriptor, int seconds) {
  struct timeval timeout = {.tv_sec = seconds};
  return setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
}

int linux_set_nonblocking(int descriptor) {
  return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

long linux_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  (void)getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur > INT32_MAX ? INT32_MAX : (long)limit.rlim_cur;
}

long linux_address_space_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur > LONG_MAX) return LONG_MAX;
  return (long)limit.rlim_cur;
}

int linux_name_thread(const char *name) {
  errno = pthread_setname_np(pthread_self(), name);
  return errno == 0 ? 0 : -1;
}

long linux_group_id(const char *name) {
  struct group *group = getgrnam(name);
  return group == NULL ? -1 : (long)group->gr_gid;
}

static pthread_once_t linux_locale_once = PTHREAD_ONCE_INIT;
static locale_t linux_locale;

static void linux_make_locale(void) {
  linux_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

int linux_character_columns(uint32_t character) {
  pthread_once(&linux_locale_once, linux_make_locale);
  if (linux_locale == (locale_t)0) return -1;
  locale_t before = uselocale(linux_locale);
  int columns = wcwidth((wchar_t)character);
  uselocale(before);
  return columns;
}

int linux_is_locked(int descriptor, long start, long count) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = count};
  if (fcntl(descriptor, F_GETLK, &lock) < 0) return -1;
  return lock.l_type != F_UNLCK;
}

const char *linux_environment_entry(long index) {
  return environ == NULL ? NULL : environ[index];
}

int linux_is_ignored(int signal) {
  struct sigaction action;
  return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int linux_is_listening(int descriptor) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

int linux_spawn(char *const arguments[], int *output) {
  extern char **environ;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  pid_t process;
  sigemptyset(&none);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  int error = posix_spawnp(&process, arguments[0], &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error == 0) {
    *output = ends[0];
    return process;
  }
  close(ends[0]);
  errno = error;
  return -1;
}
