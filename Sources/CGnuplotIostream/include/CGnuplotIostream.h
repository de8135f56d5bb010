#ifndef C_GNUPLOT_IOSTREAM_H
#define C_GNUPLOT_IOSTREAM_H

// gnuplot-iostream behind plain C: scripts are written through its stream, and whoever wants an image
// runs gnuplot on the script, because the stream hides gnuplot's errors.
//
// No function throws, and none may be called from two threads at once for the same script.

#include <stddef.h>

#ifdef __cplusplus
#define GNUPLOT_SCRIPT_NOEXCEPT noexcept
extern "C" {
#else
#define GNUPLOT_SCRIPT_NOEXCEPT
#endif

/// A script being written.
typedef struct gnuplot_script gnuplot_script;

/// How a call ended.
typedef enum {
  GNUPLOT_SCRIPT_OK = 0,
  /// The file cannot be made.
  GNUPLOT_SCRIPT_CANNOT_OPEN = 1,
  /// Text could not be written or flushed.
  GNUPLOT_SCRIPT_CANNOT_WRITE = 2,
  /// There is no memory left.
  GNUPLOT_SCRIPT_NO_MEMORY = 3,
  /// An argument is null or the script is closed.
  GNUPLOT_SCRIPT_MISUSE = 4,
} gnuplot_script_status;

/// Makes the file at `path`, replacing what is there. `*script` is to be given to
/// `gnuplot_script_free` whatever the status; it is null only where there is no memory for it.
gnuplot_script_status gnuplot_script_open(const char *path, gnuplot_script **script)
    GNUPLOT_SCRIPT_NOEXCEPT;

/// Appends `length` bytes.
gnuplot_script_status gnuplot_script_write(
    gnuplot_script *script, const char *text, size_t length) GNUPLOT_SCRIPT_NOEXCEPT;

/// Flushes and closes the file; until then nothing is certain to be on the disk.
gnuplot_script_status gnuplot_script_close(gnuplot_script *script) GNUPLOT_SCRIPT_NOEXCEPT;

/// What went wrong last, in words, or "" if nothing did; valid until the next call for this script.
const char *gnuplot_script_error(const gnuplot_script *script) GNUPLOT_SCRIPT_NOEXCEPT;

/// The system's error number (`errno`) of what went wrong last; 0 where it gave none, as after writing a part.
int gnuplot_script_error_number(const gnuplot_script *script) GNUPLOT_SCRIPT_NOEXCEPT;

/// Closes the file if it is open and frees the script; null is allowed.
void gnuplot_script_free(gnuplot_script *script) GNUPLOT_SCRIPT_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
