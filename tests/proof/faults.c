/* Loaded by LD_PRELOAD: the libc calls that change a disk, counted, and one of them made to fail
 * or to be the last thing the process does. Armed through fault_arm(); a program that never calls
 * it is not disturbed. Build: cc -shared -fPIC -o faults.so faults.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { DATA = 1, SYNC = 2, MAKE = 4, MOVE = 8, DROP = 16, META = 32 };
enum { COUNT = 0, KILL = 1, FAIL = 2, FAIL_ON = 3, TEAR = 4 };

static int mode = -1, fault, kinds;
static long nth, seen;
static pid_t whose;
static char trace[1 << 20];
static size_t traced;

void fault_arm(int how, long which, int error, int of) {
  mode = how, nth = which, fault = error, kinds = of, seen = 0, traced = 0;
  whose = getpid();
}
long fault_seen(void) { return seen; }
const char *fault_trace(void) { trace[traced] = 0; return trace; }

static void note(const char *what, int fd, const char *path) {
  char link[64], real[4096];
  if (fd >= 0) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, real, sizeof real - 1);
    if (size < 0) size = 0;
    real[size] = 0, path = real;
  }
  if (traced + strlen(path) + 32 < sizeof trace)
    traced += sprintf(trace + traced, "%s %s\n", what, path);
}

/* 1 where this call must fail; never comes back where it is the end. */
static int hit(int kind, const char *what, int fd, const char *path) {
  if (mode < 0 || !(kind & kinds) || getpid() != whose) return 0;
  int before = errno;
  seen++;
  if (mode == COUNT) note(what, fd, path);
  if (mode == KILL && seen == nth) kill(whose, SIGKILL);
  errno = before;
  if ((mode == FAIL && seen == nth) || (mode == FAIL_ON && seen >= nth)) {
    errno = fault;
    return 1;
  }
  return 0;
}

static int is_file(int fd) {
  struct stat status;
  return mode >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The data may be cut anywhere: half of it is written, then the process is killed. */
static void tear(int fd, const void *data, size_t size) {
  if ((kinds & DATA) && getpid() == whose && ++seen == nth)
    if (REAL(write)(fd, data, size / 2) >= 0) kill(whose, SIGKILL);
}

ssize_t write(int fd, const void *data, size_t size) {
  if (is_file(fd)) {
    if (mode == TEAR)
      tear(fd, data, size);
    else if (hit(DATA, "write", fd, 0))
      return -1;
  }
  return REAL(write)(fd, data, size);
}

#define ON_FD(name, kind, type, args, pass) \
  type name args { return hit(kind, #name, fd, 0) ? -1 : REAL(name) pass; }
#define ON_PATH(name, kind, args, pass) \
  int name args { return hit(kind, #name, -1, path) ? -1 : REAL(name) pass; }

ON_FD(pwrite, META, ssize_t, (int fd, const void *d, size_t n, off_t o), (fd, d, n, o))
ON_FD(pwrite64, META, ssize_t, (int fd, const void *d, size_t n, off64_t o), (fd, d, n, o))
ON_FD(fsync, SYNC, int, (int fd), (fd))
ON_FD(fdatasync, SYNC, int, (int fd), (fd))
ON_FD(ftruncate, META, int, (int fd, off_t n), (fd, n))
ON_FD(ftruncate64, META, int, (int fd, off64_t n), (fd, n))
ON_FD(fchmod, META, int, (int fd, mode_t m), (fd, m))
ON_FD(fchown, META, int, (int fd, uid_t u, gid_t g), (fd, u, g))
ON_FD(futimens, META, int, (int fd, const struct timespec t[2]), (fd, t))
int rename(const char *path, const char *to) {
  if (hit(MOVE, "rename", -1, path)) return -1;
  if (mode == COUNT) note("to", -1, to);
  return REAL(rename)(path, to);
}
ON_PATH(renameat, MOVE, (int a, const char *path, int b, const char *to), (a, path, b, to))
ON_PATH(unlink, DROP, (const char *path), (path))
ON_PATH(unlinkat, DROP, (int a, const char *path, int f), (a, path, f))
ON_PATH(rmdir, DROP, (const char *path), (path))
ON_PATH(mkdir, MAKE, (const char *path, mode_t m), (path, m))
ON_PATH(mkdirat, MAKE, (int a, const char *path, mode_t m), (a, path, m))
ON_PATH(symlink, MAKE, (const char *to, const char *path), (to, path))
ON_PATH(symlinkat, MAKE, (const char *to, int a, const char *path), (to, a, path))
ON_PATH(link, MAKE, (const char *from, const char *path), (from, path))
ON_PATH(linkat, MAKE, (int a, const char *from, int b, const char *path, int f), (a, from, b, path, f))
ON_PATH(chmod, META, (const char *path, mode_t m), (path, m))
ON_PATH(fchmodat, META, (int a, const char *path, mode_t m, int f), (a, path, m, f))
ON_PATH(utimensat, META, (int a, const char *path, const struct timespec t[2], int f), (a, path, t, f))

static int is_device(const char *path) {
  return strncmp(path, "/dev/", 5) == 0 && strncmp(path, "/dev/shm/", 9) != 0;
}

#define OPEN(name, args, pass) \
  int name args { \
    mode_t m = 0; \
    if (flags & O_CREAT) { \
      va_list rest; \
      va_start(rest, flags), m = va_arg(rest, mode_t), va_end(rest); \
    } \
    int to_write = (flags & O_ACCMODE) != O_RDONLY && !is_device(path); \
    if (to_write && hit(MAKE, "open", -1, path)) return -1; \
    return REAL(name) pass; \
  }
OPEN(open, (const char *path, int flags, ...), (path, flags, m))
OPEN(open64, (const char *path, int flags, ...), (path, flags, m))
OPEN(openat, (int a, const char *path, int flags, ...), (a, path, flags, m))
OPEN(openat64, (int a, const char *path, int flags, ...), (a, path, flags, m))
