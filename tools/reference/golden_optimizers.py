"""Optimizers step by step, learning-rate schedules, and clipping by the global norm."""

import torch
from torch import nn

from formula import filled, rounded

STEPS = 10
SCHEDULE_STEPS = 20


def optimizer(name, make, kind, attributes):
    """Ten steps of one optimizer over two parameters with given gradients."""
    shapes = [(3, 4), (5,)]
    specifications = [filled(f"p{index}", shape, index + 1) for index, shape in enumerate(shapes)]
    parameters = [nn.Parameter(value.tensor()) for value in specifications]
    method = make(parameters)
    gradients, values = [], []
    for step in range(STEPS):
        # From small to large, so that the moments have something to follow.
        scale = 0.01 * 2.0**step
        given = [
            filled(f"g{index}", shape, 10 + 2 * step + index, scale=scale, offset=0.1 * scale)
            for index, shape in enumerate(shapes)
        ]
        for parameter, gradient in zip(parameters, given):
            parameter.grad = gradient.tensor()
        method.step()
        gradients.append([value.described() for value in given])
        values.append([rounded(parameter) for parameter in parameters])
    return {
        "name": name, "kind": "optimizer", "optimizer": kind, "attributes": attributes,
        "parameters": [value.described() for value in specifications], "gradients": gradients, "values": values,
    }  # fmt: skip


def optimizers():
    for momentum, nesterov, decay in [
        (0.0, False, 0.0), (0.0, False, 0.1), (0.9, False, 0.0), (0.9, True, 0.0), (0.9, True, 0.1), (0.5, False, 0.01),
    ]:  # fmt: skip
        attributes = {"rate": 0.05, "momentum": momentum, "nesterov": nesterov, "weightDecay": decay}
        yield optimizer(
            f"SGD, momentum {momentum}{', Nesterov' if nesterov else ''}, weight decay {decay}",
            lambda p, m=momentum, n=nesterov, d=decay: torch.optim.SGD(p, 0.05, m, nesterov=n, weight_decay=d),
            "sgd",
            attributes,
        )
    for kind, method in [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW)]:
        for rate, betas, epsilon, decay in [
            (0.01, (0.9, 0.999), 1e-8, 0.0), (0.01, (0.9, 0.999), 1e-8, 0.1), (0.1, (0.8, 0.95), 1e-3, 0.01),
        ]:  # fmt: skip
            yield optimizer(
                f"{method.__name__}, rate {rate}, betas {list(betas)}, epsilon {epsilon}, weight decay {decay}",
                lambda p, f=method, r=rate, b=betas, e=epsilon, d=decay: f(p, r, b, e, weight_decay=d),
                kind,
                {"rate": rate, "beta1": betas[0], "beta2": betas[1], "epsilon": epsilon, "weightDecay": decay},
            )


def schedule(name, kind, attributes, make):
    """The rates of twenty steps, from step 0."""
    method = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=attributes["base"])
    rates = []
    scheduler = make(method)
    for step in range(SCHEDULE_STEPS):
        rates.append(method.param_groups[0]["lr"])
        method.step()
        if step < SCHEDULE_STEPS - 1:
            scheduler.step()
    return {"name": name, "kind": "schedule", "schedule": kind, "attributes": attributes, "rates": rounded(rates)}


def schedules():
    schedulers = torch.optim.lr_scheduler
    total = SCHEDULE_STEPS
    for base, warm_up, divisor, final in [(0.01, 0.3, 25.0, 1e4), (0.5, 0.5, 10.0, 100.0)]:
        yield schedule(
            f"one cycle, warm-up {warm_up}",
            "oneCycle",
            {"base": base, "total": total, "warmUp": warm_up, "divisor": divisor, "finalDivisor": final},
            lambda o, b=base, w=warm_up, d=divisor, f=final: schedulers.OneCycleLR(
                o, b, total_steps=total, pct_start=w, div_factor=d, final_div_factor=f, cycle_momentum=False
            ),
        )
    for minimum in [0.0, 0.001]:
        yield schedule(
            f"cosine to {minimum}",
            "cosine",
            {"base": 0.01, "total": total, "minimum": minimum},
            lambda o, m=minimum: schedulers.CosineAnnealingLR(o, T_max=total, eta_min=m),
        )
    for every, factor in [(5, 0.5), (7, 0.1)]:
        yield schedule(
            f"step, times {factor} every {every}",
            "step",
            {"base": 0.01, "every": every, "factor": factor},
            lambda o, e=every, f=factor: schedulers.StepLR(o, e, f),
        )
    # rate = base · min(1, (step + 1) / steps)
    for steps in [5, 8]:
        yield schedule(
            f"linear warm-up over {steps}",
            "linearWarmUp",
            {"base": 0.01, "steps": steps},
            lambda o, n=steps: schedulers.LinearLR(o, start_factor=1 / n, total_iters=n - 1),
        )


def clippings():
    for maximum in [0.5, 100.0]:
        given = [filled("g0", (3, 4), 1), filled("g1", (5,), 2)]
        parameters = [nn.Parameter(value.tensor()) for value in given]
        for parameter, gradient in zip(parameters, given):
            parameter.grad = gradient.tensor()
        norm = nn.utils.clip_grad_norm_(parameters, maximum)
        yield {
            "name": f"clip to {maximum}", "kind": "clip", "attributes": {"maximum": maximum},
            "gradients": [value.described() for value in given], "norm": rounded(norm)[0],
            "values": [rounded(parameter.grad) for parameter in parameters],
        }  # fmt: skip


def cases() -> list[dict]:
    return [case for group in [optimizers, schedules, clippings] for case in group()]
