// What Shared/ZeroMQ needs of libzmq and of the C library beside it.
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

// Declared only under _GNU_SOURCE, which Swift's importer does not set.
int pthread_setname_np(pthread_t thread, const char *name);

// Options that zmq.h 4.3.4 hides behind ZMQ_BUILD_DRAFT_API although Debian's build honours them.
enum {
    IEUM_ZERO_COPY_RECV = 10,      // zmq_ctx_set
    IEUM_ZAP_ENFORCE_DOMAIN = 93,  // zmq_setsockopt
};

// `flock` is a struct and a function; Swift sees only one of them.
static inline int ieum_lock_file(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB); }

// Fills memory from the system's generator; false when it cannot.
static inline int ieum_random(void *bytes, size_t count) { return getrandom(bytes, count, 0) == (ssize_t)count; }

// RLIMIT_NOFILE is an enum constant of another type in every C library. Returns the soft limit, or 0.
static inline uint64_t ieum_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return (uint64_t)before;
    return (uint64_t)limit.rlim_cur;
}

// Binds and listens on a Unix socket with exactly `mode`; returns the descriptor, or -1 with errno set.
// fchmod before bind and the umask do not decide on Linux, so the path is changed before anybody can connect:
// until listen() a connect is refused.
static inline int ieum_listen_unix(const char *path, size_t length, unsigned mode, int backlog) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (length >= sizeof(address.sun_path)) { errno = ENAMETOOLONG; return -1; }
    for (size_t i = 0; i < length; i++) address.sun_path[i] = path[i];
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 || chmod(path, mode) != 0
        || listen(descriptor, backlog) != 0) {
        int error = errno;
        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
}

long syscall(long number, ...);

// The system's accept4, past the function of that name in Shared/ZeroMQ/Door.swift.
static inline int ieum_accept4(int listener, void *address, void *length, int flags) {
    return (int)syscall(SYS_accept4, listener, address, length, flags);
}

// The process at the other end when it connected; 0 when it is in another namespace or no answer comes.
// struct ucred is declared only under _GNU_SOURCE: pid, uid, gid.
static inline int32_t ieum_peer_process(int descriptor) {
    int32_t credentials[3] = {0, 0, 0};
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, credentials, &length) != 0) return 0;
    return credentials[0];
}

// The user at the other end when it connected; UINT32_MAX when the kernel does not know (tcp).
static inline uint32_t ieum_peer_user(int descriptor) {
    uint32_t credentials[3] = {0, UINT32_MAX, UINT32_MAX};
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, credentials, &length) != 0) return UINT32_MAX;
    return credentials[1];
}

// Listens on the first address of `host` (NULL: all of them) that works; returns the descriptor, or -1 with errno set.
static inline int ieum_listen_tcp(const char *host, const char *port, int backlog) {
    struct addrinfo wanted = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = 0;
    int result = getaddrinfo(host, port, &wanted, &found);
    if (result != 0) { errno = result == EAI_SYSTEM ? errno : EADDRNOTAVAIL; return -1; }
    int descriptor = -1, error = EADDRNOTAVAIL;
    for (struct addrinfo *address = found; address && descriptor < 0; address = address->ai_next) {
        int one = 1;
        int attempt = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (attempt < 0) { error = errno; continue; }
        setsockopt(attempt, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(attempt, address->ai_addr, address->ai_addrlen) == 0 && listen(attempt, backlog) == 0) {
            descriptor = attempt;
        } else {
            error = errno;
            close(attempt);
        }
    }
    freeaddrinfo(found);
    errno = error;
    return descriptor;
}

// The port that a tcp socket is bound to; 0 when it has none.
static inline int ieum_port_of(int descriptor) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) return 0;
    if (address.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&address)->sin_port);
    if (address.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return 0;
}

// 1 when somebody accepts connections at `path`, 0 when nobody does.
static inline int ieum_is_live_unix(const char *path, size_t length) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (length >= sizeof(address.sun_path)) return 0;
    for (size_t i = 0; i < length; i++) address.sun_path[i] = path[i];
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return 0;
    int result = connect(descriptor, (struct sockaddr *)&address, sizeof address);
    int live = result == 0 || errno == EAGAIN || errno == EINPROGRESS;
    close(descriptor);
    return live;
}
