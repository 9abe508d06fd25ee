"""Layers: outputs, and the gradients of inputs and parameters for a given upstream gradient."""

from torch import nn

from formula import filled, listed, result, rounded
from models import CausalSelfAttention, MultilayerPerceptron, RecurrentCell
from parameters import fill


def case(name, layer, model, inputs, attributes=None, indices=(), function=None):
    parameters = fill(model)
    model.zero_grad()
    leaves = [value.tensor(gradient=True) for value in inputs]
    output = (function or model)(*leaves, *[value.tensor() for value in indices])
    upstream = filled("upstream", output.shape, 99)
    output.backward(upstream.tensor())
    return {
        "name": name,
        "layer": layer,
        "attributes": attributes or {},
        "parameters": [value.described() for value in parameters],
        "inputs": [value.described() for value in inputs],
        "indices": [value.described() for value in indices],
        "output": result(output),
        "upstream": upstream.described(),
        "inputGradients": [rounded(leaf.grad) for leaf in leaves],
        "parameterGradients": [rounded(parameter.grad) for parameter in model.parameters()],
    }


def linears():
    for bias in [True, False]:
        for shape in [(3, 5), (2, 3, 5)]:
            yield case(
                f"linear {'with' if bias else 'without'} bias, {len(shape)}-D",
                "Linear",
                nn.Linear(5, 4, bias=bias),
                [filled("x", shape, 51)],
                {"inputs": 5, "outputs": 4, "bias": bias},
            )


def lookups():
    indices = listed("indices", (2, 3), [5, 1, 1, 0, 5, 2])
    attributes = {"count": 6, "width": 4}
    yield case("embedding", "Embedding", nn.Embedding(6, 4), [], attributes, [indices])


def norms():
    x = filled("x", (2, 3, 6), 51, scale=2.0, offset=0.5)
    yield case("layer norm", "LayerNorm", nn.LayerNorm(6), [x], {"width": 6, "epsilon": 1e-5})


def convolutions():
    for shape, outputs, kernel, stride, padding, bias in [
        ((2, 1, 6, 6), 1, (3, 3), (1, 1), (0, 0), False),
        ((2, 3, 6, 5), 4, (3, 2), (2, 1), (1, 0), True),
    ]:
        yield case(
            f"conv2d of {list(shape)}",
            "Conv2d",
            nn.Conv2d(shape[1], outputs, kernel, stride, padding, bias=bias),
            [filled("x", shape, 51)],
            {
                "inputs": shape[1], "outputs": outputs, "kernel": list(kernel), "stride": list(stride),
                "padding": list(padding), "bias": bias,
            },
        )  # fmt: skip


class Unrolled:
    """A recurrent cell run over several steps."""

    def __init__(self, cell: RecurrentCell):
        self.cell = cell

    def __call__(self, *steps):
        return self.from_state(None, *steps)

    def from_state(self, state, *steps):
        for x in steps:
            state = self.cell(x, state)
        return state


def recurrent_cells():
    for activation in ["relu", "tanh"]:
        attributes = {"inputs": 5, "hidden": 4, "activation": activation}
        unrolled = Unrolled(RecurrentCell(5, 4, activation))
        inputs = [filled(f"x{step}", (3, 5), 51 + step) for step in range(3)]
        yield case(
            f"recurrent cell, {activation}, 3 steps",
            "RecurrentCell",
            unrolled.cell,
            inputs,
            attributes,
            function=unrolled,
        )
        yield case(
            f"recurrent cell, {activation}, 3 steps from a state",
            "RecurrentCell",
            unrolled.cell,
            [filled("state", (3, 4), 61)] + inputs,
            attributes | {"state": True},
            function=unrolled.from_state,
        )
        yield case(
            f"recurrent cell, {activation}, 3 letters",
            "RecurrentCell",
            unrolled.cell,
            [],
            attributes,
            [listed(f"letters{step}", (3,), [(step * 2 + row * 3 + 1) % 5 for row in range(3)]) for step in range(3)],
            function=unrolled,
        )


def attentions():
    for heads in [1, 2, 3]:
        for projection in [False, True]:
            yield case(
                f"causal self-attention, heads {heads}{', projection' if projection else ''}",
                "CausalSelfAttention",
                CausalSelfAttention(6, heads, projection),
                [filled("x", (2, 4, 6), 51, scale=2.0)],
                {"width": 6, "heads": heads, "projection": projection},
            )


def sequences():
    yield case(
        "sequential: linear, ReLU, linear, ReLU, linear",
        "Sequential",
        MultilayerPerceptron(5, 6, 4, 3),
        [filled("x", (4, 5), 51)],
        {"widths": [5, 6, 4, 3], "activation": "relu"},
    )
    yield case(
        "sequential: linear, tanh, linear",
        "Sequential",
        nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3)),
        [filled("x", (4, 5), 51)],
        {"widths": [5, 6, 3], "activation": "tanh"},
    )


def cases() -> list[dict]:
    groups = [linears, lookups, norms, convolutions, recurrent_cells, attentions, sequences]
    return [case for group in groups for case in group()]
