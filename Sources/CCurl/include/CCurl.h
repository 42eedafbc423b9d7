/* libcurl, which is loaded when it is first used: most processes of this program never use it, and loading it with the
   thirty libraries that it needs would make each of them slower to start and larger. Its functions with variable arguments,
   which Swift cannot call, have one function here for each type of argument. */
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/* Loads libcurl. Returns NULL, or a sentence that says why it cannot be loaded. Nothing else may be called before it has
   returned NULL. It must not be called by two threads at once. */
const char *ccurl_load(void);

CURL *ccurl_make(void);
void ccurl_free(CURL *transfer);
CURLM *ccurl_multi_make(void);
void ccurl_multi_free(CURLM *multi);

/* Calls curl_easy_setopt with a text, which is copied; a number; or a list, which must outlive the transfer. */
CURLcode ccurl_set_text(CURL *transfer, CURLoption option, const char *text);
CURLcode ccurl_set_number(CURL *transfer, CURLoption option, long number);
CURLcode ccurl_set_list(CURL *transfer, CURLoption option, struct curl_slist *list);

/* Sets what receives each line of the head, what receives each part of the body, the pointer that both get, and a buffer of
   CURL_ERROR_SIZE bytes for what went wrong. */
typedef size_t (*ccurl_receiver)(char *bytes, size_t size, size_t count, void *context);
CURLcode ccurl_set_receivers(
    CURL *transfer, ccurl_receiver receive_line, ccurl_receiver receive_body, void *context, char *error);

/* Returns the status of the response; 0 before it has come. */
long ccurl_status(CURL *transfer);

/* Returns the seconds after which the response asks for another request (Retry-After); 0 when it does not say. */
long ccurl_retry_after(CURL *transfer);

/* Returns the media type of the response; NULL when it has none. */
const char *ccurl_content_type(CURL *transfer);

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text);
void ccurl_list_free(struct curl_slist *list);

CURLMcode ccurl_multi_add(CURLM *multi, CURL *transfer);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *transfer);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running);

/* Waits like curl_multi_poll, and also until a descriptor has an error, such as a pipe that nobody reads any longer. */
CURLMcode ccurl_multi_poll(CURLM *multi, int descriptor, int milliseconds);

/* Returns the result of a transfer that has ended; -1 while none has. */
int ccurl_multi_result(CURLM *multi);

const char *ccurl_error_text(CURLcode code);

#endif
