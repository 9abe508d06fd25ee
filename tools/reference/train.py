"""Trains a question in plain PyTorch: the yardstick, and where the recipes come from.

    python3 train.py q4 --data DIR --seeds 0,1,2,3,4 --set rate=0.003
"""

import argparse
import pathlib
import time

import torch
import torch.nn.functional as F
from torch import nn

import data
from models import ConvolutionalNetwork, MultilayerPerceptron, RecurrentClassifier
from recipes import RECIPES, Recipe


def load(question: str, folder: pathlib.Path) -> dict[str, data.Split]:
    match question:
        case "linear":
            x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
            points = data.Split(x, x @ torch.tensor([[7.0], [8.0]]) + 3)
            return {"training": points, "validation": points}
        case "q2":
            return data.sine()
        case "q3":
            return data.digits(folder)
        case "q4":
            return data.words(folder)
        case "q5":
            return data.few_digits(folder)
    raise SystemExit(f"{question}: unknown question")


def build(question: str, recipe: Recipe) -> nn.Module:
    match question:
        case "linear":
            return nn.Linear(2, 1)
        case "q2":
            return MultilayerPerceptron(1, *recipe.hidden, 1)
        case "q3":
            return MultilayerPerceptron(784, *recipe.hidden, 10)
        case "q4":
            return RecurrentClassifier(47, recipe.hidden[0], 5)
        case _:
            return ConvolutionalNetwork(*recipe.hidden)


def make_optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    match recipe.optimizer:
        case "sgd":
            return torch.optim.SGD(model.parameters(), recipe.rate, weight_decay=recipe.decay)
        case "adam":
            return torch.optim.Adam(model.parameters(), recipe.rate, weight_decay=recipe.decay, fused=True)
        case "adamw":
            return torch.optim.AdamW(model.parameters(), recipe.rate, weight_decay=recipe.decay, fused=True)
    raise SystemExit(f"{recipe.optimizer}: unknown optimizer")


def make_schedule(recipe: Recipe, optimizer: torch.optim.Optimizer, steps: int):
    schedulers = torch.optim.lr_scheduler
    match recipe.schedule:
        case "oneCycle":
            return schedulers.OneCycleLR(
                optimizer, recipe.rate, total_steps=steps, pct_start=recipe.warm_up, cycle_momentum=False
            )
        case "cosine":
            return schedulers.CosineAnnealingLR(optimizer, steps)
        case "constant":
            return schedulers.ConstantLR(optimizer, 1.0, steps)
    raise SystemExit(f"{recipe.schedule}: unknown schedule")


@torch.no_grad()
def score(model: nn.Module, split: data.Split, is_regression: bool) -> float:
    """The mean squared error, or the share of right answers."""
    if split.lengths is None:
        chunks = list(torch.arange(len(split)).split(1000))
    else:
        chunks = [(split.lengths == length).nonzero().reshape(-1) for length in split.lengths.unique()]
    total = 0.0
    for chunk in chunks:
        inputs, targets = split.take(chunk)
        outputs = model(inputs)
        if is_regression:
            total += float(F.mse_loss(outputs, targets, reduction="sum")) / targets.shape[1]
        else:
            total += int((outputs.argmax(1) == targets).sum())
    return total / len(split)


def train(question: str, recipe: Recipe, splits: dict[str, data.Split], seed: int) -> dict[str, float]:
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    is_regression = question in ("linear", "q2")
    model = build(question, recipe)
    training = splits["training"]
    epochs = [training.batches(recipe.batch, generator) for _ in range(recipe.epochs)]
    steps = sum(len(batches) for batches in epochs)
    optimizer = make_optimizer(recipe, model)
    schedule = make_schedule(recipe, optimizer, steps)
    start = time.perf_counter()
    for batches in epochs:
        for batch in batches:
            inputs, targets = training.take(batch)
            outputs = model(inputs)
            loss = F.mse_loss(outputs, targets) if is_regression else F.cross_entropy(outputs, targets)
            optimizer.zero_grad()
            loss.backward()
            if recipe.clip > 0:
                nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
            optimizer.step()
            schedule.step()
    found = {"steps": steps, "seconds": time.perf_counter() - start}
    for name, split in splits.items():
        if name != "training":
            found[name] = score(model, split, is_regression)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains a question in plain PyTorch.")
    parser.add_argument("question", choices=sorted(RECIPES))
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("data"), help="the folder of the data sets")
    parser.add_argument("--seeds", default="0", help="seeds, separated by commas")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="changes the recipe")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = RECIPES[options.question].changed(options.set)
    splits = load(options.question, options.data)
    print(f"{options.question}: {recipe}")
    runs = []
    for seed in map(int, options.seeds.split(",")):
        runs.append(train(options.question, recipe, splits, seed))
        print(f"seed {seed}: " + ", ".join(f"{name} {value:.5g}" for name, value in runs[-1].items()), flush=True)
    if len(runs) > 1:
        for name in runs[0]:
            values = [run[name] for run in runs]
            print(f"{name}: {min(values):.5g} … {max(values):.5g}, mean {sum(values) / len(values):.5g}")


if __name__ == "__main__":
    main()
