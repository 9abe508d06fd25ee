#define _GNU_SOURCE
#include "Platform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

int platform_create_memory(const char *name, size_t bytes) {
    // Kernels before 6.3 do not know that nothing in it will be executed.
    int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (descriptor < 0 && errno == EINVAL) descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor < 0) return -errno;
    // Whoever has it mapped must not be killed because another cuts it short.
    if (ftruncate(descriptor, (off_t)bytes) != 0 ||
        fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int platform_grow_memory(int descriptor, size_t bytes) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return -errno;
    if ((size_t)status.st_size >= bytes) return 0;
    return ftruncate(descriptor, (off_t)bytes) == 0 ? 0 : -errno;
}

int64_t platform_memory_size(int descriptor) {
    int seals = fcntl(descriptor, F_GET_SEALS);
    if (seals < 0) return -errno;
    if ((seals & F_SEAL_SHRINK) == 0) return -EPERM;
    struct stat status;
    if (fstat(descriptor, &status) != 0) return -errno;
    return status.st_size;
}

int platform_open_read_only(int descriptor) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int copy = open(path, O_RDONLY | O_CLOEXEC);
    return copy < 0 ? -errno : copy;
}

int platform_create_bell(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

void platform_ring_bell(int descriptor) {
    // A full counter is readable already.
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
}

void platform_silence_bell(int descriptor) {
    uint64_t count;
    ssize_t result = read(descriptor, &count, sizeof count);
    (void)result;
}
