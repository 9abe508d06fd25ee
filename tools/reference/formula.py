"""Numbers that this script and the Swift tests both compute, so that no golden file has to hold its inputs."""

import json
from dataclasses import asdict, dataclass

import numpy
import torch

MULTIPLIER = 2654435761
SALT_MULTIPLIER = 40503
INCREMENT = 12345
MODULUS = 2**32

# Neighbouring salts give almost the same numbers; these are far apart.
SALT_STEP = 61803


@dataclass(frozen=True)
class Filled:
    """A tensor filled by the formula.

    value(i) = (((i * 2654435761 + salt * 40503 + 12345) mod 2^32) / 2^32 - 0.5) * 2 * scale + offset

    in float64, then rounded to float32; i is the flat index in row-major order.
    """

    name: str
    shape: tuple[int, ...]
    salt: int
    scale: float = 1.0
    offset: float = 0.0

    def array(self) -> numpy.ndarray:
        count = int(numpy.prod(self.shape, dtype=numpy.int64))
        index = numpy.arange(count, dtype=numpy.uint64)
        word = (index * numpy.uint64(MULTIPLIER) + numpy.uint64(self.salt * SALT_MULTIPLIER + INCREMENT)) % MODULUS
        value = (word.astype(numpy.float64) / MODULUS - 0.5) * 2 * self.scale + self.offset
        return value.astype(numpy.float32).reshape(self.shape)

    def tensor(self, dtype: torch.dtype = torch.float64, gradient: bool = False) -> torch.Tensor:
        """The float32 numbers in the given type: float64 makes results that are exact as far as float32 can tell."""
        return torch.from_numpy(self.array()).to(dtype).requires_grad_(gradient)

    def described(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Listed:
    """Integers, written out."""

    name: str
    shape: tuple[int, ...]
    values: tuple[int, ...]

    def tensor(self) -> torch.Tensor:
        return torch.tensor(self.values, dtype=torch.int64).reshape(self.shape)

    def described(self) -> dict:
        return asdict(self)


def filled(name: str, shape, number: int, scale: float = 1.0, offset: float = 0.0) -> Filled:
    """The tensor with the salt of a number: 1, 2, 3, …"""
    return Filled(name, tuple(shape), SALT_STEP * number, scale, offset)


def listed(name: str, shape, values) -> Listed:
    return Listed(name, tuple(shape), tuple(int(value) for value in values))


def rounded(tensor) -> list[float]:
    """The numbers of a tensor in row-major order, with nine significant digits: enough for every float32."""
    return [float(f"{value:.9g}") for value in torch.as_tensor(tensor).detach().double().reshape(-1).tolist()]


def result(tensor: torch.Tensor) -> dict:
    return {"shape": list(tensor.shape), "values": rounded(tensor)}


def write(path, cases: list[dict]) -> None:
    """One case a line, so that a difference between two versions can be read."""
    names = [case["name"] for case in cases]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: two cases have the same name")
    lines = ",\n".join(json.dumps(case, allow_nan=False, separators=(",", ":")) for case in cases)
    text = f'{{"format":1,"torch":"{torch.__version__.split("+")[0]}","cases":[\n{lines}\n]}}\n'
    if len(text) >= 200_000:
        raise ValueError(f"{path}: {len(text)} bytes are too many to commit")
    path.write_text(text)
    print(f"{path}: {len(cases)} cases, {len(text)} bytes")
