// Softmax and its relatives over the rows of a contiguous matrix [rows, columns].
#ifndef LOCKSTEP_SOFTMAX_H
#define LOCKSTEP_SOFTMAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// out = exp(in - max) / sum, row by row.
void lockstep_softmax(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns);

/// gradIn (+)= out * (gradOut - <gradOut, out>)
void lockstep_softmax_gradient(float *gradIn, const float *gradOut, const float *out, ptrdiff_t rows,
                               ptrdiff_t columns, bool accumulate);

/// out = in - max - log(sum exp(in - max)), row by row.
void lockstep_log_softmax(float *out, const float *in, ptrdiff_t rows, ptrdiff_t columns);

/// gradIn (+)= gradOut - exp(out) * sum gradOut
void lockstep_log_softmax_gradient(float *gradIn, const float *gradOut, const float *out, ptrdiff_t rows,
                                   ptrdiff_t columns, bool accumulate);

/// scores = softmax(scale * scores) in place; row i sees its leading `first` + i columns only, and the others become 0.
void lockstep_attention_softmax(float *scores, ptrdiff_t rows, ptrdiff_t columns, float scale, ptrdiff_t first);

/// gradient = scale * p * (gradient - <gradient, p>) in place; what row i does not see is not read, and becomes 0.
void lockstep_attention_softmax_gradient(float *gradient, const float *probabilities, ptrdiff_t rows,
                                         ptrdiff_t columns, float scale, ptrdiff_t first);

/// Writes the softmax and returns the sum over rows of -log(probability of the target); targets are in 0..<columns.
double lockstep_cross_entropy(float *probabilities, const float *logits, const int32_t *targets, ptrdiff_t rows,
                              ptrdiff_t columns);

/// gradIn (+)= scale * (probabilities - onehot(targets))
void lockstep_cross_entropy_gradient(float *gradIn, const float *probabilities, const int32_t *targets, ptrdiff_t rows,
                                     ptrdiff_t columns, float scale, bool accumulate);

/// Writes the log-softmax and returns the sum over rows of -<targets, log-softmax>.
double lockstep_soft_cross_entropy(float *logProbabilities, const float *logits, const float *targets, ptrdiff_t rows,
                                   ptrdiff_t columns);

/// gradIn (+)= scale * (softmax * sum targets - targets)
void lockstep_soft_cross_entropy_gradient(float *gradIn, const float *logProbabilities, const float *targets,
                                          ptrdiff_t rows, ptrdiff_t columns, float scale, bool accumulate);

#endif
