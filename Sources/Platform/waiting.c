#define _GNU_SOURCE
#include "Platform.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void platform_wait_while(const uint32_t *word, uint32_t value, int64_t nanoseconds) {
    if (nanoseconds <= 0) return;
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    // Early returns, as after a signal, are the caller's to notice. Not private: the word may be in shared memory.
    syscall(SYS_futex, word, FUTEX_WAIT, value, &time, NULL, 0);
}

void platform_wake_all(const uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0); }

int platform_spin_while(const uint32_t *word, uint32_t value, int64_t nanoseconds) {
    struct timespec now;
    int64_t end = -1;
    for (;;) {
        // The clock costs as much as some dozens of looks, and a yield more.
        for (int look = 0; look < 64; look++) {
            if (platform_load(word) != value) return 1;
            platform_pause();
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t time = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
        if (end < 0) end = time + nanoseconds;
        if (time >= end) return 0;
        sched_yield();
    }
}
