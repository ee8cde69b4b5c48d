#!/usr/bin/python3
"""Writes packages/onnx-grad/test/fixtures/train-trajectory.json: ten training steps of a small network in PyTorch.

Needs PyTorch (made with 1.13 of Debian's python3-torch, one thread). The test beside training-step.ts replays the
steps and must arrive at the same losses and weights.

Usage: tools/golden/train_trajectory.py
"""
import json
from pathlib import Path

import torch
from torch import nn

STEPS, BATCH = 10, 6

torch.manual_seed(2022)
torch.set_num_threads(1)

model = nn.Sequential()
model.add_module("conv1", nn.Conv2d(2, 4, 3, padding=1))
model.add_module("bn1", nn.BatchNorm2d(4))
model.add_module("relu1", nn.ReLU())
model.add_module("pool1", nn.MaxPool2d(3, stride=2, padding=1))
model.add_module("conv2", nn.Conv2d(4, 6, 3, stride=2, groups=2))
model.add_module("relu2", nn.ReLU())
model.add_module("flatten", nn.Flatten())
model.add_module("fc1", nn.Linear(6, 5))
model.add_module("bn2", nn.BatchNorm1d(5))
model.add_module("fc2", nn.Linear(5, 3))

optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[5], gamma=0.1)


def state():
    """Parameters and running statistics, row-major. Nine digits name a float32 exactly."""
    return {
        name: [float(f"{value:.9g}") for value in tensor.flatten().tolist()]
        for name, tensor in model.state_dict().items()
        if tensor.is_floating_point()
    }


# Multiples of 1/8, so that the file is small and exact.
inputs = torch.randint(-16, 17, (STEPS, BATCH, 2, 7, 7)).float() / 8
labels = torch.randint(0, 3, (STEPS, BATCH))
before = state()
losses, rates = [], []
for x, y in zip(inputs, labels):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    losses.append(float(f"{loss.item():.9g}"))
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    schedule.step()

model.eval()
with torch.no_grad():
    logits = model(inputs[0])

golden = {
    "madeBy": f"tools/golden/train_trajectory.py, PyTorch {torch.__version__}",
    "inputShape": [BATCH, 2, 7, 7],
    "eighths": [(x.flatten() * 8).int().tolist() for x in inputs],
    "labels": labels.tolist(),
    "learningRates": rates,
    "before": before,
    "losses": losses,
    "after": state(),
    "logitsAfter": [float(f"{value:.9g}") for value in logits.flatten().tolist()],
}
path = Path(__file__).resolve().parents[2] / "packages/onnx-grad/test/fixtures/train-trajectory.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes")
