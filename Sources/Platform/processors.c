#define _GNU_SOURCE
#include "Platform.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

int platform_processor_count(void) {
    // The kernel refuses a set that is smaller than its own.
    for (int processors = 1024; processors <= 1 << 20; processors *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)processors);
        if (set == NULL) break;
        size_t size = CPU_ALLOC_SIZE((size_t)processors);
        int status = sched_getaffinity(0, size, set);
        int error = errno;
        int count = status == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
        if (status == 0 && count > 0) return count;
        if (error != EINVAL) break;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
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
