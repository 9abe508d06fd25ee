#include "include/kernels_optimizer.h"
#include "clones.h"

CLONES void lockstep_adam(float *restrict values, float *restrict firstMoments, float *restrict secondMoments,
                          const float *restrict gradients, ptrdiff_t n, const LockstepAdamStep *step) {
    const LockstepAdamStep s = *step;
    for (ptrdiff_t i = 0; i < n; i++) {
        const float value = values[i];
        const float gradient = gradients[i] * s.scale + s.decay * value;
        const float first = firstMoments[i] + s.firstRate * (gradient - firstMoments[i]);
        const float second = s.secondKeep * secondMoments[i] + s.secondRate * (gradient * gradient);
        firstMoments[i] = first;
        secondMoments[i] = second;
        // The builtin, unlike sqrtf, does not set errno and so runs in lanes.
        const float denominator = __builtin_elementwise_sqrt(second) * s.correction + s.epsilon;
        values[i] = s.keep * value - s.stepSize * (first / denominator);
    }
}

CLONES void lockstep_sgd(float *restrict values, const float *restrict gradients, ptrdiff_t n, float rate, float scale,
                         float decay) {
    for (ptrdiff_t i = 0; i < n; i++) values[i] -= rate * (gradients[i] * scale + decay * values[i]);
}

CLONES void lockstep_sgd_momentum(float *restrict values, float *restrict velocities, const float *restrict gradients,
                                  ptrdiff_t n, float rate, float scale, float decay, float momentum, bool nesterov) {
    // v = momentum * v + g; then the direction is g + momentum * v or v itself.
    const float own = nesterov ? 1.0f : 0.0f;
    const float carried = nesterov ? momentum : 1.0f;
    for (ptrdiff_t i = 0; i < n; i++) {
        const float gradient = gradients[i] * scale + decay * values[i];
        const float velocity = momentum * velocities[i] + gradient;
        velocities[i] = velocity;
        values[i] -= rate * (own * gradient + carried * velocity);
    }
}

enum { lanes = 16 };

CLONES double lockstep_sum_of_squares(const float *in, ptrdiff_t n) {
    double sums[lanes] = {0};
    ptrdiff_t base = 0;
    for (; base + lanes <= n; base += lanes)
        for (int lane = 0; lane < lanes; lane++) {
            const double x = (double)in[base + lane];
            sums[lane] += x * x;
        }
    for (int lane = 0; base + lane < n; lane++) {
        const double x = (double)in[base + lane];
        sums[lane] += x * x;
    }
    // Pairwise, half of the lanes at a time.
    for (int width = lanes / 2; width > 0; width /= 2)
        for (int lane = 0; lane < width; lane++) sums[lane] += sums[lane + width];
    return sums[0];
}
