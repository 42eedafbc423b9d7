#include "CCurl.h"

#include <dlfcn.h>
#include <stddef.h>

/* Each function of libcurl that is used. The compiler checks the calls by the declarations of its header. */
#define FUNCTIONS(each)                                                                                             \
  each(curl_global_init) each(curl_easy_init) each(curl_easy_cleanup) each(curl_easy_setopt) each(curl_easy_getinfo) \
  each(curl_easy_strerror) each(curl_slist_append) each(curl_slist_free_all) each(curl_multi_init)                   \
  each(curl_multi_cleanup) each(curl_multi_add_handle) each(curl_multi_remove_handle) each(curl_multi_perform)       \
  each(curl_multi_poll) each(curl_multi_info_read)

/* The header's macros check types where the functions are called by their names. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define DECLARE(name) __typeof__(&name) name;
static struct { FUNCTIONS(DECLARE) } library;

/* The names that libcurl has in Debian and elsewhere, with OpenSSL and with GnuTLS. */
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

static const char *find_functions(void *handle) {
#define FIND(name) \
  if ((library.name = (__typeof__(&name))dlsym(handle, #name)) == NULL) return "libcurl is older than version 7.66";
  FUNCTIONS(FIND)
  return library.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? NULL : "libcurl cannot be initialized";
}

const char *ccurl_load(void) {
  static int is_loaded;
  if (is_loaded) return NULL;
  void *handle = NULL;
  for (size_t index = 0; handle == NULL && index < sizeof names / sizeof *names; index++)
    handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return "libcurl is missing; in Debian and Ubuntu, the package is libcurl4";
  const char *error = find_functions(handle);
  is_loaded = error == NULL;
  return error;
}

CURL *ccurl_make(void) { return library.curl_easy_init(); }
void ccurl_free(CURL *transfer) { library.curl_easy_cleanup(transfer); }
CURLM *ccurl_multi_make(void) { return library.curl_multi_init(); }
void ccurl_multi_free(CURLM *multi) { library.curl_multi_cleanup(multi); }

CURLcode ccurl_set_text(CURL *transfer, CURLoption option, const char *text) {
  return library.curl_easy_setopt(transfer, option, text);
}

CURLcode ccurl_set_number(CURL *transfer, CURLoption option, long number) {
  return library.curl_easy_setopt(transfer, option, number);
}

CURLcode ccurl_set_list(CURL *transfer, CURLoption option, struct curl_slist *list) {
  return library.curl_easy_setopt(transfer, option, list);
}

CURLcode ccurl_set_receivers(
    CURL *transfer, ccurl_receiver receive_line, ccurl_receiver receive_body, void *context, char *error) {
  CURLcode codes[] = {
      library.curl_easy_setopt(transfer, CURLOPT_HEADERFUNCTION, receive_line),
      library.curl_easy_setopt(transfer, CURLOPT_HEADERDATA, context),
      library.curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, receive_body),
      library.curl_easy_setopt(transfer, CURLOPT_WRITEDATA, context),
      library.curl_easy_setopt(transfer, CURLOPT_ERRORBUFFER, error),
  };
  for (size_t index = 0; index < sizeof codes / sizeof *codes; index++)
    if (codes[index] != CURLE_OK) return codes[index];
  return CURLE_OK;
}

long ccurl_status(CURL *transfer) {
  long status = 0;
  library.curl_easy_getinfo(transfer, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

long ccurl_retry_after(CURL *transfer) {
  curl_off_t seconds = 0;
  library.curl_easy_getinfo(transfer, CURLINFO_RETRY_AFTER, &seconds);
  return (long)seconds;
}

const char *ccurl_content_type(CURL *transfer) {
  char *type = NULL;
  library.curl_easy_getinfo(transfer, CURLINFO_CONTENT_TYPE, &type);
  return type;
}

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text) {
  return library.curl_slist_append(list, text);
}

void ccurl_list_free(struct curl_slist *list) { library.curl_slist_free_all(list); }

CURLMcode ccurl_multi_add(CURLM *multi, CURL *transfer) { return library.curl_multi_add_handle(multi, transfer); }

CURLMcode ccurl_multi_remove(CURLM *multi, CURL *transfer) {
  return library.curl_multi_remove_handle(multi, transfer);
}

CURLMcode ccurl_multi_perform(CURLM *multi, int *running) { return library.curl_multi_perform(multi, running); }

CURLMcode ccurl_multi_poll(CURLM *multi, int descriptor, int milliseconds) {
  struct curl_waitfd other = {.fd = descriptor};
  return library.curl_multi_poll(multi, &other, 1, milliseconds, NULL);
}

int ccurl_multi_result(CURLM *multi) {
  int rest;
  for (CURLMsg *message; (message = library.curl_multi_info_read(multi, &rest)) != NULL;)
    if (message->msg == CURLMSG_DONE) return (int)message->data.result;
  return -1;
}

const char *ccurl_error_text(CURLcode code) { return library.curl_easy_strerror(code); }
