// What Shared/ZeroMQ needs of libzmq and of the C library beside it.
#pragma once
#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <zmq.h>

// Declared only under _GNU_SOURCE, which Swift's importer does not set.
int pthread_setname_np(pthread_t thread, const char *name);
