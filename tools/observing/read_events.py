"""Reads TensorBoard's event files as TensorBoard itself does, and prints what is in them as JSON.

    .build/observing/bin/python tools/observing/read_events.py FOLDER
"""

import io
import json
import sys

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(
    sys.argv[1], size_guidance={"scalars": 0, "tensors": 0, "images": 0})
events.Reload()
tags = events.Tags()


def image(event):
    with Image.open(io.BytesIO(event.encoded_image_string)) as decoded:
        decoded.load()
        same = decoded.size == (event.width, event.height)
        return {
            "step": event.step, "time": event.wall_time, "size": decoded.size, "declared": same,
            "mode": decoded.mode, "colours": len(decoded.getcolors(1 << 24)),
        }


json.dump({
    "scalars": {
        tag: [[event.step, event.wall_time, event.value] for event in events.Scalars(tag)]
        for tag in tags["scalars"]
    },
    "texts": {
        tag: [[event.step, event.wall_time, event.tensor_proto.string_val[0].decode()]
              for event in events.Tensors(tag)]
        for tag in tags["tensors"]
        if events.SummaryMetadata(tag).plugin_data.plugin_name == "text"
    },
    "images": {tag: [image(event) for event in events.Images(tag)] for tag in tags["images"]},
}, sys.stdout)
