"""Golden values of torchvision for packages/ml-doctor/test/golden/torchvision-networks.json.

ResNet-18, VGG-19 and AlexNet with weights that a formula gives: what they answer at inference, and the loss, the
logits and the gradients of a training step, all in double precision. Run with Python 3, PyTorch and torchvision (made with
1.13 and 0.14): python tools/golden/torchvision_networks.py

The formula: tensor t, by the order of the names of all stored tensors, has at its element i, counted in row-major order,
the value u(t, i) in [-1, 1) of `uniform`, times sqrt(6 / fan_in) for a weight of two dimensions or more, .1 for a bias or a
running mean, and 1 + u / 5 for a scale or a running variance; then rounded to single precision. The pictures are
sqrt(3) u(10000, i) and the direction on which a gradient is measured is u(20000 + t, i).
"""
import json
from pathlib import Path

import numpy as np
import torch
import torchvision

CLASSES = 10
PICTURES = 10_000
DIRECTIONS = 20_000
OUT = Path(__file__).parents[2] / "packages/ml-doctor/test/golden/torchvision-networks.json"


def uniform(tensor, count):
    """Murmur3's finaliser on a counter, in 32 bits."""
    out = np.empty(count)
    for start in range(0, count, 1 << 22):
        i = np.arange(start, min(count, start + (1 << 22)), dtype=np.uint32)
        h = i * np.uint32(0x9E3779B1) + np.uint32((tensor + 1) * 0x85EBCA77 % 2**32)
        h ^= h >> np.uint32(16)
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(13)
        h *= np.uint32(0xC2B2AE35)
        h ^= h >> np.uint32(16)
        out[start : start + len(i)] = h / 2**31 - 1
    return out


def single(values):
    return torch.from_numpy(values.astype(np.float32)).double()


def fill(model):
    state = {name: t for name, t in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    for t, name in enumerate(sorted(state)):
        tensor = state[name]
        u = uniform(t, tensor.numel())
        if tensor.dim() > 1:
            u *= (6 / tensor[0].numel()) ** 0.5
        elif name.endswith(("bias", "running_mean")):
            u *= 0.1
        else:
            u = 1 + u / 5
        tensor.copy_(single(u).reshape(tensor.shape))


def pictures(shape):
    return single(uniform(PICTURES, int(np.prod(shape))) * 3**0.5).reshape(shape)


def rounded(values):
    return [float(f"{v:.9g}") for v in values]


def make(name, channels=3):
    model = getattr(torchvision.models, name)(num_classes=CLASSES).double()
    if channels != 3:
        first = model.conv1
        model.conv1 = torch.nn.Conv2d(channels, 64, first.kernel_size, first.stride, first.padding, bias=False).double()
    with torch.no_grad():
        fill(model)
    return model


def answers(name, shapes, channels=3):
    model = make(name, channels).eval()
    with torch.no_grad():
        return [{"shape": s, "logits": rounded(model(pictures(s)).flatten().tolist())} for s in shapes]


def step(name, shape):
    """Batch statistics, no dropout, mean cross-entropy, labels 0, 3, 6, ..."""
    model = make(name).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0
    labels = torch.arange(shape[0]) * 3 % CLASSES
    logits = model(pictures(shape))
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    order = sorted(n for n in model.state_dict() if not n.endswith("num_batches_tracked"))
    gradients = {}
    for parameter, tensor in model.named_parameters():
        g = tensor.grad.flatten().numpy()
        along = float(g @ uniform(DIRECTIONS + order.index(parameter), len(g)))
        gradients[parameter] = rounded([along, float(np.linalg.norm(g))])
    return {"shape": shape, "loss": rounded([loss.item()])[0], "logits": rounded(logits.flatten().tolist()), "gradients": gradients}


golden = {
    "resnet18": answers("resnet18", [[3, 3, 64, 64], [2, 3, 32, 32]]),
    "resnet18 of one channel": answers("resnet18", [[2, 1, 28, 28]], channels=1),
    "vgg19_bn": answers("vgg19_bn", [[2, 3, 32, 32], [2, 3, 64, 64]]),
    "vgg19": answers("vgg19", [[2, 3, 32, 32]]),
    "alexnet": answers("alexnet", [[2, 3, 64, 64], [1, 3, 96, 96]]),
    "steps": {
        "resnet18": step("resnet18", [4, 3, 64, 64]),
        "vgg19_bn": step("vgg19_bn", [4, 3, 64, 64]),
    },
}
OUT.write_text(json.dumps(golden) + "\n")
