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

// The number of the processor that this thread runs on; negative where that is not known.
int platform_processor(void);

// The number of this thread, for the next function.
int platform_thread(void);

// Has a thread of this user run on any processor that this process was given when it began, but for `avoided`, which is
// negative for none. Does nothing if there is no other.
int platform_place_thread(int thread, int avoided);

// What the processor offers beyond the baseline, as bits; zero where that is not known.
uint32_t platform_processor_features(void);

// The name of bit `index` of the features; NULL beyond the last.
const char *platform_feature_name(unsigned index);

// Memory between processes

// Creates memory without a name that other processes can be given a descriptor of; it never shrinks. Zeroed.
int platform_create_memory(const char *name, size_t bytes);

// Makes memory at least as large.
int platform_grow_memory(int descriptor, size_t bytes);

// The size of memory in bytes; -EPERM if it may shrink, and -EINVAL if the descriptor is of something else.
int64_t platform_memory_size(int descriptor);

// Opens a file once more, for reading only; closed on exec.
int platform_open_read_only(int descriptor);

// Creates a descriptor that becomes readable when it is rung by any process that has it; closed on exec.
int platform_create_bell(void);
void platform_ring_bell(int descriptor);
void platform_silence_bell(int descriptor);

// Words that processes or threads share. Loads acquire, stores release, and all of them have one order.

static inline uint32_t platform_load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }
static inline void platform_store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }
static inline uint32_t platform_increment(uint32_t *word) { return __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST); }
static inline uint32_t platform_decrement(uint32_t *word) { return __atomic_sub_fetch(word, 1, __ATOMIC_SEQ_CST); }

// Changes a word that has a value; 1 if it had it, else 0, and the word stays as it is.
static inline int platform_change(uint32_t *word, uint32_t from, uint32_t to) {
    return __atomic_compare_exchange_n(word, &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

// Says that this thread is waiting in a loop.
static inline void platform_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// Sleeps while a word has a value, until it is woken by one of its names (bits, at least one) or the time is up; may
// return early.
void platform_wait_while(const uint32_t *word, uint32_t value, uint32_t names, int64_t nanoseconds);

// Wakes all who sleep at a word under one of some names, in one call.
void platform_wake(const uint32_t *word, uint32_t names);

// Looks again and again while a word has a value; 1 if it has changed, 0 if the time is up. Others are let run meanwhile,
// whose time does not count. If they take longer at once than `patience`, it is over, and `was_kept_waiting` becomes 1.
int platform_spin_while(const uint32_t *word, uint32_t value, int64_t nanoseconds, int64_t patience,
                        int *was_kept_waiting);

// Measurement

// The time in nanoseconds, by the clock that all processes of the host share and nobody sets.
int64_t platform_nanoseconds(void);

// The allocations this process has made so far, if AllocationCounter is preloaded; else -1.
int64_t platform_allocation_count(void);
