"""Trains q1 to q5 and checks q6 in PyTorch, as fast as a careful person would write it.

    python3 questions.py --data DIR

The recipes are Lockstep's. Beyond that: everything is vectorised, letters are looked up, images are decoded once and
kept in a cache, small models run in one thread, and each training stops as soon as an evaluation reaches what is needed
(the scores in NEEDED, those that Lockstep's recipes end with). The questions run one after another, as Lockstep's do.
"""

import argparse
import pathlib

import numpy
import torch
import torch.nn.functional as F
from torch import nn

import job as jobs

NEEDED = {"q2": 0.02, "q3": 0.98, "q4": 0.9, "q5": 1.0}


class Trainer:
    """A fused optimizer with a one-cycle rate (PyTorch's OneCycleLR in closed form, once for all steps)."""

    def __init__(self, parameters, steps: int, rate: float, decay: float | None = None, clip: float = 0):
        self.parameters = list(parameters)
        method = torch.optim.Adam if decay is None else torch.optim.AdamW
        self.optimizer = method(self.parameters, lr=rate, weight_decay=decay or 0, fused=True)
        self.group = self.optimizer.param_groups[0]
        self.rates = one_cycle(rate, steps)
        self.clip = clip
        self.step_count = 0

    def step(self, loss: torch.Tensor) -> None:
        loss.backward()
        if self.clip > 0:
            nn.utils.clip_grad_norm_(self.parameters, self.clip)
        self.group["lr"] = self.rates[self.step_count]
        self.step_count += 1
        self.optimizer.step()
        self.optimizer.zero_grad()


def one_cycle(rate: float, steps: int) -> list[float]:
    start, peak, last = rate / 25, 0.3 * steps - 1, steps - 1
    place = numpy.arange(steps, dtype=float)

    def cosine(first, end, progress):
        return end + (first - end) / 2 * (1 + numpy.cos(numpy.pi * progress))

    rise = cosine(start, rate, place / peak)
    fall = cosine(rate, start / 1e4, (place - peak) / (last - peak))
    return numpy.where(place <= peak, rise, fall).tolist()


def perceptron() -> float:
    """q1: the perceptron's rule; each update is at the first mistake behind the one before."""
    generator = numpy.random.default_rng(0)
    points = numpy.column_stack([generator.standard_normal((500, 2)), numpy.ones(500)]).astype(numpy.float32)
    labels = numpy.where(points @ numpy.array([1, 2, -1], numpy.float32) >= 0, 1, -1).astype(numpy.float32)
    weight = generator.standard_normal(3).astype(numpy.float32)
    signed = points * labels[:, None]
    is_negative = labels < 0
    updates_in_pass = 1
    while updates_in_pass:
        updates_in_pass, place = 0, 0
        while place < len(points):
            scores = signed[place:] @ weight
            # A score of exactly 0 counts as the positive class.
            wrong = (scores < 0) | ((scores == 0) & is_negative[place:])
            first = int(wrong.argmax())
            if not wrong[first]:
                break
            place += first
            weight += signed[place]
            updates_in_pass += 1
            place += 1
    return float(((points @ weight >= 0) == (labels > 0)).mean())


def sine() -> float:
    """q2: 300 steps of all 200 points."""
    x = torch.from_numpy(numpy.linspace(-2 * numpy.pi, 2 * numpy.pi, 200).astype(numpy.float32))[:, None]
    y = x.sin()
    model = nn.Sequential(nn.Linear(1, 64), nn.ReLU(True), nn.Linear(64, 64), nn.ReLU(True), nn.Linear(64, 1))
    trainer = Trainer(model.parameters(), 300, 0.02)
    for step in range(300):
        loss = F.mse_loss(model(x), y)
        # The loss of the step is that of all points, so that it is the evaluation too.
        if step % 10 == 0 and loss.item() <= NEEDED["q2"]:
            break
        trainer.step(loss)
    with torch.no_grad():
        return float(F.mse_loss(model(x), y))


def mnist(folder: pathlib.Path, cache: pathlib.Path | None) -> dict[str, torch.Tensor]:
    """Images as bytes, which k/255 are exactly; decoded from the archive once, then mapped from the cache."""
    names = ["train_images", "train_labels", "test_images", "test_labels"]
    files = {name: cache / f"{name}.npy" for name in names} if cache else {}
    if not files or not all(file.exists() for file in files.values()):
        with numpy.load(folder / "mnist.npz") as archive:
            arrays = {name: archive[name] for name in names}
        for name in names:
            if name.endswith("images"):
                arrays[name] = (arrays[name] * 255).round().astype(numpy.uint8)
            if files:
                cache.mkdir(parents=True, exist_ok=True)
                numpy.save(files[name], arrays[name])
    else:
        arrays = {name: numpy.load(file, mmap_mode="c") for name, file in files.items()}
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def pixels(images: torch.Tensor) -> torch.Tensor:
    return images.float().mul_(1 / 255)


@torch.no_grad()
def right(model: nn.Module, inputs: torch.Tensor, labels: torch.Tensor) -> int:
    """How many answers are right."""
    return int((model(inputs).argmax(1) == labels).sum())


def digits(arrays: dict[str, torch.Tensor]) -> float:
    """q3: 784-256-10, batches of 256, five epochs; validation is every second test image."""
    images, labels = arrays["train_images"], arrays["train_labels"]
    unseen, unseen_labels = pixels(arrays["test_images"][::2]), arrays["test_labels"][::2]
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(True), nn.Linear(256, 10))
    epochs, batch = 5, 256
    trainer = Trainer(model.parameters(), epochs * -(-len(images) // batch), 0.01)
    found = 0.0
    for _ in range(epochs):
        for examples in torch.randperm(len(images)).split(batch):
            trainer.step(F.cross_entropy(model(pixels(images.index_select(0, examples))), labels[examples]))
        found = right(model, unseen, unseen_labels) / len(unseen)
        if found >= NEEDED["q3"]:
            break
    return found


class Recurrent(nn.Module):
    """h' = relu(Wx[letter] + b + h·Wh), then a linear layer; all letters are looked up at once."""

    def __init__(self, letters: int, hidden: int, languages: int):
        super().__init__()
        bound = hidden**-0.5
        self.input_weight = nn.Parameter(torch.empty(letters, hidden).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(hidden).uniform_(-bound, bound))
        self.hidden_weight = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden, hidden)))
        self.output = nn.Linear(hidden, languages)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """From letters [n, length] of words of one length."""
        first, *others = (F.embedding(words.t(), self.input_weight) + self.bias).unbind(0)
        state = first.relu()
        for from_input in others:
            state = torch.addmm(from_input, state, self.hidden_weight).relu_()
        return self.output(state)


def languages(folder: pathlib.Path) -> float:
    """q4: a ReLU RNN of 256, batches of 128 words of one length, at most twelve epochs."""

    def by_length(words: numpy.ndarray, labels: numpy.ndarray) -> list[tuple[torch.Tensor, torch.Tensor]]:
        lengths = (words >= 0).sum(1)
        return [
            (torch.from_numpy(words[lengths == length, :length]), torch.from_numpy(labels[lengths == length]))
            for length in sorted(set(lengths.tolist()))
        ]

    with numpy.load(folder / "lang_id.npz") as archive:
        count = len(archive["chars"])
        training = by_length(archive["train_x"], archive["train_y"])
        validation = by_length(archive["dev_x"], archive["dev_y"])
    model = Recurrent(count, 256, 5)
    epochs, batch = 12, 128
    steps = epochs * sum(-(-len(labels) // batch) for _, labels in training)
    trainer = Trainer(model.parameters(), steps, 0.01, decay=0.3, clip=0.25)
    found = 0.0
    for epoch in range(epochs):
        batches = []
        for words, labels in training:
            order = torch.randperm(len(labels))
            batches += zip(words[order].split(batch), labels[order].split(batch))
        for index in torch.randperm(len(batches)).tolist():
            words, labels = batches[index]
            trainer.step(F.cross_entropy(model(words), labels))
        found = sum(right(model, *words) for words in validation) / sum(len(labels) for _, labels in validation)
        if found >= NEEDED["q4"]:
            break
    return found


def convolution(arrays: dict[str, torch.Tensor]) -> float:
    """q5: a 3×3 convolution and 676-100-10 on 200 images, batches of 40; the course tests 50 of them."""
    images, labels = pixels(arrays["train_images"][:200]).view(-1, 1, 28, 28), arrays["train_labels"][:200]
    model = nn.Sequential(
        nn.Conv2d(1, 1, 3, bias=False), nn.Flatten(), nn.Linear(676, 100), nn.ReLU(True), nn.Linear(100, 10)
    )
    trainer = Trainer(model.parameters(), 200, 0.003)
    found = 0.0
    for epoch in range(40):
        for examples in torch.randperm(200).split(40):
            trainer.step(F.cross_entropy(model(images[examples]), labels[examples]))
        if epoch % 5 == 4:
            found = right(model, images[1:100:2], labels[1:100:2]) / 50
            if found >= NEEDED["q5"]:
                break
    return found


@torch.no_grad()
def attention() -> float:
    """q6: scaled dot-product attention against its definition, and no look ahead."""
    for block in (2, 4, 16):
        for width in (3, 8, 17):
            query, key, value = torch.randn(3, 4, block, width).unbind(0)
            scores = query @ key.transpose(-1, -2) / width**0.5
            scores = scores.masked_fill(torch.ones(block, block).triu(1).bool(), float("-inf"))
            expected = scores.softmax(-1) @ value
            found = F.scaled_dot_product_attention(query, key, value, is_causal=True)
            if not torch.allclose(found, expected, atol=1e-5):
                return 0.0
    return 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains q1 to q5 and checks q6 in PyTorch.")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the folder of mnist.npz and lang_id.npz")
    parser.add_argument("--cache", type=pathlib.Path, help="where decoded images are kept; nowhere by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1, help="threads for q3; the others are too small")
    parser.add_argument("--answer", type=pathlib.Path, metavar="FILE", help="write the answer to FILE")
    options = parser.parse_args()
    torch.set_flush_denormal(True)
    arrays = mnist(options.data, options.cache)
    questions = {
        "q1": perceptron,
        "q2": sine,
        "q3": lambda: digits(arrays),
        "q4": lambda: languages(options.data),
        "q5": lambda: convolution(arrays),
        "q6": attention,
    }
    scores = {}
    for name, question in questions.items():
        # Each begins anew, so that none depends on when another stopped.
        torch.manual_seed(options.seed)
        torch.set_num_threads(options.threads if name == "q3" else 1)
        scores[name] = question()
    jobs.answer({"program": f"PyTorch {torch.__version__.split('+')[0]}", "scores": scores}, options.answer)


if __name__ == "__main__":
    main()
