"""Trains a job in JAX: one compiled function, with the loop over the steps inside it (lax.scan).

    python3 jax_peer.py JOB

XLA uses all cores that the process may run on.
"""

import argparse
import functools
import pathlib
import time

import jax
import jax.numpy as jnp
import numpy
from jax import lax

import job as jobs

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def cross_entropy(scores, labels):
    """The sum over all rows."""
    return -jnp.take_along_axis(jax.nn.log_softmax(scores), labels[..., None], -1).sum()


def linear(x, weight, bias):
    return x @ weight.T + bias


def perceptron(parameters, x):
    pairs = list(zip(parameters[::2], parameters[1::2]))
    for weight, bias in pairs[:-1]:
        x = jax.nn.relu(linear(x, weight, bias))
    return linear(x, *pairs[-1])


def layer_norm(x, weight, bias):
    centred = x - x.mean(-1, keepdims=True)
    return centred * lax.rsqrt((centred * centred).mean(-1, keepdims=True) + 1e-5) * weight + bias


def digits(job: jobs.Job):
    """The loss of a step, and what it takes from step to step; images are gathered inside the loop."""
    images = jnp.asarray(job.data["train_images"])
    scale = 1 / 255 if images.dtype == jnp.uint8 else 1
    labels = job.data["train_labels"][numpy.maximum(job.offsets, 0)]

    def loss(parameters, examples, labels, counted):
        scores = perceptron(parameters, images[examples].astype(jnp.float32) * scale)
        rows = jnp.take_along_axis(jax.nn.log_softmax(scores), labels[:, None], 1)[:, 0]
        return -jnp.where(counted, rows, 0).sum()

    return jax.value_and_grad(loss), (numpy.maximum(job.offsets, 0), labels, job.offsets >= 0)


def words(job: jobs.Job):
    """A branch for every length, so that nothing is padded but the rows of a short batch."""
    letters, labels, lengths = job.words()

    def loss(length, parameters, letters, labels, counted):
        input_weight, bias, hidden_weight, *output = parameters
        from_input = input_weight[letters[:, :length].T.astype(jnp.int32)] + bias
        state = jax.nn.relu(from_input[0])
        for position in range(1, length):
            state = jax.nn.relu(from_input[position] + state @ hidden_weight)
        rows = jnp.take_along_axis(jax.nn.log_softmax(perceptron(output, state)), labels[:, None], 1)[:, 0]
        return -jnp.where(counted, rows, 0).sum()

    kinds = sorted(set(lengths.tolist()))
    branches = [jax.value_and_grad(functools.partial(loss, length)) for length in kinds]

    def value_and_grad(parameters, branch, letters, labels, counted):
        return lax.switch(branch, branches, parameters, letters, labels, counted)

    return value_and_grad, (numpy.searchsorted(kinds, lengths), letters, labels, job.offsets >= 0)


def text(job: jobs.Job):
    keys = job.configuration
    heads, block = keys.get("heads", 1), keys.get("blockSize", 10)
    is_pre, is_wide = keys.get("norm", "post") == "pre", keys.get("mlp", 0) > 0
    activation = {"relu": jax.nn.relu, "gelu": jax.nn.gelu}[keys.get("activation", "relu")]
    mask = jnp.where(jnp.tril(jnp.ones((block, block), bool)), 0, -jnp.inf)
    windows = job.windows().astype(numpy.int32)

    def attention(x, qkv_weight, qkv_bias, *projection):
        batch, positions, width = x.shape
        parts = linear(x, qkv_weight, qkv_bias).reshape(batch, positions, 3, heads, width // heads)
        query, key, value = parts[:, :, 0], parts[:, :, 1], parts[:, :, 2]
        scores = jnp.einsum("bihd,bjhd->bhij", query, key) * (width // heads) ** -0.5 + mask
        attended = jnp.einsum("bhij,bjhd->bihd", jax.nn.softmax(scores), value).reshape(x.shape)
        return linear(attended, *projection) if projection else attended

    def feed_forward(x, weight, bias, *contraction):
        x = activation(linear(x, weight, bias))
        return linear(x, *contraction) if contraction else x

    def loss(parameters, characters, following):
        rest = iter(parameters)

        def take(count):
            return [next(rest) for _ in range(count)]

        x = next(rest)[characters]
        if keys.get("positions", "none") == "learned":
            x = x + next(rest)
        for _ in range(keys.get("blocks", 6)):
            attend = take(4 if heads > 1 else 2)
            attention_norm = take(2)
            inner = take(4 if is_wide else 2)
            inner_norm = take(2)
            if is_pre:
                x = attention(layer_norm(x, *attention_norm), *attend) + x
                x = feed_forward(layer_norm(x, *inner_norm), *inner) + x
            else:
                x = layer_norm(attention(x, *attend) + x, *attention_norm)
                x = layer_norm(feed_forward(x, *inner) + x, *inner_norm)
        x = layer_norm(x, *take(2))
        return cross_entropy(x @ next(rest).T, following)

    return jax.value_and_grad(loss), (windows[:, :, :-1], windows[:, :, 1:])


KINDS = {"q3": digits, "q4": words, "q7": text}


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains a job of 'benchmark peers' in JAX.")
    parser.add_argument("job", type=pathlib.Path)
    parser.add_argument("--answer", type=pathlib.Path, metavar="FILE", help="write the answer to FILE")
    options = parser.parse_args()
    job = jobs.read(options.job)
    if job.question not in KINDS:
        raise SystemExit(f"{job.question} has no counterpart here; there are {', '.join(KINDS)}")
    value_and_grad, batches = KINDS[job.question](job)
    terms = job.counts * (job.configuration.get("blockSize", 10) if job.question == "q7" else 1)
    decay, clip = job.weight_decay, job.clip_norm
    is_decoupled = job.optimizer() == "adamw"

    def step(state, inputs):
        parameters, first, second, count = state
        rate, terms, batch = inputs
        loss, gradients = value_and_grad(parameters, *batch)
        gradients = [gradient / terms for gradient in gradients]
        if clip > 0:
            norm = jnp.sqrt(sum((gradient * gradient).sum() for gradient in gradients))
            gradients = [gradient * jnp.minimum(1, clip / (norm + 1e-6)) for gradient in gradients]
        count = count + 1
        first_scale, second_scale = 1 / (1 - BETA1**count), 1 / (1 - BETA2**count)

        def update(value, gradient, mean, square):
            if decay > 0 and not is_decoupled:
                gradient = gradient + decay * value
            mean = BETA1 * mean + (1 - BETA1) * gradient
            square = BETA2 * square + (1 - BETA2) * gradient * gradient
            if is_decoupled:
                value = value * (1 - rate * decay)
            value = value - rate * first_scale * mean / (jnp.sqrt(square * second_scale) + EPSILON)
            return value, mean, square

        parameters, first, second = zip(*map(update, parameters, gradients, first, second))
        return (list(parameters), list(first), list(second), count), loss / terms

    inputs = (
        jnp.asarray(job.rates, jnp.float32),
        jnp.asarray(terms, jnp.float32),
        tuple(map(jnp.asarray, batches)),
    )
    parameters = [jnp.asarray(array) for array in job.parameters]
    zeros = [jnp.zeros_like(array) for array in parameters]
    state = (parameters, zeros, [jnp.zeros_like(array) for array in parameters], jnp.float32(0))
    run = jax.jit(functools.partial(lax.scan, step), donate_argnums=0)
    ranges = [slice(job.warm_up), slice(job.warm_up, None)]
    parts = [jax.tree.map(lambda array: array[steps], inputs) for steps in ranges]
    programs = [run.lower(state, part).compile() for part in parts]
    jax.block_until_ready((state, parts))
    losses = []
    for program, part in zip(programs, parts):
        start = time.perf_counter()
        state, found = jax.block_until_ready(program(state, part))
        seconds = time.perf_counter() - start
        losses += found.tolist()
    milliseconds = seconds / (job.steps - job.warm_up) * 1000
    jobs.answer(
        {
            "program": f"JAX {jax.__version__}", "losses": losses, "millisecondsPerStep": milliseconds,
            "peakBytes": jobs.peak_bytes(),
        }, options.answer
    )  # fmt: skip


if __name__ == "__main__":
    main()
