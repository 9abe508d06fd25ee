"""How each question is trained; docs/recipes.md says what comes of it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    hidden: tuple[int, ...]
    batch: int
    epochs: int
    rate: float
    schedule: str = "oneCycle"
    optimizer: str = "adam"
    decay: float = 0.0
    clip: float = 0.0
    warm_up: float = 0.3

    def changed(self, settings: list[str]) -> "Recipe":
        """The recipe with some fields set by "field=value"; widths are separated by commas."""
        changes = {}
        for setting in settings:
            name, separator, value = setting.partition("=")
            if not separator or name not in self.__dataclass_fields__:
                raise SystemExit(f"--set {setting}: expected one of {', '.join(self.__dataclass_fields__)}, =, a value")
            current = getattr(self, name)
            changes[name] = tuple(map(int, value.split(","))) if name == "hidden" else type(current)(value)
        return replace(self, **changes)


RECIPES = {
    "linear": Recipe((), 4, 500, 0.1, schedule="constant", optimizer="sgd"),
    "q2": Recipe((64, 64), 200, 300, 0.02),
    "q3": Recipe((256,), 256, 5, 0.01),
    "q4": Recipe((256,), 128, 12, 0.01, optimizer="adamw", decay=0.3, clip=0.25),
    "q5": Recipe((100,), 40, 40, 0.003),
}
