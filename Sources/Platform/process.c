#define _GNU_SOURCE
#include "Platform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int platform_die_with_parent(pid_t expected_parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return -errno;
    // The parent may have died before the call above.
    return getppid() == expected_parent ? 0 : -ESRCH;
}

int platform_open_pidfd(pid_t process) {
    long descriptor = syscall(SYS_pidfd_open, process, 0);
    return descriptor < 0 ? -errno : (int)descriptor;
}

char *const *platform_environment(void) { return environ; }

int platform_duplicate(int descriptor, int minimum) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, minimum);
    return copy < 0 ? -errno : copy;
}

int platform_open_pipe(int ends[2]) {
    int original[2];
    if (pipe2(original, O_CLOEXEC) != 0) return -errno;
    int result = 0;
    ends[0] = ends[1] = -1;
    for (int i = 0; i < 2 && result == 0; i++) {
        if (original[i] > 2) {
            ends[i] = original[i];
        } else {
            ends[i] = platform_duplicate(original[i], 3);
            if (ends[i] < 0) result = ends[i];
        }
    }
    for (int i = 0; i < 2; i++) {
        if (original[i] != ends[i]) close(original[i]);
        if (result != 0 && ends[i] >= 0) close(ends[i]);
    }
    return result;
}

int platform_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
