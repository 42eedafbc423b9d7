/* The header of libfcgi, which Debian packages as libfcgi-dev. */
#include <fcgiapp.h>
