"""The models of the jobs in PyTorch, written for speed; parameters are declared in Lockstep's order.

A model's `loss` takes one step's part of the tensors that `batches` made, and sums over its terms.
"""

import functools

import torch
import torch.nn.functional as F
from torch import nn

from job import Job


class Perceptron(nn.Module):
    """q3: linear layers with ReLU between them."""

    def __init__(self, job: Job):
        super().__init__()
        widths = [784, *job.configuration.get("hidden", [256]), 10]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        *hidden, last = self.layers
        for layer in hidden:
            images = layer(images).relu_()
        return F.cross_entropy(last(images), labels, reduction="sum")


class Digits:
    """Images stay bytes, as a quarter of the memory traffic outweighs the conversion of a batch."""

    def __init__(self, job: Job):
        images = torch.from_numpy(job.data["train_images"])
        self.scale = 1 / 255 if images.dtype == torch.uint8 else None
        self.images = images
        self.examples = torch.from_numpy(job.offsets).long()
        self.labels = torch.from_numpy(job.data["train_labels"]).long()[self.examples]

    def take(self, step: int, rows: slice) -> tuple[torch.Tensor, torch.Tensor]:
        images = self.images.index_select(0, self.examples[step, rows])
        if self.scale is not None:
            images = images.float().mul_(self.scale)
        return images, self.labels[step, rows]


class Recurrent(nn.Module):
    """q4: h' = relu(Wx[letter] + b + h·Wh), then a linear layer; all letters are looked up at once."""

    def __init__(self, job: Job):
        super().__init__()
        self.input_weight, self.bias, self.hidden_weight = (
            nn.Parameter(torch.empty(array.shape)) for array in job.parameters[:3]
        )
        widths = [array.shape[::-1] for array in job.parameters[3::2]]
        self.layers = nn.ModuleList(nn.Linear(*shape) for shape in widths)

    def forward(self, letters: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """From letters [length, n]."""
        first, *others = (F.embedding(letters, self.input_weight) + self.bias).unbind(0)
        state = first.relu()
        for from_input in others:
            state = torch.addmm(from_input, state, self.hidden_weight).relu_()
        *hidden, last = self.layers
        for layer in hidden:
            state = layer(state).relu_()
        return F.cross_entropy(last(state), labels, reduction="sum")


class Words:
    def __init__(self, job: Job):
        letters, labels, lengths = job.words()
        self.lengths = lengths.tolist()
        self.letters = torch.from_numpy(letters).long().transpose(1, 2).contiguous()
        self.labels = torch.from_numpy(labels).long()

    def take(self, step: int, rows: slice) -> tuple[torch.Tensor, torch.Tensor]:
        return self.letters[step, : self.lengths[step], rows], self.labels[step, rows]


class Block(nn.Module):
    def __init__(self, width: int, heads: int, norm: str, expansion: int, activation: str):
        super().__init__()
        self.heads = heads
        self.is_pre = norm == "pre"
        self.activation = {"relu": F.relu, "gelu": functools.partial(F.gelu, approximate="tanh")}[activation]
        self.qkv = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width) if heads > 1 else nn.Identity()
        self.attention_norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, (expansion or 1) * width)
        self.contraction = nn.Linear(expansion * width, width) if expansion else nn.Identity()
        self.linear_norm = nn.LayerNorm(width)

    def attention(self, x: torch.Tensor) -> torch.Tensor:
        batch, positions, width = x.shape
        parts = self.qkv(x).view(batch, positions, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(*parts.unbind(0), is_causal=True)
        return self.projection(attended.transpose(1, 2).reshape(batch, positions, width))

    def feed_forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.contraction(self.activation(self.linear(x)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.is_pre:
            x = self.attention(self.attention_norm(x)) + x
            return self.feed_forward(self.linear_norm(x)) + x
        x = self.attention_norm(self.attention(x) + x)
        return self.linear_norm(self.feed_forward(x) + x)


class GPT(nn.Module):
    """q7: embedding, blocks, norm, scores without bias."""

    def __init__(self, job: Job):
        super().__init__()
        keys = job.configuration
        characters, width = job.parameters[0].shape
        self.embedding = nn.Embedding(characters, width)
        has_positions = keys.get("positions", "none") == "learned"
        self.positions = nn.Embedding(keys.get("blockSize", 10), width) if has_positions else None
        form = keys.get("norm", "post"), keys.get("mlp", 0), keys.get("activation", "relu")
        self.blocks = nn.ModuleList(Block(width, keys.get("heads", 1), *form) for _ in range(keys.get("blocks", 6)))
        self.norm = nn.LayerNorm(width)
        self.scores = nn.Linear(width, characters, bias=False)

    def forward(self, characters: torch.Tensor, following: torch.Tensor) -> torch.Tensor:
        x = self.embedding(characters)
        if self.positions is not None:
            x = x + self.positions.weight
        for block in self.blocks:
            x = block(x)
        return F.cross_entropy(self.scores(self.norm(x)).flatten(0, 1), following.flatten(), reduction="sum")


class Windows:
    def __init__(self, job: Job):
        windows = torch.from_numpy(job.windows()).long()
        self.characters, self.following = windows[:, :, :-1].contiguous(), windows[:, :, 1:].contiguous()

    def take(self, step: int, rows: slice) -> tuple[torch.Tensor, torch.Tensor]:
        return self.characters[step, rows], self.following[step, rows]


KINDS = {"q3": (Perceptron, Digits), "q4": (Recurrent, Words), "q7": (GPT, Windows)}


def build(job: Job):
    """The model with the job's initial parameters, what hands out its batches, and the terms of an example."""
    if job.question not in KINDS:
        raise SystemExit(f"{job.question} has no counterpart here; there are {', '.join(KINDS)}")
    model_type, batch_type = KINDS[job.question]
    model = model_type(job)
    with torch.no_grad():
        for parameter, given in zip(model.parameters(), job.parameters, strict=True):
            if parameter.shape != given.shape:
                raise SystemExit(f"a parameter is {list(given.shape)} in the job and {list(parameter.shape)} here")
            parameter.copy_(torch.from_numpy(given))
    return model, batch_type(job), job.configuration.get("blockSize", 10) if job.question == "q7" else 1
