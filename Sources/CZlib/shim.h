/* The header of zlib, which Debian packages as zlib1g-dev. */
#include <zlib.h>
