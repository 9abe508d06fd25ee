// Counts the allocations of a process that this library is preloaded into (LD_PRELOAD), by all of its threads.
#pragma once

#include <stdint.h>

// The calls of malloc, calloc, realloc and their aligned kin so far.
int64_t lockstep_allocation_count(void);
