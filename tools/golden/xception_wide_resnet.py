"""Logits of PyTorch for packages/ml-doctor/test/golden/xception-wide-resnet.json.

Xception from figure 5 of Chollet 2017 with TensorFlow's padding, and WRN-28-1 from table 1 of Zagoruyko and Komodakis
2016, written here without the project. Weights and pictures follow a formula in whole numbers, so that only logits are
stored. Run with Python 3, NumPy and PyTorch (made with 1.13): python tools/golden/xception_wide_resnet.py
"""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

PRIME = 10007


def numbers(count, tensor):
    """Between -1 and 1, as scattered as a square modulo a prime."""
    a = np.arange(count, dtype=np.int64) % PRIME
    return ((31 * a * a + 7919 * a + 1049 * tensor) % PRIME) / PRIME * 2 - 1


def fill(model):
    """By the place of a tensor's name among all, sorted."""
    state = {name: value for name, value in model.state_dict().items() if "num_batches" not in name}
    for place, name in enumerate(sorted(state)):
        value = state[name]
        u = numbers(value.numel(), place)
        if name.endswith("running_var"):
            u = 1 + 0.5 * u
        elif name.endswith("weight"):
            u = 1 + 0.3 * u if value.dim() == 1 else u * np.sqrt(3 / np.prod(value.shape[1:]))
        else:
            u = 0.2 * u
        value.copy_(torch.from_numpy(u.astype(np.float32)).reshape(value.shape))


def modules(**parts):
    return nn.ModuleDict(parts)


def conv(inputs, outputs, kernel, stride=1, padding=0, groups=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)


class WideBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(inputs), conv(inputs, outputs, 3, stride, 1)
        self.norm2, self.conv2 = nn.BatchNorm2d(outputs), conv(outputs, outputs, 3, 1, 1)
        self.shortcut = conv(inputs, outputs, 1, stride) if inputs != outputs else None

    def forward(self, x):
        active = F.relu(self.norm1(x))
        residual = self.conv2(F.relu(self.norm2(self.conv1(active))))
        return residual + (x if self.shortcut is None else self.shortcut(active))


class WideResNet(nn.Module):
    def __init__(self, width, channels, classes):
        super().__init__()
        self.stem = conv(channels, 16, 3, 1, 1)
        last = 16
        for stage, outputs in enumerate([16 * width, 32 * width, 64 * width], 1):
            blocks = {}
            for i in range(1, 5):
                blocks[str(i)] = WideBlock(last, outputs, 2 if stage > 1 and i == 1 else 1)
                last = outputs
            setattr(self, f"stage{stage}", nn.ModuleDict(blocks))
        self.norm, self.fc = nn.BatchNorm2d(last), nn.Linear(last, classes)

    def forward(self, x):
        x = self.stem(x)
        for stage in (self.stage1, self.stage2, self.stage3):
            for block in stage.values():
                x = block(x)
        return self.fc(F.relu(self.norm(x)).mean((2, 3)))


class Separable(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.depthwise, self.pointwise = conv(inputs, inputs, 3, 1, 1, inputs), conv(inputs, outputs, 1)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x):
        return self.norm(self.pointwise(self.depthwise(x)))


class Plain(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.conv, self.norm = conv(inputs, outputs, kernel, stride), nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x):
        return self.norm(self.conv(x))


def pool_same(x):
    """TensorFlow's padding for windows of 3 at stride 2: what is missing in all, the lesser half of it ahead."""
    sides = []
    for size in reversed(x.shape[2:]):
        missing = max((-(-size // 2) - 1) * 2 + 3 - size, 0)
        sides += [missing // 2, missing - missing // 2]
    return F.max_pool2d(F.pad(x, sides, value=float("-inf")), 3, 2)


class Xception(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.stem1, self.stem2 = Plain(channels, 32, 3, 2), Plain(32, 64, 3)
        last = 64
        for i, outputs in enumerate([128, 256, 728], 1):
            parts = {"1": Separable(last, outputs), "2": Separable(outputs, outputs)}
            setattr(self, f"entry{i}", modules(**parts, shortcut=Plain(last, outputs, 1, 2)))
            last = outputs
        for i in range(1, 9):
            setattr(self, f"middle{i}", modules(**{str(j): Separable(728, 728) for j in (1, 2, 3)}))
        last_flow = {"1": Separable(728, 728), "2": Separable(728, 1024)}
        last_flow.update({"3": Separable(1024, 1536), "4": Separable(1536, 2048)})
        self.exit = modules(**last_flow, shortcut=Plain(728, 1024, 1, 2))
        self.fc = nn.Linear(2048, classes)

    def forward(self, x):
        x = F.relu(self.stem2(F.relu(self.stem1(x))))
        b = self.entry1
        x = pool_same(b["2"](F.relu(b["1"](x)))) + b["shortcut"](x)
        for b in (self.entry2, self.entry3):
            x = pool_same(b["2"](F.relu(b["1"](F.relu(x))))) + b["shortcut"](x)
        for i in range(1, 9):
            b = getattr(self, f"middle{i}")
            x = x + b["3"](F.relu(b["2"](F.relu(b["1"](F.relu(x))))))
        b = self.exit
        x = pool_same(b["2"](F.relu(b["1"](F.relu(x))))) + b["shortcut"](x)
        x = F.relu(b["4"](F.relu(b["3"](x))))
        return self.fc(x.mean((2, 3)))


def case(name, model, shape):
    model.eval()
    with torch.no_grad():
        fill(model)
        x = torch.from_numpy(numbers(2 * int(np.prod(shape)), 999).astype(np.float32)).reshape(2, *shape)
        logits = model(x)
    return {"name": name, "recordShape": shape, "classes": logits.shape[1], "logits": logits.flatten().tolist()}


cases = [
    case("wide-resnet-28-1", WideResNet(1, 3, 5), [3, 32, 32]),
    case("wide-resnet-28-2", WideResNet(2, 1, 4), [1, 28, 28]),
    case("xception", Xception(3, 5), [3, 64, 64]),
    case("xception", Xception(1, 4), [1, 28, 28]),
]
target = Path(__file__).resolve().parents[2] / "packages/ml-doctor/test/golden/xception-wide-resnet.json"
target.write_text(json.dumps(cases) + "\n")
