"""Trains a job in PyTorch, in one process, or data-parallel in several with DistributedDataParallel over gloo.

    python3 torch_peer.py JOB --threads 2
    python3 torch_peer.py JOB --processes 2
    python3 torch_peer.py JOB --compile          # not part of benchmark peers: docs/performance.md says why
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import torch
import torch.distributed as distributed
from torch import nn

import job as jobs
import torch_models

FUSED = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}


def train(job: jobs.Job, rank: int, processes: int, is_compiled: bool) -> tuple[torch.Tensor, float]:
    """This process's part of the mean loss of every step, and the seconds of the counted steps."""
    model, batches, terms = torch_models.build(job)
    parameters = list(model.parameters())
    optimizer = FUSED[job.optimizer()](parameters, lr=0.0, weight_decay=job.weight_decay, fused=True)
    group = optimizer.param_groups[0]
    if processes > 1:
        model = nn.parallel.DistributedDataParallel(model, gradient_as_bucket_view=True)
    if is_compiled:
        model = torch.compile(model)
    counts, clip = job.counts.tolist(), job.clip_norm
    losses = torch.zeros(job.steps)
    start = 0.0
    for step, count in enumerate(counts):
        if step == job.warm_up:
            start = time.perf_counter()
        rows = slice(rank * count // processes, (rank + 1) * count // processes)
        loss = model(*batches.take(step, rows))
        # DistributedDataParallel divides by the processes; together the gradient is that of the mean.
        (loss * (processes / (count * terms))).backward()
        if clip > 0:
            nn.utils.clip_grad_norm_(parameters, clip)
        group["lr"] = job.rates[step]
        optimizer.step()
        optimizer.zero_grad()
        losses[step] = loss.detach()
    seconds = time.perf_counter() - start
    return losses / (torch.tensor(counts) * terms), seconds


def run(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    processes, rank = options.processes, options.rank
    if processes > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        distributed.init_process_group("gloo", store=distributed.FileStore(options.store, processes), rank=rank,
                                       world_size=processes)  # fmt: skip
    job = jobs.read(options.job)
    losses, seconds = train(job, rank, processes, options.compile)
    peak = torch.tensor(jobs.peak_bytes())
    program = f"PyTorch {torch.__version__.split('+')[0]}"
    if processes > 1:
        distributed.all_reduce(losses)
        distributed.all_reduce(peak)
    if rank == 0:
        milliseconds = seconds / (job.steps - job.warm_up) * 1000
        jobs.answer(
            {
                "program": program, "losses": losses.tolist(), "millisecondsPerStep": milliseconds,
                "peakBytes": int(peak),
            }, options.answer
        )  # fmt: skip


def leave() -> None:
    """Ends the process at once.

    gloo aborts now and then when another process closes its connections first, so the first process says when all are
    done, by the end of the others' standard input, and none takes its connections down in order.
    """
    sys.stdout.flush()
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains a job of 'benchmark peers' in PyTorch.")
    parser.add_argument("job", type=pathlib.Path)
    parser.add_argument("--answer", type=pathlib.Path, metavar="FILE", help="write the answer to FILE")
    parser.add_argument("--threads", type=int, default=1, help="threads of each process")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--compile", action="store_true", help="with torch.compile, which needs a C++ compiler")
    parser.add_argument("--rank", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--store", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.processes == 1:
        return run(options)
    if options.rank > 0:
        run(options)
        sys.stdin.read()
        leave()
    with tempfile.TemporaryDirectory() as folder:
        options.store = os.path.join(folder, "store")
        arguments = [sys.executable, __file__, *sys.argv[1:], "--store", options.store, "--rank"]
        others = [subprocess.Popen([*arguments, str(rank)], stdin=subprocess.PIPE) for rank in range(1, options.processes)]
        try:
            run(options)
            for other in others:
                other.stdin.close()
                if other.wait(60):
                    raise SystemExit(f"a process ended with {other.returncode}")
        finally:
            for other in others:
                other.kill()
    leave()


if __name__ == "__main__":
    main()
