#if !__has_include(<gnuplot-iostream.h>)
#error "gnuplot-iostream is missing: apt-get install libgnuplot-iostream-dev libboost-iostreams-dev libboost-filesystem-dev libboost-system-dev"
#elif !__has_include(<boost/iostreams/stream.hpp>) || !__has_include(<boost/filesystem.hpp>)
#error "Boost is missing: apt-get install libgnuplot-iostream-dev libboost-iostreams-dev libboost-filesystem-dev libboost-system-dev"
#else

#include "CGnuplotIostream.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <string>

// The header's own command runner is not used; scripts go to files.
#include <gnuplot-iostream.h>

struct gnuplot_script {
  std::unique_ptr<Gnuplot> stream;
  std::string error;
  int number = 0;
};

namespace {

// Text of an error; where even that needs memory that is not there, none.
void explain(gnuplot_script *script, const char *what, int code) noexcept {
  script->number = code;
  try {
    script->error = what;
    if (code != 0) {
      script->error += ": ";
      script->error += std::strerror(code);
    }
  } catch (...) {
    script->error.clear();
  }
}

// Runs `body`; what it throws becomes a status.
template <typename Body>
gnuplot_script_status guarded(
    gnuplot_script *script, gnuplot_script_status failure, const char *what, Body body) noexcept {
  errno = 0;
  try {
    if (body()) return GNUPLOT_SCRIPT_OK;
  } catch (const std::bad_alloc &) {
    explain(script, "out of memory", 0);
    return GNUPLOT_SCRIPT_NO_MEMORY;
  } catch (...) {
    // errno says more than the exception, which names the file alone.
  }
  explain(script, what, errno);
  return failure;
}

}  // namespace

extern "C" gnuplot_script_status gnuplot_script_open(
    const char *path, gnuplot_script **script) noexcept {
  if (script == nullptr) return GNUPLOT_SCRIPT_MISUSE;
  *script = new (std::nothrow) gnuplot_script;
  if (*script == nullptr) return GNUPLOT_SCRIPT_NO_MEMORY;
  if (path == nullptr || *path == '\0') {
    explain(*script, "no path", 0);
    return GNUPLOT_SCRIPT_MISUSE;
  }
  gnuplot_script *opened = *script;
  return guarded(opened, GNUPLOT_SCRIPT_CANNOT_OPEN, "cannot open", [&] {
    opened->stream = std::make_unique<Gnuplot>(std::string(">") + path);
    return opened->stream->good();
  });
}

extern "C" gnuplot_script_status gnuplot_script_write(
    gnuplot_script *script, const char *text, size_t length) noexcept {
  if (script == nullptr) return GNUPLOT_SCRIPT_MISUSE;
  if (!script->stream || (text == nullptr && length > 0)) {
    explain(script, "the script is not open", 0);
    return GNUPLOT_SCRIPT_MISUSE;
  }
  return guarded(script, GNUPLOT_SCRIPT_CANNOT_WRITE, "cannot write", [&] {
    script->stream->write(text, static_cast<std::streamsize>(length));
    return script->stream->good();
  });
}

extern "C" gnuplot_script_status gnuplot_script_close(gnuplot_script *script) noexcept {
  if (script == nullptr) return GNUPLOT_SCRIPT_MISUSE;
  if (!script->stream) {
    explain(script, "the script is not open", 0);
    return GNUPLOT_SCRIPT_MISUSE;
  }
  // The destructor flushes too but cannot report it.
  const gnuplot_script_status status =
      guarded(script, GNUPLOT_SCRIPT_CANNOT_WRITE, "cannot write", [&] {
        script->stream->flush();
        return script->stream->good();
      });
  const gnuplot_script_status closed =
      guarded(script, GNUPLOT_SCRIPT_CANNOT_WRITE, "cannot close", [&] {
        script->stream.reset();
        return true;
      });
  return status == GNUPLOT_SCRIPT_OK ? closed : status;
}

extern "C" const char *gnuplot_script_error(const gnuplot_script *script) noexcept {
  return script == nullptr ? "no script" : script->error.c_str();
}

extern "C" int gnuplot_script_error_number(const gnuplot_script *script) noexcept {
  return script == nullptr ? 0 : script->number;
}

extern "C" void gnuplot_script_free(gnuplot_script *script) noexcept {
  if (script == nullptr) return;
  try {
    script->stream.reset();
  } catch (...) {
    // The handle goes all the same.
  }
  delete script;
}

#endif
