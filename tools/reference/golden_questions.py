"""The first ten training steps of every question that is trained by gradient descent, with parameters and batches by
the formula.

Some numbers are not determined by arithmetic: adding to a key's bias adds the same to all scores of a query, which
softmax ignores, so that the gradient is zero but for rounding, and Adam turns any rounding into a full step. "compared"
ends before them.
"""

from dataclasses import dataclass, field
from typing import Callable

import torch
import torch.nn.functional as F
from torch import nn

from formula import Filled, Listed, filled, listed, rounded
from models import (
    CausalSelfAttention, CharacterGPT, ConvolutionalNetwork, MultilayerPerceptron, RecurrentClassifier,
)  # fmt: skip
from parameters import fill

STEPS = 10
FIRST = 8

# The largest relative difference between float32 and float64 that a case may show; otherwise it would test rounding.
LARGEST_DEVIATION = 1e-5


@dataclass
class Question:
    """Ten steps of a question: a batch is a list of filled and one of listed tensors."""

    name: str
    attributes: dict
    model: Callable[[], nn.Module]
    batch: Callable[[int], tuple[list[Filled], list[Listed]]]
    loss: Callable
    optimizer: dict
    rates: list[float] = field(default_factory=list)
    clip_norm: float | None = None


def squared_error(model, x, target):
    return F.mse_loss(model(x), target)


def cross_entropy(model, x, labels):
    scores = model(x)
    return F.cross_entropy(scores.reshape(-1, scores.shape[-1]), labels.reshape(-1))


def salt_of(step: int, part: int = 0) -> int:
    return 200 + 10 * step + part


def linear_batch(step):
    return [filled("x", (4, 2), salt_of(step)), filled("y", (4, 1), salt_of(step, 1), scale=5.0)], []


def sine_batch(step):
    return [filled("x", (16, 1), salt_of(step), scale=6.0), filled("y", (16, 1), salt_of(step, 1))], []


def image_batch(step):
    labels = [(i * 7 + step) % 10 for i in range(16)]
    return [filled("images", (16, 784), salt_of(step), 0.5, 0.5)], [listed("labels", (16,), labels)]


def word_batch(step):
    letters = [(row * 7 + position * 11 + step * 5 + row * position) % 47 for row in range(16) for position in range(4)]
    labels = [(i * 7 + step) % 5 for i in range(16)]
    return [], [listed("letters", (16, 4), letters), listed("labels", (16,), labels)]


def attention_batch(step):
    shape = (4, 6, 8)
    return [filled("x", shape, salt_of(step), scale=2.0), filled("y", shape, salt_of(step, 1))], []


def text_batch(step):
    text = [[(start * 17 + step * 29 + i * i * 7 + i * 3) % 65 for i in range(11)] for start in range(4)]
    characters = [code for window in text for code in window[:-1]]
    following = [code for window in text for code in window[1:]]
    return [], [listed("characters", (4, 10), characters), listed("next", (4, 10), following)]


def one_cycle(maximum: float) -> list[float]:
    method = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=maximum)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(method, maximum, total_steps=STEPS, cycle_momentum=False)
    rates = []
    for step in range(STEPS):
        rates.append(method.param_groups[0]["lr"])
        method.step()
        if step < STEPS - 1:
            scheduler.step()
    return rates


ADAM = {"name": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0}

QUESTIONS = [
    Question(
        "linear", {}, lambda: nn.Linear(2, 1), linear_batch, squared_error,
        {"name": "sgd", "momentum": 0.0, "nesterov": False, "weightDecay": 0.0}, [0.05] * STEPS,
    ),
    Question(
        "q2", {"hidden": [64, 64]}, lambda: MultilayerPerceptron(1, 64, 64, 1), sine_batch, squared_error,
        ADAM, [0.003] * STEPS,
    ),
    Question(
        "q3", {"hidden": [256]}, lambda: MultilayerPerceptron(784, 256, 10), image_batch, cross_entropy,
        ADAM, [0.001] * STEPS,
    ),
    Question(
        "q4", {"hidden": [32]}, lambda: RecurrentClassifier(47, 32, 5), word_batch, cross_entropy,
        ADAM | {"name": "adamw", "weightDecay": 0.05}, one_cycle(0.005), 0.1,
    ),
    Question(
        "q5", {"hidden": [32]}, lambda: ConvolutionalNetwork(32), image_batch, cross_entropy,
        ADAM, [0.001] * STEPS,
    ),
    Question(
        "q6", {"blockSize": 6, "layerSize": 8, "heads": 1}, lambda: CausalSelfAttention(8), attention_batch,
        squared_error, ADAM, [0.01] * STEPS,
    ),
    Question(
        "q7", {"blockSize": 10, "layerSize": 16, "blocks": 2, "heads": 1}, lambda: CharacterGPT(65, 16, 2), text_batch,
        cross_entropy, ADAM, [0.003] * STEPS,
    ),
    Question(
        "q7-nanogpt",
        {
            "blockSize": 10, "layerSize": 16, "blocks": 2, "heads": 2, "positions": "learned", "norm": "pre", "mlp": 4,
            "activation": "gelu",
        },
        lambda: CharacterGPT(65, 16, 2, heads=2, positions=10, norm="pre", expansion=4, activation="gelu"), text_batch,
        cross_entropy, ADAM | {"name": "adamw", "weightDecay": 0.1}, one_cycle(0.003), 1.0,
    ),
]  # fmt: skip


def make_optimizer(description: dict, parameters, rate: float):
    if description["name"] == "sgd":
        return torch.optim.SGD(parameters, rate, description["momentum"], nesterov=description["nesterov"])
    method = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[description["name"]]
    return method(
        parameters, rate, (description["beta1"], description["beta2"]), description["epsilon"],
        weight_decay=description["weightDecay"],
    )  # fmt: skip


def compared_count(name: str, parameter: torch.Tensor) -> int:
    """How many leading numbers of a parameter are determined; those of a bias of keys are not."""
    return parameter.numel() // 3 if name.endswith("qkv.bias") else parameter.numel()


def run(question: Question, dtype: torch.dtype) -> dict:
    model = question.model()
    parameters = fill(model, dtype)
    method = make_optimizer(question.optimizer, model.parameters(), question.rates[0])
    losses, norms, steps = [], [], []
    for step, rate in enumerate(question.rates):
        inputs, indices = question.batch(step)
        loss = question.loss(model, *[value.tensor(dtype) for value in inputs], *[value.tensor() for value in indices])
        method.zero_grad()
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), question.clip_norm or float("inf")))
        method.param_groups[0]["lr"] = rate
        method.step()
        losses.append(loss)
        steps.append(
            {"inputs": [value.described() for value in inputs], "indices": [value.described() for value in indices]}
        )
    final = []
    for (name, parameter), specification in zip(model.named_parameters(), parameters, strict=True):
        count = compared_count(name, parameter)
        values = parameter.detach().reshape(-1)[:count]
        final.append(
            {
                "name": specification.name,
                "compared": count,
                "norm": rounded(values.double().norm())[0],
                "first": rounded(values[:FIRST]),
            }
        )
    return {
        "name": question.name, "attributes": question.attributes,
        "parameters": [value.described() for value in parameters], "optimizer": question.optimizer,
        "rates": rounded(torch.tensor(question.rates, dtype=torch.float64)), "clipNorm": question.clip_norm,
        "steps": steps, "losses": [rounded(loss)[0] for loss in losses],
        "norms": [rounded(norm)[0] for norm in norms], "final": final,
    }  # fmt: skip


def deviation(exact: dict, rough: dict) -> float:
    """The largest difference of losses, norms and parameters of two runs, relative to the loss or norm."""
    scaled = [(a, b, a) for key in ["losses", "norms"] for a, b in zip(exact[key], rough[key])]
    for a, b in zip(exact["final"], rough["final"]):
        scaled += [(x, y, a["norm"]) for x, y in zip([a["norm"], *a["first"]], [b["norm"], *b["first"]])]
    return max(abs(x - y) / max(abs(scale), 1e-6) for x, y, scale in scaled)


def cases() -> list[dict]:
    found = []
    for question in QUESTIONS:
        exact = run(question, torch.float64)
        difference = deviation(exact, run(question, torch.float32))
        print(f"{question.name}: float32 deviates by {difference:.1e}")
        if difference > LARGEST_DEVIATION:
            raise ValueError(f"{question.name}: float32 deviates by {difference:.1e}")
        found.append(exact)
    return found
