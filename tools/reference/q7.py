"""Trains the course's character GPT (q7) in plain PyTorch and prints the validation loss.

    python3 q7.py --data DIR [--seed 0] [--start FILE] [--rate 0.001] [--steps 1000]

With --start, the initial parameters and the data order are read from a safetensors file: float32 tensors `p0`, `p1`, …
in the order of declaration, and the int32 tensor `offsets` [steps, batch] of first characters in the training text; its
`rates` are not used, as --rate and --schedule say more plainly what is compared.
So both programs train the same model on the same windows. The loss is the mean cross-entropy over the held-back
characters, cut into consecutive windows of the block size.
"""

import argparse
import pathlib
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file

import data
from models import CharacterGPT

BLOCK = 10


def loss_of(model: CharacterGPT, windows: torch.Tensor) -> torch.Tensor:
    """The mean cross-entropy of predicting each character of windows [n, BLOCK + 1] but the first."""
    scores = model(windows[:, :-1])
    return F.cross_entropy(scores.flatten(0, 1), windows[:, 1:].flatten())


@torch.no_grad()
def validation_loss(model: CharacterGPT, text: torch.Tensor) -> float:
    """Every window whose targets lie in the text, once."""
    starts = torch.arange(0, len(text) - BLOCK, BLOCK)
    total = 0.0
    for chunk in starts.split(500):
        total += float(loss_of(model, windows(text, chunk))) * len(chunk)
    return total / len(starts)


def windows(text: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
    return text[starts[:, None] + torch.arange(BLOCK + 1)]


def start_from(path: pathlib.Path, model: CharacterGPT) -> torch.Tensor:
    """Sets the parameters from a file, and returns its offsets."""
    tensors = load_file(path)
    parameters = list(model.parameters())
    expected = {f"p{index}" for index in range(len(parameters))} | {"offsets"}
    if set(tensors) - {"rates"} != expected:
        wrong = ", ".join(sorted((set(tensors) - {"rates"}) ^ expected))
        raise SystemExit(f"{path}: missing or unknown tensors: {wrong}")
    with torch.no_grad():
        for index, parameter in enumerate(parameters):
            given = tensors[f"p{index}"]
            if given.shape != parameter.shape:
                raise SystemExit(f"{path}: p{index} is {list(given.shape)}, not {list(parameter.shape)}")
            parameter.copy_(given)
    return tensors["offsets"].long()


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the course's character GPT in plain PyTorch.")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("data"), help="the folder of input.txt")
    parser.add_argument("--start", type=pathlib.Path, help="initial parameters and data order, a safetensors file")
    parser.add_argument("--seed", type=int, default=0, help="for what --start does not give")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--rate", type=float, default=0.001)
    parser.add_argument("--schedule", choices=["constant", "oneCycle", "cosine"], default="constant")
    parser.add_argument("--every", type=int, default=100, help="steps between two lines of output")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)

    training, validation, vocabulary = data.text(options.data)
    model = CharacterGPT(len(vocabulary))
    if options.start:
        offsets = start_from(options.start, model)[: options.steps]
    else:
        generator = torch.Generator().manual_seed(options.seed)
        offsets = torch.randint(len(training) - BLOCK, (options.steps, options.batch), generator=generator)
    steps = len(offsets)
    optimizer = torch.optim.Adam(model.parameters(), options.rate, fused=True)
    schedulers = torch.optim.lr_scheduler
    schedule = {
        "constant": lambda: schedulers.ConstantLR(optimizer, 1.0),
        "oneCycle": lambda: schedulers.OneCycleLR(
            optimizer, options.rate, total_steps=steps, cycle_momentum=False
        ),
        "cosine": lambda: schedulers.CosineAnnealingLR(optimizer, steps),
    }[options.schedule]()  # fmt: skip

    print(f"parameters {sum(parameter.numel() for parameter in model.parameters())}, steps {steps}")
    start = time.perf_counter()
    for step, batch in enumerate(offsets):
        loss = loss_of(model, windows(training, batch))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if (step + 1) % options.every == 0:
            print(f"step {step + 1}: loss {loss.item():.4f}, {time.perf_counter() - start:.1f} s", flush=True)
    print(f"validation loss {validation_loss(model, validation):.5f}")


if __name__ == "__main__":
    main()
