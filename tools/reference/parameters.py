"""Fills the parameters of a model by the formula, in the order of their declaration."""

import math

import torch
from torch import nn

from formula import Filled, filled
from models import RecurrentCell


def camel_case(name: str) -> str:
    words = name.split("_")
    return words[0] + "".join(word.capitalize() for word in words[1:])


def descriptions(model: nn.Module) -> list[Filled]:
    """What each parameter is filled with: as wide as its usual initialisation, norms near 1 and 0."""
    found = []
    for prefix, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            scale, offset = 1.0, 0.0
            if isinstance(module, nn.LayerNorm):
                scale, offset = (0.25, 1.0) if name == "weight" else (0.25, 0.0)
            elif isinstance(module, nn.Linear):
                scale = 1 / math.sqrt(module.in_features)
            elif isinstance(module, nn.Conv2d):
                scale = 1 / math.sqrt(module.in_channels * math.prod(module.kernel_size))
            elif isinstance(module, RecurrentCell):
                scale = 1 / math.sqrt(module.hidden_weight.shape[0])
            path = camel_case(f"{prefix}.{name}" if prefix else name)
            found.append(filled(path, parameter.shape, len(found) + 1, scale, offset))
    return found


def fill(model: nn.Module, dtype: torch.dtype = torch.float64) -> list[Filled]:
    """Fills the parameters, and says with what."""
    model.to(dtype)
    specifications = descriptions(model)
    with torch.no_grad():
        for parameter, specification in zip(model.parameters(), specifications, strict=True):
            parameter.copy_(specification.tensor(dtype))
    return specifications
