// A library to be preloaded into a program under test: calls of the system fail as they do on a full or failing disk,
// with a limit on open files, or when signals come.
//
// Which call fails is said by the environment:
//   FAULTS_COUNTERS  a file of zeros, sizeof(struct counters); how often each call was made stands in it afterwards
//   FAULTS_PROGRAM   the name of the program that is hit; its children are not, unless they have the same name
//   FAULTS_UNDER     only calls about files below this folder count, and writing to standard output
//   FAULTS_CALL      the number of the call in `enum call`
//   FAULTS_AT        the how-manieth of them fails, from 1; 0: none, they are only counted
//   FAULTS_ERROR     the error number; 0: a part only is read or written
//   FAULTS_TIMES     how many fail from there on; 0: all

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum call {
  CALL_OPEN, CALL_CLOSE, CALL_READ, CALL_PREAD, CALL_WRITE, CALL_PWRITE, CALL_FSYNC, CALL_FTRUNCATE, CALL_RENAME,
  CALL_MKDIR, CALL_UNLINK, CALL_LINK, CALL_FLOCK, CALL_OPENDIR, CALLS
};

struct counters {
  uint64_t made[CALLS];
  uint64_t failed;
};

static struct counters *counters;
static const char *under;
static size_t under_length;
static enum call fault_call;
static uint64_t fault_at;
static int fault_error;
static uint64_t fault_times;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static long number(const char *variable) {
  const char *text = getenv(variable);
  return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("FAULTS_COUNTERS"), *program = getenv("FAULTS_PROGRAM");
  under = getenv("FAULTS_UNDER");
  if (!file || !program || !under || strcmp(program, program_invocation_short_name) != 0) return;
  int descriptor = REAL(open)(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *shared = mmap(NULL, sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  REAL(close)(descriptor);
  under_length = strlen(under);
  fault_call = (enum call)number("FAULTS_CALL");
  fault_at = (uint64_t)number("FAULTS_AT");
  fault_error = (int)number("FAULTS_ERROR");
  fault_times = (uint64_t)number("FAULTS_TIMES");
  if (shared != MAP_FAILED) counters = shared;
}

// Whether the next call of a kind fails.
static bool fails(enum call call) {
  uint64_t made = __atomic_add_fetch(&counters->made[call], 1, __ATOMIC_SEQ_CST);
  if (fault_at == 0 || call != fault_call || made < fault_at) return false;
  if (fault_times > 0 && made >= fault_at + fault_times) return false;
  __atomic_add_fetch(&counters->failed, 1, __ATOMIC_SEQ_CST);
  return true;
}

static bool is_under(const char *path) {
  char whole[PATH_MAX];
  if (path[0] != '/') {
    if (!getcwd(whole, sizeof whole) || strlen(whole) + strlen(path) + 2 > sizeof whole) return false;
    strcat(strcat(whole, "/"), path);
    path = whole;
  }
  return strncmp(path, under, under_length) == 0;
}

static bool path_fails(enum call call, const char *path) {
  int before = errno;
  bool result = counters && path && is_under(path) && fails(call);
  errno = before;
  return result;
}

static bool file_fails(enum call call, int descriptor) {
  if (!counters || descriptor == 0 || descriptor == 2) return false;
  int before = errno;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length > 0 ? length : 0] = 0;
  bool counts = descriptor == 1 ? call == CALL_WRITE : is_under(path);
  errno = before;
  return counts && fails(call);
}

// Fails with the error, or does half of what is asked for where there is none.
#define TRANSFER(call, name, descriptor, count, ...)              \
  if (file_fails(call, descriptor)) {                             \
    if (fault_error == 0) count = count > 1 ? count / 2 : count;  \
    else return errno = fault_error, -1;                          \
  }                                                               \
  return REAL(name)(descriptor, __VA_ARGS__)

ssize_t read(int descriptor, void *bytes, size_t count) { TRANSFER(CALL_READ, read, descriptor, count, bytes, count); }
ssize_t write(int descriptor, const void *bytes, size_t count) {
  TRANSFER(CALL_WRITE, write, descriptor, count, bytes, count);
}
ssize_t pread(int descriptor, void *bytes, size_t count, off_t place) {
  TRANSFER(CALL_PREAD, pread, descriptor, count, bytes, count, place);
}
ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t place) {
  TRANSFER(CALL_PREAD, pread64, descriptor, count, bytes, count, place);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t place) {
  TRANSFER(CALL_PWRITE, pwrite, descriptor, count, bytes, count, place);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t place) {
  TRANSFER(CALL_PWRITE, pwrite64, descriptor, count, bytes, count, place);
}

#define FAIL_FILE(call, descriptor) \
  if (file_fails(call, descriptor)) return errno = fault_error, -1
#define FAIL_PATH(call, path, value) \
  if (path_fails(call, path)) return errno = fault_error, value

// A descriptor is closed even where that fails.
int close(int descriptor) {
  bool failure = file_fails(CALL_CLOSE, descriptor);
  int result = REAL(close)(descriptor);
  if (failure) {
    errno = fault_error;
    return -1;
  }
  return result;
}
int fsync(int descriptor) { FAIL_FILE(CALL_FSYNC, descriptor); return REAL(fsync)(descriptor); }
int fdatasync(int descriptor) { FAIL_FILE(CALL_FSYNC, descriptor); return REAL(fdatasync)(descriptor); }
int ftruncate(int descriptor, off_t size) {
  FAIL_FILE(CALL_FTRUNCATE, descriptor);
  return REAL(ftruncate)(descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) {
  FAIL_FILE(CALL_FTRUNCATE, descriptor);
  return REAL(ftruncate64)(descriptor, size);
}
int flock(int descriptor, int operation) {
  FAIL_FILE(CALL_FLOCK, descriptor);
  return REAL(flock)(descriptor, operation);
}
int rename(const char *from, const char *to) { FAIL_PATH(CALL_RENAME, from, -1); return REAL(rename)(from, to); }
int mkdir(const char *path, mode_t mode) { FAIL_PATH(CALL_MKDIR, path, -1); return REAL(mkdir)(path, mode); }
int unlink(const char *path) { FAIL_PATH(CALL_UNLINK, path, -1); return REAL(unlink)(path); }
int link(const char *from, const char *to) { FAIL_PATH(CALL_LINK, from, -1); return REAL(link)(from, to); }
DIR *opendir(const char *path) { FAIL_PATH(CALL_OPENDIR, path, NULL); return REAL(opendir)(path); }

static mode_t mode_of(int flags, va_list arguments) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}
#define OPEN(name)                                 \
  int name(const char *path, int flags, ...) {     \
    va_list arguments;                             \
    va_start(arguments, flags);                    \
    mode_t mode = mode_of(flags, arguments);       \
    va_end(arguments);                             \
    FAIL_PATH(CALL_OPEN, path, -1);                \
    return REAL(name)(path, flags, mode);          \
  }
OPEN(open)
OPEN(open64)
FILE *fopen(const char *path, const char *mode) { FAIL_PATH(CALL_OPEN, path, NULL); return REAL(fopen)(path, mode); }
FILE *fopen64(const char *path, const char *mode) {
  FAIL_PATH(CALL_OPEN, path, NULL);
  return REAL(fopen64)(path, mode);
}
