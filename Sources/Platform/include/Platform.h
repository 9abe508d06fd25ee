// System calls that Swift cannot reach, or only badly. Functions return zero or a descriptor, or a negative errno.
#pragma once

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Processes

// Has the kernel kill this process as soon as the thread that spawned it ends; fails with -ESRCH when the parent is
// not (or no longer) `expected_parent`. The setting belongs to the calling thread, so call it on the main thread.
int platform_die_with_parent(pid_t expected_parent);

// Opens a descriptor that becomes readable when the process exits; closed on exec.
int platform_open_pidfd(pid_t process);

// The environment of this process, ending in NULL.
char *const *platform_environment(void);

// Makes a pipe whose two ends are closed on exec and never 0, 1 or 2.
int platform_open_pipe(int ends[2]);

// Duplicates a descriptor to the first free number from `minimum` on, closed on exec.
int platform_duplicate(int descriptor, int minimum);

// Has a process that is to be spawned close every descriptor from `first` on; returns zero or a positive errno, as the
// functions of this family do.
int platform_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

// Signals

// Writes the number of each watched signal, as one byte, to `descriptor` (which must not block). A signal is caught
// once: its second arrival has the default effect. One watch at a time; fails with -EBUSY.
int platform_watch_signals(const int *signals, size_t count, int descriptor);

// Gives the watched signals back the effect that they had before.
void platform_unwatch_signals(void);

// Processors

// The number of processors that this process may run on.
int platform_processor_count(void);

// What the processor offers beyond the baseline, as bits; zero where that is not known.
uint32_t platform_processor_features(void);

// The name of bit `index` of the features; NULL beyond the last.
const char *platform_feature_name(unsigned index);
