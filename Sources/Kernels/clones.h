// Compiles a function for several instruction sets; the loader chooses once, at load time.
#ifndef LOCKSTEP_CLONES_H
#define LOCKSTEP_CLONES_H

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#else
#define CLONES
#endif

#endif
