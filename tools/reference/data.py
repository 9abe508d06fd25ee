"""The data sets of the questions, cut into the same splits as Lockstep cuts them."""

import math
import pathlib
from dataclasses import dataclass

import numpy
import torch

# Of the 1,115,394 characters; nanoGPT holds the same tenth back.
TRAINING_CHARACTERS = 1_003_854


@dataclass
class Split:
    """Examples, and for words their lengths: a batch holds words of one length."""

    inputs: torch.Tensor
    targets: torch.Tensor
    lengths: torch.Tensor | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, examples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        inputs = self.inputs[examples]
        if self.lengths is not None:
            inputs = inputs[:, : int(self.lengths[examples[0]])]
        return inputs, self.targets[examples]

    def batches(self, size: int, generator: torch.Generator) -> list[torch.Tensor]:
        """The examples of an epoch in random order, each once; the last batch of a length may be short."""
        if self.lengths is None:
            return list(torch.randperm(len(self), generator=generator).split(size))
        found = []
        for length in self.lengths.unique():
            members = (self.lengths == length).nonzero().reshape(-1)
            found += members[torch.randperm(len(members), generator=generator)].split(size)
        return [found[index] for index in torch.randperm(len(found), generator=generator)]


def sine() -> dict[str, Split]:
    """200 points over [−2π, 2π], for everything."""
    x = torch.from_numpy(numpy.linspace(-2 * math.pi, 2 * math.pi, 200)).reshape(-1, 1)
    points = Split(x.float(), x.sin().float())
    return {"training": points, "validation": points}


def images(folder: pathlib.Path) -> dict[str, torch.Tensor]:
    with numpy.load(folder / "mnist.npz") as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays}


def digits(folder: pathlib.Path) -> dict[str, Split]:
    """Validation and test are the even and the odd test images."""
    arrays = images(folder)
    x, y = arrays["test_images"], arrays["test_labels"]
    return {
        "training": Split(arrays["train_images"], arrays["train_labels"]),
        "validation": Split(x[0::2].contiguous(), y[0::2]),
        "test": Split(x[1::2].contiguous(), y[1::2]),
    }


def few_digits(folder: pathlib.Path) -> dict[str, Split]:
    """200 training images; validation and test are among them, the unseen ones are the real test images."""
    arrays = images(folder)
    x, y = arrays["train_images"][:200], arrays["train_labels"][:200]
    unseen, labels = arrays["test_images"], arrays["test_labels"]
    return {
        "training": Split(x, y),
        "validation": Split(x[0:100:2], y[0:100:2]),
        "test": Split(x[1:100:2], y[1:100:2]),
        "unseen even": Split(unseen[0::2].contiguous(), labels[0::2]),
        "unseen odd": Split(unseen[1::2].contiguous(), labels[1::2]),
        "unseen": Split(unseen, labels),
    }


def words(folder: pathlib.Path) -> dict[str, Split]:
    with numpy.load(folder / "lang_id.npz") as arrays:
        found = {}
        for split, prefix in [("training", "train"), ("validation", "dev"), ("test", "test")]:
            letters = torch.from_numpy(arrays[f"{prefix}_x"])
            labels = torch.from_numpy(arrays[f"{prefix}_y"])
            found[split] = Split(letters, labels, (letters >= 0).sum(1))
        return found


def text(folder: pathlib.Path) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    """Training and validation characters as indices into the sorted characters, and those."""
    characters = (folder / "input.txt").read_text()
    vocabulary = sorted(set(characters))
    index = {character: code for code, character in enumerate(vocabulary)}
    codes = torch.tensor([index[character] for character in characters])
    return codes[:TRAINING_CHARACTERS], codes[TRAINING_CHARACTERS:], vocabulary
