"""What a peer of `benchmark peers` is given, and what it answers.

A job is a folder that Lockstep wrote:

job.json            "configuration", the keys of the recipe; "question"; "steps", and "warmUpSteps" of them not counted
start.safetensors   the initial parameters p0, p1, … in the order of declaration, as `read` gives them but for q3's
                    first, which is transposed there; "offsets" [steps, batch], the examples
                    of each step, −1 behind the last of a short batch; "rates" [steps], the learning rates
data.safetensors    the data set: for q3 "train_images" and "train_labels", for q4 "train_letters" (255 behind the last
                    letter), "train_lengths", "train_labels", for q7 "train_text"

The answer is one line of JSON, on standard output or in the file of --answer: "losses" of all steps, each before its update; "millisecondsPerStep"
over the counted steps; "peakBytes", VmHWM summed over all processes; "program".
"""

import json
import pathlib
from dataclasses import dataclass

import numpy
from safetensors.numpy import load_file


@dataclass
class Job:
    question: str
    configuration: dict
    steps: int
    warm_up: int
    parameters: list[numpy.ndarray]
    offsets: numpy.ndarray
    rates: list[float]
    data: dict[str, numpy.ndarray]

    @property
    def counts(self) -> numpy.ndarray:
        """The number of examples of each step."""
        return (self.offsets >= 0).sum(1)

    @property
    def clip_norm(self) -> float:
        """The bound on the norm of the gradient; 0 for none."""
        return float(self.configuration.get("clipNorm", 0))

    @property
    def weight_decay(self) -> float:
        return float(self.configuration.get("weightDecay", 0))

    def optimizer(self) -> str:
        """adam or adamw; their other numbers are PyTorch's defaults."""
        name = self.configuration.get("optimizer", "adam")
        if name not in ("adam", "adamw"):
            raise SystemExit(f"the optimizer {name} has no counterpart here")
        return name

    def words(self) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
        """Letters [steps, batch, longest word], labels [steps, batch], lengths [steps]; a batch has one length."""
        examples = numpy.maximum(self.offsets, 0)
        lengths = self.data["train_lengths"][self.offsets[:, 0]]
        return self.data["train_letters"][examples], self.data["train_labels"][examples], lengths

    def windows(self) -> numpy.ndarray:
        """Characters [steps, batch, block + 1]: each window, and the character that follows it."""
        block = self.configuration.get("blockSize", 10)
        return self.data["train_text"][self.offsets[:, :, None] + numpy.arange(block + 1)]


def read(folder: pathlib.Path) -> Job:
    description = json.loads((folder / "job.json").read_text())
    start = load_file(folder / "start.safetensors")
    count = sum(name.startswith("p") for name in start)
    parameters = [start[f"p{index}"] for index in range(count)]
    if description["question"] == "q3":
        # Lockstep keeps it as [inputs, outputs].
        parameters[0] = numpy.ascontiguousarray(parameters[0].T)
    return Job(
        question=description["question"],
        configuration=description["configuration"],
        steps=description["steps"],
        warm_up=description["warmUpSteps"],
        parameters=parameters,
        offsets=start["offsets"],
        rates=start["rates"].tolist(),
        data=load_file(folder / "data.safetensors"),
    )


def peak_bytes() -> int:
    """The most memory that this process had resident at any time."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("/proc/self/status has no VmHWM")


def answer(found: dict, file: pathlib.Path | None) -> None:
    """Writes an answer to a file, or to standard output."""
    text = json.dumps(found) + "\n"
    if file is None:
        print(text, end="", flush=True)
    else:
        file.write_text(text)
