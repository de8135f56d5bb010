// zlib: deflated members of archives, and CRC-32.
#if __has_include(<zlib.h>)
#include <zlib.h>
#else
#error "zlib is missing: run script/bootstrap, or apt-get install zlib1g-dev"
#endif
