#define _GNU_SOURCE
#include "Platform.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int64_t platform_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void platform_wait_while(const uint32_t *word, uint32_t value, uint32_t names, int64_t nanoseconds) {
    if (nanoseconds <= 0) return;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    // At most some years, so that no sum overflows.
    time.tv_sec += nanoseconds / 1000000000 < 1 << 28 ? nanoseconds / 1000000000 : 1 << 28;
    time.tv_nsec += nanoseconds % 1000000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    // Early returns, as after a signal, are the caller's to notice. Not private: the word may be in shared memory.
    syscall(SYS_futex, word, FUTEX_WAIT_BITSET, value, &time, NULL, names);
}

void platform_wake(const uint32_t *word, uint32_t names) {
    syscall(SYS_futex, word, FUTEX_WAKE_BITSET, INT_MAX, NULL, NULL, names);
}

int platform_spin_while(const uint32_t *word, uint32_t value, int64_t nanoseconds, int64_t patience,
                        int *was_kept_waiting) {
    int64_t end = -1;
    for (;;) {
        // The clock costs as much as some dozens of looks, and a yield more.
        for (int look = 0; look < 64; look++) {
            if (platform_load(word) != value) return 1;
            platform_pause();
        }
        const int64_t time = platform_nanoseconds();
        if (end < 0) end = time + nanoseconds;
        if (time >= end) return 0;
        sched_yield();
        const int64_t away = platform_nanoseconds() - time;
        end += away;
        if (away > patience) {
            *was_kept_waiting = 1;
            return platform_load(word) != value;
        }
    }
}
