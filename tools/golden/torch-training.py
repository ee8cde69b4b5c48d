"""Golden values of PyTorch for packages/onnx-grad/test/fixtures/torch-training.json.

Trajectories of its optimisers on a small quadratic, learning rates of its schedulers, values and gradients of its
losses, all in double precision. Run with Python 3 and PyTorch (made with 1.13): python tools/golden/torch-training.py
"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
STEPS = 12
MATRIX = [[3.0, 0.5, -0.2], [0.5, 1.0, 0.3], [-0.2, 0.3, 0.4]]
VECTOR = [1.0, -2.0, 0.5]
START = [1.5, -0.7, 2.0]


def trajectory(make):
    theta = torch.tensor(START, requires_grad=True)
    optimizer = make([theta])
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        (0.5 * theta @ torch.tensor(MATRIX) @ theta - torch.tensor(VECTOR) @ theta).backward()
        optimizer.step()
        path.append(theta.detach().tolist())
    return path


def optimizers():
    cases = [
        ("sgd", {"lr": 0.1}),
        ("sgd", {"lr": 0.1, "momentum": 0.9}),
        ("sgd", {"lr": 0.1, "weight_decay": 0.05}),
        ("sgd", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05}),
        ("sgd", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
        ("sgd", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
        ("adam", {"lr": 0.05}),
        ("adam", {"lr": 0.05, "betas": [0.5, 0.9], "eps": 1e-3}),
        ("adam", {"lr": 0.05, "weight_decay": 0.1}),
        ("adamw", {"lr": 0.05, "weight_decay": 0.1}),
        ("adamw", {"lr": 0.05, "weight_decay": 0.0}),
    ]
    classes = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return [
        {"name": name, "options": options, "path": trajectory(lambda p: classes[name](p, **options))}
        for name, options in cases
    ]


def rates(make, epochs):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    out = []
    for _ in range(epochs):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return out


def schedules():
    lr = torch.optim.lr_scheduler
    return {
        "multiStep": {
            "milestones": [3, 5, 9],
            "gamma": 0.2,
            "rates": rates(lambda o: lr.MultiStepLR(o, [3, 5, 9], gamma=0.2), 12),
        },
        "cosine": {"minimum": 0.1, "rates": rates(lambda o: lr.CosineAnnealingLR(o, T_max=12, eta_min=0.1), 12)},
    }


def losses():
    logits = [[0.3, -1.2, 2.5, 0.0], [4.0, 4.0, -3.0, 1.0], [-0.5, 0.1, 0.2, -7.0]]
    labels = [2, 0, 3]
    soft = [[0.1, 0.2, 0.3, 0.4], [0.0, 1.0, 0.0, 0.0], [0.25, 0.25, 0.5, 0.0]]

    def case(loss):
        z = torch.tensor(logits, requires_grad=True)
        values = loss(z)
        values.sum().backward()
        return {"values": values.tolist(), "gradient": z.grad.tolist()}

    y, q = torch.tensor(labels), torch.tensor(soft)
    return {
        "logits": logits,
        "labels": labels,
        "soft": soft,
        "crossEntropy": case(lambda z: F.cross_entropy(z, y, reduction="none")),
        "smoothedCrossEntropy": case(lambda z: F.cross_entropy(z, y, reduction="none", label_smoothing=0.1)),
        "softCrossEntropy": case(lambda z: F.cross_entropy(z, q, reduction="none")),
        "meanSquaredError": case(lambda z: F.mse_loss(z, q, reduction="none").mean(1)),
        "binaryCrossEntropy": case(lambda z: F.binary_cross_entropy_with_logits(z, q, reduction="none").mean(1)),
        "klDivergence": case(lambda z: F.kl_div(F.log_softmax(z, 1), q, reduction="none").sum(1)),
    }


target = Path(__file__).resolve().parents[2] / "packages" / "onnx-grad" / "test" / "fixtures" / "torch-training.json"
golden = {
    "quadratic": {"matrix": MATRIX, "vector": VECTOR, "start": START},
    "optimizers": optimizers(),
    "schedules": schedules(),
    "losses": losses(),
}
target.write_text(json.dumps(golden) + "\n")
