/* A client and a worker of Majordomo 0.1 as strangers write them after chapter 4 of the ZeroMQ guide: libzmq alone,
   heartbeats of 2500 ms, three lives, a new socket after each loss. Not one line knows of Ieum.

       stock client ENDPOINT SERVICE COUNT     prints each reply
       stock worker ENDPOINT SERVICE COUNT     answers so many requests in capitals and leaves */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

enum { HEARTBEAT = 2500, LIVES = 3, RECONNECT = 2500, TIMEOUT = 2500, RETRIES = 3, FRAMES = 16, SIZE = 4096 };

struct message { int count; size_t size[FRAMES]; char data[FRAMES][SIZE]; };

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *open_dealer(void *context, const char *endpoint) {
    void *socket = zmq_socket(context, ZMQ_DEALER);
    int zero = 0;
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    if (zmq_connect(socket, endpoint) != 0) { perror("connect"); exit(1); }
    return socket;
}

static int receive(void *socket, struct message *m, long timeout) {
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, timeout) <= 0) return 0;
    int more = 1;
    size_t length = sizeof more;
    for (m->count = 0; more && m->count < FRAMES; m->count++) {
        int n = zmq_recv(socket, m->data[m->count], SIZE, 0);
        if (n < 0) return 0;
        m->size[m->count] = n;
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &length);
    }
    return 1;
}

static int is(struct message *m, int frame, const char *text, size_t size) {
    return frame < m->count && m->size[frame] == size && memcmp(m->data[frame], text, size) == 0;
}

/* Sends the frames of a worker's command, with `body` frames of `m` from `from` on. */
static void send_command(void *socket, char command, struct message *m, int from) {
    zmq_send(socket, "", 0, ZMQ_SNDMORE);
    zmq_send(socket, "MDPW01", 6, ZMQ_SNDMORE);
    zmq_send(socket, &command, 1, from < m->count ? ZMQ_SNDMORE : 0);
    for (int i = from; i < m->count; i++)
        zmq_send(socket, m->data[i], m->size[i], i + 1 < m->count ? ZMQ_SNDMORE : 0);
}

static int client(void *context, const char *endpoint, const char *service, int count) {
    static struct message reply;
    void *socket = open_dealer(context, endpoint);
    for (int number = 0; number < count; number++) {
        int tries = RETRIES;
        for (;;) {
            char body[64];
            int size = snprintf(body, sizeof body, "hello %d", number);
            zmq_send(socket, "", 0, ZMQ_SNDMORE);
            zmq_send(socket, "MDPC01", 6, ZMQ_SNDMORE);
            zmq_send(socket, service, strlen(service), ZMQ_SNDMORE);
            zmq_send(socket, body, size, 0);
            if (receive(socket, &reply, TIMEOUT)) break;
            zmq_close(socket);
            if (--tries == 0) { fprintf(stderr, "the broker is not there\n"); return 1; }
            socket = open_dealer(context, endpoint);
        }
        if (!is(&reply, 0, "", 0) || !is(&reply, 1, "MDPC01", 6) || !is(&reply, 2, service, strlen(service))) {
            fprintf(stderr, "not a reply\n");
            return 1;
        }
        printf("%.*s\n", (int)reply.size[3], reply.data[3]);
    }
    zmq_close(socket);
    return 0;
}

static void *start_worker(void *context, const char *endpoint, const char *service) {
    static struct message ready = {1};
    void *socket = open_dealer(context, endpoint);
    ready.size[0] = strlen(service);
    memcpy(ready.data[0], service, ready.size[0]);
    send_command(socket, 1, &ready, 0);
    return socket;
}

static int worker(void *context, const char *endpoint, const char *service, int count) {
    static struct message m, none;
    void *socket = start_worker(context, endpoint, service);
    int lives = LIVES;
    long heartbeat = now() + HEARTBEAT;
    while (count > 0) {
        if (receive(socket, &m, HEARTBEAT)) {
            lives = LIVES;
            if (!is(&m, 0, "", 0) || !is(&m, 1, "MDPW01", 6) || m.count < 3) return 1;
            switch (m.data[2][0]) {
            case 2:
                for (int i = 5; i < m.count; i++)
                    for (size_t k = 0; k < m.size[i]; k++) m.data[i][k] = toupper(m.data[i][k]);
                send_command(socket, 3, &m, 3);
                count--;
                break;
            case 4: break;
            case 5: lives = 0; break;
            default: return 1;
            }
        } else {
            lives--;
        }
        if (lives <= 0) {
            zmq_poll(NULL, 0, RECONNECT);
            zmq_close(socket);
            socket = start_worker(context, endpoint, service);
            lives = LIVES;
        }
        if (now() > heartbeat) {
            send_command(socket, 4, &none, 0);
            heartbeat = now() + HEARTBEAT;
        }
    }
    int linger = 1000;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    send_command(socket, 5, &none, 0);
    zmq_close(socket);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    void *context = zmq_ctx_new();
    int count = atoi(argv[4]);
    int status = strcmp(argv[1], "client") == 0 ? client(context, argv[2], argv[3], count)
                                                : worker(context, argv[2], argv[3], count);
    zmq_ctx_term(context);
    return status;
}
