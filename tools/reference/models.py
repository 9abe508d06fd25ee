"""The models of the questions in PyTorch. Parameters are declared in the order in which Lockstep declares them."""

import functools
import math

import torch
import torch.nn.functional as F
from torch import nn


class RecurrentCell(nn.Module):
    """h' = relu(x·Wx + b + h·Wh), or tanh; the weights stand as the formula multiplies them, [inputs, hidden]."""

    def __init__(self, inputs: int, hidden: int, activation: str = "relu"):
        super().__init__()
        self.input_weight = nn.Parameter(torch.empty(inputs, hidden))
        self.bias = nn.Parameter(torch.empty(hidden))
        self.hidden_weight = nn.Parameter(torch.empty(hidden, hidden))
        self.activation = getattr(torch, activation)
        bound = 1 / math.sqrt(hidden)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def forward(self, x: torch.Tensor, state: torch.Tensor | None = None) -> torch.Tensor:
        """From inputs [n, inputs], or the indices [n] of one-hot ones, and a state [n, hidden], to the next state."""
        from_input = x @ self.input_weight if x.is_floating_point() else self.input_weight[x]
        total = from_input + self.bias
        return self.activation(total if state is None else total + state @ self.hidden_weight)


class CausalSelfAttention(nn.Module):
    """softmax(mask(Q·Kᵀ/√d))·V; one linear layer makes Q, K and V, in this order, d = width / heads."""

    def __init__(self, width: int, heads: int = 1, projection: bool = False):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width) if projection else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, positions, width = x.shape
        parts = self.qkv(x).reshape(batch, positions, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(*parts, is_causal=True)
        attended = attended.transpose(1, 2).reshape(batch, positions, width)
        return attended if self.projection is None else self.projection(attended)


class MultilayerPerceptron(nn.Sequential):
    """Linear layers of the given widths with ReLU between them."""

    def __init__(self, *widths: int):
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        super().__init__(*layers[:-1])


class RecurrentClassifier(nn.Module):
    """q4: reads the letters of a word one by one, then makes scores of the last state."""

    def __init__(self, letters: int = 47, hidden: int = 256, languages: int = 5):
        super().__init__()
        self.cell = RecurrentCell(letters, hidden)
        self.output = nn.Linear(hidden, languages)
        nn.init.orthogonal_(self.cell.hidden_weight)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """From letters [n, length] to scores [n, languages]."""
        state = None
        for letters in words.unbind(1):
            state = self.cell(letters, state)
        return self.output(state)


class ConvolutionalNetwork(nn.Module):
    """q5: one 3×3 convolution without bias, then linear layers on its 26×26 map."""

    def __init__(self, *hidden: int):
        super().__init__()
        self.convolution = nn.Conv2d(1, 1, 3, bias=False)
        self.classifier = MultilayerPerceptron(26 * 26, *hidden, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """From pixels [n, 784] to scores [n, 10]."""
        return self.classifier(self.convolution(images.reshape(-1, 1, 28, 28)).flatten(1))


class TransformerBlock(nn.Module):
    """Norms behind the sums (post): n₁ = norm(attention(x) + x); norm(f(n₁) + n₁).
    Norms before the parts (pre): n₁ = attention(norm(x)) + x; f(norm(n₁)) + n₁.

    The part f is act(linear(·)), or, with an expansion, contraction(act(linear(·))) over a layer so many times as wide.
    """

    def __init__(
        self, width: int, heads: int = 1, norm: str = "post", expansion: int = 0, activation: str = "relu"
    ):
        super().__init__()
        self.is_pre = norm == "pre"
        self.activation = {"relu": F.relu, "gelu": functools.partial(F.gelu, approximate="tanh")}[activation]
        self.attention = CausalSelfAttention(width, heads, projection=heads > 1)
        self.attention_norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, (expansion or 1) * width)
        self.contraction = nn.Linear(expansion * width, width) if expansion else nn.Identity()
        self.linear_norm = nn.LayerNorm(width)

    def feed_forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.contraction(self.activation(self.linear(x)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.is_pre:
            attended = self.attention(self.attention_norm(x)) + x
            return self.feed_forward(self.linear_norm(attended)) + attended
        attended = self.attention_norm(self.attention(x) + x)
        return self.linear_norm(self.feed_forward(attended) + attended)


class CharacterGPT(nn.Module):
    """q7: embedding → blocks → layer norm → linear without bias. Positions are not embedded, as in the course, unless
    their number is given."""

    def __init__(
        self, characters: int = 65, width: int = 100, blocks: int = 6, heads: int = 1, positions: int = 0, **form
    ):
        super().__init__()
        self.embedding = nn.Embedding(characters, width)
        self.positions = nn.Embedding(positions, width) if positions else None
        self.blocks = nn.ModuleList([TransformerBlock(width, heads, **form) for _ in range(blocks)])
        self.norm = nn.LayerNorm(width)
        self.scores = nn.Linear(width, characters, bias=False)

    def forward(self, text: torch.Tensor) -> torch.Tensor:
        """From characters [n, positions] to scores [n, positions, characters]."""
        x = self.embedding(text)
        if self.positions is not None:
            x = x + self.positions.weight[: text.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.scores(self.norm(x))
