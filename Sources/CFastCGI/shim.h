/* libfcgi: apt install libfcgi-dev */
#include <fcgiapp.h>
