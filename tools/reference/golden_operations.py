"""Operations: results and gradients of all inputs for a given upstream gradient."""

import torch
import torch.nn.functional as F

from formula import filled, listed, result, rounded


def case(name, operation, inputs, function, attributes=None, indices=()):
    """Runs one operation; `function` takes the inputs, then the indices."""
    leaves = [value.tensor(gradient=True) for value in inputs]
    output = function(*leaves, *[value.tensor() for value in indices])
    upstream = filled("upstream", output.shape, 99)
    output.backward(upstream.tensor())
    return {
        "name": name,
        "operation": operation,
        "attributes": attributes or {},
        "inputs": [value.described() for value in inputs],
        "indices": [value.described() for value in indices],
        "output": result(output),
        "upstream": upstream.described(),
        "gradients": [rounded(leaf.grad) for leaf in leaves],
    }


def arithmetic():
    shapes = {
        "same shape": ((3, 4), (3, 4)),
        "row": ((3, 4), (4,)),
        "column": ((3, 4), (3, 1)),
        "scalar": ((3, 4), ()),
        "left operand": ((4,), (2, 3, 4)),
        "both": ((3, 1, 2), (4, 1)),
    }
    functions = {"add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div}
    for operation, function in functions.items():
        for kind, (left, right) in shapes.items():
            offset = 2.0 if operation == "divide" else 0.0
            inputs = [filled("a", left, 1), filled("b", right, 2, offset=offset)]
            yield case(f"{operation}, {kind}", operation, inputs, function)
    x = [filled("x", (3, 5), 1, scale=2.0)]
    yield case("negate", "negate", x, torch.neg)
    yield case("scale", "scale", x, lambda x: x * 1.7, {"factor": 1.7})


def products():
    shapes = {
        "2-D": ((3, 5), (5, 4)),
        "one row": ((1, 5), (5, 4)),
        "batched": ((2, 3, 5), (2, 5, 4)),
        "matrix for all batches, right": ((2, 3, 5), (5, 4)),
        "matrix for all batches, left": ((3, 5), (2, 5, 4)),
        "batch axes broadcast": ((2, 1, 3, 5), (1, 3, 5, 2)),
    }
    for kind, (left, right) in shapes.items():
        yield case(f"matmul, {kind}", "matmul", [filled("a", left, 1), filled("b", right, 2)], torch.matmul)
    for a_transposed, b_transposed in [(True, False), (False, True), (True, True)]:
        for batch in [(), (2,)]:
            left = batch + ((5, 3) if a_transposed else (3, 5))
            right = batch + ((4, 5) if b_transposed else (5, 4))

            def function(a, b, a_transposed=a_transposed, b_transposed=b_transposed):
                a = a.transpose(-2, -1) if a_transposed else a
                return a @ (b.transpose(-2, -1) if b_transposed else b)

            yield case(
                f"matmul, {'Aᵀ' if a_transposed else 'A'}·{'Bᵀ' if b_transposed else 'B'}, {len(batch) + 2}-D",
                "matmul",
                [filled("a", left, 1), filled("b", right, 2)],
                function,
                {"transposeA": a_transposed, "transposeB": b_transposed},
            )
    for kind, shape in [("2-D", (3, 5)), ("3-D", (2, 3, 5))]:
        for activation in ["identity", "relu", "tanh"]:

            def linear(x, weight, bias, activation=activation):
                y = F.linear(x, weight, bias)
                return y if activation == "identity" else getattr(torch, activation)(y)

            yield case(
                f"linear, {kind}, {activation}",
                "linear",
                [filled("x", shape, 1), filled("weight", (4, 5), 2), filled("bias", (4,), 3)],
                linear,
                {"activation": activation},
            )
    inputs = [filled("x", (3, 5), 1), filled("weight", (4, 5), 2)]
    yield case("linear without bias", "linear", inputs, F.linear, {"activation": "identity"})


def elementwise():
    wide = [filled("x", (4, 7), 1, scale=3.0)]
    positive = [filled("x", (4, 7), 1, scale=1.0, offset=1.5)]
    yield case("relu", "relu", wide, torch.relu)
    yield case("tanh", "tanh", wide, torch.tanh)
    yield case("exp", "exp", wide, torch.exp)
    yield case("sigmoid", "sigmoid", wide, torch.sigmoid)
    yield case("log", "log", positive, torch.log)
    yield case("square root", "squareRoot", positive, torch.sqrt)
    for form, approximate in [("none", False), ("tanh", True)]:
        function = lambda x, form=form: F.gelu(x, approximate=form)
        yield case(f"gelu, {form}", "gelu", wide, function, {"approximate": approximate})
    for operation, function in [("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)]:
        for shape, axis in [((3, 5), -1), ((3, 5), 0), ((2, 3, 4), 1), ((2, 3, 4), -1)]:
            x = [filled("x", shape, 1, scale=4.0)]
            name = f"{operation} of {list(shape)} over {axis}"
            yield case(name, operation, x, lambda x, f=function, axis=axis: f(x, axis), {"axis": axis})
        large = [filled("x", (2, 5), 1, scale=40.0, offset=100.0)]
        yield case(f"{operation}, large", operation, large, lambda x, f=function: f(x, -1), {"axis": -1})


def losses():
    for reduction in ["mean", "sum"]:
        attributes = {"reduction": reduction}
        labels = listed("targets", (4,), [2, 0, 4, 2])
        yield case(
            f"cross-entropy by index, {reduction}",
            "crossEntropy",
            [filled("logits", (4, 5), 1, scale=3.0)],
            lambda x, t, r=reduction: F.cross_entropy(x, t, reduction=r),
            attributes,
            [labels],
        )
        labels = listed("targets", (2, 3), [1, 1, 3, 0, 2, 3])
        yield case(
            f"cross-entropy by index, 3-D, {reduction}",
            "crossEntropy",
            [filled("logits", (2, 3, 4), 1, scale=3.0)],
            lambda x, t, r=reduction: F.cross_entropy(x.reshape(-1, 4), t.reshape(-1), reduction=r),
            attributes,
            [labels],
        )
        # Positive numbers whose rows need not add up to one: the formula −Σ t·log p and its gradients hold all the same.
        targets = filled("targets", (4, 5), 2, scale=0.2, offset=0.2)
        yield case(
            f"cross-entropy by probability, {reduction}",
            "crossEntropy",
            [filled("logits", (4, 5), 1, scale=3.0), targets],
            lambda x, t, r=reduction: F.cross_entropy(x, t, reduction=r),
            attributes,
        )
        for shape in [(4, 3), (2, 2, 3)]:
            yield case(
                f"mean-squared error of {list(shape)}, {reduction}",
                "meanSquaredError",
                [filled("x", shape, 1), filled("target", shape, 2)],
                lambda x, t, r=reduction: F.mse_loss(x, t, reduction=r),
                attributes,
            )


def reductions():
    for operation, function in [("sum", torch.sum), ("mean", torch.mean)]:
        x = [filled("x", (2, 3, 4), 1)]
        yield case(f"{operation} of all", operation, x, function)
        for axes in [[0], [1], [-1], [0, 2], [0, 1, 2]]:
            for keeping in [False, True]:
                yield case(
                    f"{operation} over {axes}{', keeping' if keeping else ''}",
                    operation,
                    x,
                    lambda x, f=function, axes=axes, keeping=keeping: f(x, axes, keepdim=keeping),
                    {"axes": axes, "keepingDimensions": keeping},
                )


def views():
    x = [filled("x", (2, 3, 4), 1)]
    yield case("reshape", "reshape", x, lambda x: x.reshape(6, 4), {"shape": [6, 4]})
    for source, destination in [(0, 2), (2, 0), (-1, 1)]:
        yield case(
            f"movedim {source} to {destination}",
            "movedim",
            x,
            lambda x, s=source, d=destination: x.movedim(s, d),
            {"from": source, "to": destination},
        )
    for first, second in [(-2, -1), (0, 1), (0, 2)]:
        yield case(
            f"transpose {first} and {second}",
            "transpose",
            x,
            lambda x, a=first, b=second: x.transpose(a, b),
            {"axes": [first, second]},
        )
    yield case(
        "reshape of a transpose",
        "reshape",
        x,
        lambda x: x.transpose(0, 1).reshape(3, 8),
        {"transposed": [0, 1], "shape": [3, 8]},
    )
    y = [filled("x", (3, 1), 1)]
    yield case("broadcast", "broadcast", y, lambda x: x.broadcast_to(2, 3, 4), {"shape": [2, 3, 4]})
    for axis, start, end in [(0, 1, 2), (1, 0, 2), (2, 1, 4), (-1, 3, 4)]:
        yield case(
            f"slice {start}..<{end} of {axis}",
            "slice",
            x,
            lambda x, a=axis, s=start, e=end: x.narrow(a, s, e - s),
            {"axis": axis, "start": start, "end": end},
        )
    for axis, shapes in [(0, [(2, 3), (1, 3), (3, 3)]), (1, [(2, 3), (2, 1)]), (-1, [(2, 2, 3), (2, 2, 2)])]:
        parts = [filled(f"part{index}", shape, index + 1) for index, shape in enumerate(shapes)]
        function = lambda *parts, axis=axis: torch.cat(parts, axis)
        yield case(f"concatenate {len(parts)} over {axis}", "concatenate", parts, function, {"axis": axis})


def lookups():
    for shape, mask_shape in [((2, 4, 4), (4, 4)), ((2, 3, 4), (2, 1, 4))]:
        count = mask_shape[-1] * mask_shape[-2] * (mask_shape[0] if len(mask_shape) == 3 else 1)
        if mask_shape == (4, 4):
            values = [int(column > row) for row in range(4) for column in range(4)]
        else:
            values = [int(i % 3 == 1) for i in range(count)]
        yield case(
            f"masked fill of {list(shape)} by {list(mask_shape)}",
            "maskedFill",
            [filled("x", shape, 1)],
            lambda x, mask: x.masked_fill(mask.bool(), -1000.0),
            {"value": -1000.0},
            [listed("mask", mask_shape, values)],
        )
    for shape, values in [((5,), [3, 0, 3, 3, 1]), ((2, 3), [5, 1, 1, 0, 5, 2]), ((1, 1), [4])]:
        yield case(
            f"embedding of {list(shape)}",
            "embedding",
            [filled("table", (6, 4), 1)],
            lambda table, indices: F.embedding(indices, table),
            indices=[listed("indices", shape, values)],
        )
    for axis, shape, values in [(0, (2, 4), [0, 2, 1, 1, 0, 2, 0, 1]), (1, (3, 3), [3, 3, 0, 1, 0, 1, 2, 2, 2])]:
        yield case(
            f"gather over {axis}",
            "gather",
            [filled("x", (3, 4), 1)],
            lambda x, indices, axis=axis: torch.gather(x, axis, indices),
            {"axis": axis},
            [listed("indices", shape, values)],
        )


def normalisations():
    for shape in [(3, 6), (2, 3, 5)]:
        width = shape[-1]
        x = filled("x", shape, 1, scale=2.0, offset=0.5)
        weight = filled("weight", (width,), 2, scale=0.5, offset=1.0)
        bias = filled("bias", (width,), 3, scale=0.5)
        affine = lambda x, w, b, width=width: F.layer_norm(x, (width,), w, b, 1e-5)
        plain = lambda x, width=width: F.layer_norm(x, (width,), eps=1e-5)
        attributes = {"epsilon": 1e-5}
        yield case(f"layer norm of {list(shape)}", "layerNorm", [x, weight, bias], affine, attributes)
        yield case(f"layer norm of {list(shape)}, not affine", "layerNorm", [x], plain, attributes)


def convolutions():
    variants = [
        # input, weight, stride, padding, bias
        ((1, 1, 5, 6), (1, 1, 3, 3), (1, 1), (0, 0), False),
        ((2, 3, 5, 5), (4, 3, 3, 3), (1, 1), (0, 0), True),
        ((2, 2, 6, 5), (3, 2, 3, 2), (2, 1), (1, 0), True),
        ((1, 2, 7, 7), (2, 2, 3, 3), (3, 2), (2, 1), True),
        ((3, 1, 4, 4), (2, 1, 1, 1), (2, 2), (0, 0), True),
        ((1, 1, 4, 4), (1, 1, 2, 2), (1, 1), (1, 1), False),
    ]
    for shape, kernel, stride, padding, bias in variants:
        inputs = [filled("x", shape, 1), filled("weight", kernel, 2)]
        if bias:
            inputs.append(filled("bias", kernel[:1], 3))
        yield case(
            f"conv2d of {list(shape)} by {list(kernel)}, stride {list(stride)}, padding {list(padding)}",
            "conv2d",
            inputs,
            lambda *values, s=stride, p=padding: F.conv2d(*values, stride=s, padding=p),
            {"stride": list(stride), "padding": list(padding)},
        )


def attentions():
    for causal in [True, False]:
        for shape in [(4, 3), (2, 4, 3), (2, 2, 5, 4)]:
            inputs = [filled(name, shape, index + 1, scale=2.0) for index, name in enumerate(["query", "key", "value"])]
            yield case(
                f"attention of {list(shape)}{', causal' if causal else ''}",
                "attention",
                inputs,
                lambda q, k, v, causal=causal: F.scaled_dot_product_attention(q, k, v, is_causal=causal),
                {"causal": causal},
            )


def cases() -> list[dict]:
    groups = [
        arithmetic, products, elementwise, losses, reductions, views, lookups, normalisations, convolutions, attentions,
    ]  # fmt: skip
    return [case for group in groups for case in group()]
