#define _GNU_SOURCE
#include "Platform.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { maximum = 8 };

// What a handler can reach is global by nature: the descriptor, or -1 when nothing is watched.
static atomic_int target = -1;
static int watched[maximum];
static struct sigaction previous[maximum];
static size_t watched_count;

static void forward(int signal) {
    int saved = errno;
    unsigned char byte = (unsigned char)signal;
    int descriptor = atomic_load(&target);
    if (descriptor >= 0) {
        ssize_t written = write(descriptor, &byte, 1);
        (void)written;
    }
    errno = saved;
}

int platform_watch_signals(const int *signals, size_t count, int descriptor) {
    if (count > maximum || descriptor < 0) return -EINVAL;
    int free_target = -1;
    if (!atomic_compare_exchange_strong(&target, &free_target, descriptor)) return -EBUSY;
    watched_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = forward;
        action.sa_flags = SA_RESTART | (int)SA_RESETHAND;
        sigemptyset(&action.sa_mask);
        if (sigaction(signals[i], &action, &previous[i]) != 0) {
            int error = errno;
            platform_unwatch_signals();
            return -error;
        }
        watched[i] = signals[i];
        watched_count = i + 1;
    }
    return 0;
}

void platform_unwatch_signals(void) {
    for (size_t i = 0; i < watched_count; i++) sigaction(watched[i], &previous[i], NULL);
    watched_count = 0;
    atomic_store(&target, -1);
}
