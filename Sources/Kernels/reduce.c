#include "clones.h"
#include "kernels_reduce.h"

CLONES void lockstep_add_to(float *restrict sum, const float *restrict other, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) sum[i] += other[i];
}
