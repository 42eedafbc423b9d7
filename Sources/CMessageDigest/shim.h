/* The header of libmd's SHA-2, which Debian packages as libmd-dev. */
#include <sys/types.h>
#include <sha2.h>
