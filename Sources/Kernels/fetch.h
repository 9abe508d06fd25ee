// Memory that is brought nearer before it is needed, so that it is not waited for.
#ifndef LOCKSTEP_FETCH_H
#define LOCKSTEP_FETCH_H

#include "vector_math.h"
#include <stdbool.h>
#include <stddef.h>

/// Has floats brought into the second cache, to be read soon, or to be written. They need not exist.
LOCKSTEP_INLINE void fetch_floats(const float *place, ptrdiff_t count, bool isWritten) {
    enum { lineFloats = 16 };
    for (ptrdiff_t i = 0; i < count; i += lineFloats) {
        if (isWritten) {
            __builtin_prefetch(place + i, 1, 2);
        } else {
            __builtin_prefetch(place + i, 0, 2);
        }
    }
}

#endif
