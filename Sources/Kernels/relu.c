#include "clones.h"
#include "kernels.h"

CLONES void lockstep_relu(float *restrict out, const float *restrict in, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) out[i] = in[i] > 0 ? in[i] : 0;
}

CLONES void lockstep_relu_gradient(float *restrict gradIn, const float *restrict gradOut, const float *restrict out,
                                   ptrdiff_t n, bool accumulate) {
    if (accumulate) {
        for (ptrdiff_t i = 0; i < n; i++) gradIn[i] += out[i] > 0 ? gradOut[i] : 0;
    } else {
        for (ptrdiff_t i = 0; i < n; i++) gradIn[i] = out[i] > 0 ? gradOut[i] : 0;
    }
}
