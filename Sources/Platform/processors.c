#define _GNU_SOURCE
#include "Platform.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The processors that this process was given when it began; null if they are not known.
static cpu_set_t *given;
static size_t givenSize;

__attribute__((constructor)) static void note_processors(void) {
    // The kernel refuses a set that is smaller than its own.
    for (int processors = 1024; processors <= 1 << 20; processors *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)processors);
        if (set == NULL) return;
        size_t size = CPU_ALLOC_SIZE((size_t)processors);
        memset(set, 0, size);
        if (sched_getaffinity(0, size, set) == 0 && CPU_COUNT_S(size, set) > 0) {
            given = set;
            givenSize = size;
            return;
        }
        int error = errno;
        CPU_FREE(set);
        if (error != EINVAL) return;
    }
}

int platform_processor_count(void) {
    if (given != NULL) return CPU_COUNT_S(givenSize, given);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

int platform_processor(void) { return sched_getcpu(); }

int platform_thread(void) { return (int)syscall(SYS_gettid); }

int platform_place_thread(int thread, int avoided) {
    if (given == NULL) return -ENOTSUP;
    unsigned long memory[givenSize / sizeof(unsigned long)];
    cpu_set_t *set = (cpu_set_t *)memory;
    memcpy(set, given, givenSize);
    // What lies beyond the set is left out.
    if (avoided >= 0) CPU_CLR_S((size_t)avoided, givenSize, set);
    if (CPU_COUNT_S(givenSize, set) == 0) return 0;
    return sched_setaffinity(thread, givenSize, set) == 0 ? 0 : -errno;
}

static const char *const names[] = {"avx", "avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl"};

uint32_t platform_processor_features(void) {
    uint32_t bits = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    bits |= (uint32_t)(__builtin_cpu_supports("avx") != 0) << 0;
    bits |= (uint32_t)(__builtin_cpu_supports("avx2") != 0) << 1;
    bits |= (uint32_t)(__builtin_cpu_supports("fma") != 0) << 2;
    bits |= (uint32_t)(__builtin_cpu_supports("avx512f") != 0) << 3;
    bits |= (uint32_t)(__builtin_cpu_supports("avx512bw") != 0) << 4;
    bits |= (uint32_t)(__builtin_cpu_supports("avx512dq") != 0) << 5;
    bits |= (uint32_t)(__builtin_cpu_supports("avx512vl") != 0) << 6;
#endif
    return bits;
}

const char *platform_feature_name(unsigned index) {
    return index < sizeof names / sizeof names[0] ? names[index] : NULL;
}
