// A typical libfcgi program: a pool of 64 threads, each of which accepts, answers and finishes one request at a time.
// It answers every request with the same bytes.
//
// Usage: pool SOCKET ANSWER
//
// SOCKET is the path of the unix socket to listen on, and ANSWER is a file with the response in CGI format: the head,
// an empty line, and the body.

#include <err.h>
#include <fcgiapp.h>
#include <pthread.h>
#include <stdio.h>

enum { THREADS = 64, BACKLOG = 1024 };

static int listener;
static char answer[1 << 20];
static size_t answer_size;

static void *serve(void *unused) {
  (void)unused;
  FCGX_Request request;
  FCGX_InitRequest(&request, listener, 0);
  while (FCGX_Accept_r(&request) == 0) {
    char body[8192];
    while (FCGX_GetStr(body, sizeof body, request.in) > 0) {}
    FCGX_PutStr(answer, (int)answer_size, request.out);
    FCGX_Finish_r(&request);
  }
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 3) errx(64, "usage: pool SOCKET ANSWER");
  FILE *file = fopen(arguments[2], "r");
  if (!file) err(1, "%s", arguments[2]);
  answer_size = fread(answer, 1, sizeof answer, file);
  fclose(file);

  FCGX_Init();
  listener = FCGX_OpenSocket(arguments[1], BACKLOG);
  pthread_t threads[THREADS];
  for (int number = 0; number < THREADS; number++) pthread_create(&threads[number], NULL, serve, NULL);
  for (int number = 0; number < THREADS; number++) pthread_join(threads[number], NULL);
}
