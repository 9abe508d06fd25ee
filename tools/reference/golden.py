"""Writes the golden files that the Swift tests compare with.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python golden.py            # writes Tests/Golden/*.json
    .venv/bin/python golden.py --check    # fails if a committed file differs

A file is {"format": 1, "torch": version, "cases": […]}, each case with a name of its own. All results are computed by
PyTorch in float64 from inputs rounded to float32, and written with nine digits, in row-major order.

Inputs are described, not written out: {"name", "shape", "salt", "scale", "offset"} stands for

    value(i) = (((i * 2654435761 + salt * 40503 + 12345) mod 2^32) / 2^32 - 0.5) * 2 * scale + offset

in float64, rounded to float32, where i is the flat index. Integers are written out: {"name", "shape", "values"}.

operations.json  "operation", "attributes", "inputs", "indices"; "output" {shape, values}; "upstream" (an input), the
                 gradient of the output; "gradients", the values for every input in order.
layers.json      the same with "layer", and "parameters" in the order of declaration; "inputGradients" and
                 "parameterGradients".
optimizers.json  "kind" optimizer: "parameters" and ten "gradients" (inputs), "values" after each step.
                 "kind" schedule: "rates" of the steps 0, 1, ….
                 "kind" clip: "gradients" (inputs) before, "norm", "values" after.
questions.json   "parameters" (inputs), "optimizer", "rates", "clipNorm"; "steps", each with "inputs" and "indices";
                 "losses" (means over the terms, before the step), "norms" (of the whole gradient, before clipping);
                 "final" for every parameter: "norm" and the "first" eight values after the last step, and "compared":
                 how many of its leading numbers arithmetic determines (see golden_questions.py).
"""

import argparse
import filecmp
import pathlib
import sys
import tempfile

import torch

import formula
import golden_layers
import golden_operations
import golden_optimizers
import golden_questions

GROUPS = {
    "operations": golden_operations.cases,
    "layers": golden_layers.cases,
    "optimizers": golden_optimizers.cases,
    "questions": golden_questions.cases,
}


def write_all(folder: pathlib.Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, cases in GROUPS.items():
        formula.write(folder / f"{name}.json", cases())
    return [f"{name}.json" for name in GROUPS]


def main() -> int:
    default = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden"
    parser = argparse.ArgumentParser(description="Writes the golden files that the Swift tests compare with.")
    parser.add_argument("--output", type=pathlib.Path, default=default, help="the folder (default: Tests/Golden)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file would change")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if not options.check:
        write_all(options.output)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        names = write_all(pathlib.Path(scratch))
        _, different, missing = filecmp.cmpfiles(scratch, options.output, names, shallow=False)
    for name in different + missing:
        print(f"{options.output / name}: not what golden.py writes; run it without --check", file=sys.stderr)
    return 1 if different or missing else 0


if __name__ == "__main__":
    sys.exit(main())
