/* The floor: the same pruned walk in C, openat and getdents64, nothing else.
 *
 * floor ROUNDS ROOT SKIP... -- PRUNED...   prints "ms directories environments", best of ROUNDS.
 * A directory with pyvenv.cfg, or conda-meta, is an environment: its own parts are not entered.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct entry { unsigned long ino; long off; unsigned short len; unsigned char type; char name[]; };

static char **pruned, **skipped;
static int pruned_count, skipped_count;
static long directories, environments;
static const char *parts[] = {"bin", "lib", "lib64", "include", "share", "etc", "Scripts", "Lib",
    "conda-meta", "condabin", "pkgs", "man", "sbin", "shell", "ssl", "var", "compiler_compat", 0};

static int by_text(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static int among(const char *name, char **list, int count) {
  return bsearch(&name, list, count, sizeof *list, by_text) != 0;
}

static void walk(int parent, const char *name, char *path, size_t length) {
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return;
  directories++;
  char buffer[32768], *below = 0;
  size_t used = 0, room = 0;
  int is_environment = 0;
  for (long got; (got = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0;)
    for (long at = 0; at < got;) {
      struct entry *e = (void *)(buffer + at);
      at += e->len;
      if (e->name[0] == '.' && (!e->name[1] || (e->name[1] == '.' && !e->name[2]))) continue;
      if (!strcmp(e->name, "pyvenv.cfg") || !strcmp(e->name, "conda-meta")) is_environment = 1;
      if (e->type != DT_DIR || among(e->name, pruned, pruned_count)) continue;
      size_t size = strlen(e->name) + 1;
      if (used + size > room) below = realloc(below, room = 2 * room + size + 256);
      memcpy(below + used, e->name, size);
      used += size;
    }
  environments += is_environment;
  for (size_t at = 0; at < used; at += strlen(below + at) + 1) {
    char *child = below + at;
    int part = 0;
    for (const char **p = parts; is_environment && *p; p++) part |= !strcmp(*p, child);
    size_t size = strlen(child);
    if (part || length + size + 2 > 1 << 16) continue;
    path[length] = '/';
    memcpy(path + length + 1, child, size + 1);
    if (!among(path, skipped, skipped_count)) walk(fd, child, path, length + 1 + size);
    path[length] = 0;
  }
  free(below);
  close(fd);
}

int main(int argc, char **argv) {
  int rounds = atoi(argv[1]), at = 3;
  static char path[1 << 16];
  for (skipped = argv + at; at < argc && strcmp(argv[at], "--"); at++) skipped_count++;
  pruned = argv + at + 1;
  pruned_count = argc - at - 1;
  qsort(skipped, skipped_count, sizeof *skipped, by_text);
  qsort(pruned, pruned_count, sizeof *pruned, by_text);
  double best = 1e9;
  while (rounds--) {
    struct timespec began, ended;
    directories = environments = 0;
    strcpy(path, argv[2]);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    walk(AT_FDCWD, argv[2], path, strlen(path));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    double ms = (ended.tv_sec - began.tv_sec) * 1e3 + (ended.tv_nsec - began.tv_nsec) / 1e6;
    if (ms < best) best = ms;
  }
  printf("%.2f %ld %ld\n", best, directories, environments);
}
