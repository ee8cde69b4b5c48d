"""LiRA on CIFAR-10 as a plain script: trains all models, queries them, scores. argv: one JSON object; stdout: another."""
import gzip
import json
import multiprocessing
import os
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

import lira_scores

FILES = ("train_batch_1.bin.gz", "test_batch.bin.gz")
# Of both CIFAR files' pixels, by channel; the figures everybody uses.
MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


class SimpleCnn(nn.Module):
    """32x32 colour images: two 3x3 convolutions without padding, each with ReLU and 2x2 pooling, then 128 and 10 units."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * 6 * 6, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        return self.fc2(functional.relu(self.fc1(x.flatten(1))))


def candidates(folder, count, seed):
    """Some records of both files, normalised, in memory."""
    raw = b"".join(gzip.open(os.path.join(folder, name)).read() for name in FILES)
    rows = numpy.frombuffer(raw, dtype=numpy.uint8).reshape(-1, 3073)
    rows = rows[numpy.random.RandomState(seed).permutation(len(rows))[:count]]
    x = torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).astype(numpy.float32)) / 255
    mean, deviation = (torch.tensor(v).reshape(1, 3, 1, 1) for v in (MEAN, DEVIATION))
    return (x - mean) / deviation, torch.from_numpy(rows[:, 0].astype(numpy.int64))


def memberships(shadows, count, seed):
    """Row 0: the target's half. Then the shadow models': every record is in exactly half of them."""
    random = numpy.random.RandomState(seed + 1)
    inside = numpy.zeros((1 + shadows, count), dtype=bool)
    inside[0, random.permutation(count)[: count // 2]] = True
    for first in range(1, shadows, 2):
        inside[first, random.permutation(count)[: count // 2]] = True
        inside[first + 1] = ~inside[first]
    return inside


def train(x, y, records, recipe, seed):
    torch.manual_seed(seed)
    model = SimpleCnn()
    optimizer = torch.optim.SGD(
        model.parameters(),
        lr=recipe["learningRate"],
        momentum=recipe["momentum"],
        weight_decay=recipe["weightDecay"],
    )
    size, steps = recipe["batchSize"], 0
    for _ in range(recipe["epochs"]):
        order = records[torch.randperm(len(records))]
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
            steps += 1
    return model, steps


def query(model, x, size=64):
    with torch.no_grad():
        return torch.cat([model(x[start : start + size]) for start in range(0, len(x), size)]).numpy()


class Clock:
    """When each piece of work began and ended, in seconds since 1970."""

    def __init__(self):
        self.spans = []

    def span(self, kind, work):
        begun = time.time()
        result = work()
        self.spans.append({"kind": kind, "from": begun, "to": time.time()})
        return result


# What every process has; forked, so that the images are in memory once.
shared = {}


def one_model(index):
    """Trains and queries a model: logits on all candidates, training steps, spans."""
    torch.set_num_threads(shared["threads"])
    x, y, clock = shared["x"], shared["y"], Clock()
    records = torch.from_numpy(numpy.flatnonzero(shared["inside"][index]))
    model, steps = clock.span("train", lambda: train(x, y, records, shared["recipe"], index))
    return clock.span("query", lambda: query(model, x)), steps, clock.spans


def main():
    request = json.loads(sys.argv[1])
    x, y = candidates(request["folder"], request["candidates"], request["seed"])
    inside = memberships(request["shadows"], request["candidates"], request["seed"])
    shared.update(x=x, y=y, inside=inside, threads=request["threads"], recipe=request["recipe"])
    models = range(1 + request["shadows"])
    if request["processes"] == 1:
        done = [one_model(index) for index in models]
    else:
        # Dealt out one at a time, so that no process waits for the other before the last model.
        with multiprocessing.get_context("fork").Pool(request["processes"]) as pool:
            done = pool.map(one_model, models, chunksize=1)
    clock = Clock()
    labels = y.numpy()

    def score():
        confidence = numpy.stack([lira_scores.scaled_confidence(logits, labels) for logits, _, _ in done])
        return lira_scores.online_scores(confidence[0], confidence[1:], inside[1:])

    scores = clock.span("score", score)
    right = done[0][0].argmax(axis=1) == labels
    answer = {
        "spans": [span for _, _, spans in done for span in spans] + clock.spans,
        "steps": sum(steps for _, steps, _ in done),
        "auc": lira_scores.auc(scores, inside[0]),
        "trainAccuracy": float(right[inside[0]].mean()),
        "testAccuracy": float(right[~inside[0]].mean()),
    }
    print(json.dumps(answer))


main()
