/* libfcgi (apt libfcgi-dev). The macro keeps its header from reaching for Windows exports. */
#include <fcgiapp.h>
