// LIBXSMM, if it is there: CNumericKernels looks for the header itself, this target brings the linker flags.
#if __has_include(<libxsmm.h>)
#include <libxsmm.h>
#endif
