// Compiles a function for several instruction sets; the loader chooses once, at load time.
#ifndef LOCKSTEP_CLONES_H
#define LOCKSTEP_CLONES_H

// WIDE_CLONES has vectors of 512 bits too: worth it for long loops with much to compute, not for short rows.
#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("avx2", "default")))
#define WIDE_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default"), min_vector_width(512)))
#else
#define CLONES
#define WIDE_CLONES
#endif

#endif
