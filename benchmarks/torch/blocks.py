"""Parts of networks, forward and backward, without an optimiser."""
import torch
from torch import nn
from torch.nn import functional


class ConvolutionCase:
    """A 3x3 convolution: output, and gradients of input, weight and bias."""

    def __init__(self, request, tensors):
        self.dy = tensors.pop("dy")
        self.leaves = {name: tensors[name].requires_grad_() for name in ("x", "weight", "bias")}
        self.groups = request["group"]
        self.y = None

    def step(self):
        for leaf in self.leaves.values():
            leaf.grad = None
        x, weight, bias = self.leaves.values()
        self.y = functional.conv2d(x, weight, bias, padding=1, groups=self.groups)
        self.y.backward(self.dy)

    def check(self):
        self.step()
        return {"y": self.y, **{f"d.{name}": leaf.grad for name, leaf in self.leaves.items()}}


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        inner = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(x + self.bn2(self.conv2(inner)))


class ResidualCase:
    """The block in training mode: gradients of the sum of output times target, for parameters and input."""

    def __init__(self, request, tensors):
        self.target = tensors.pop("target")
        self.x = tensors.pop("x").requires_grad_()
        self.block = ResidualBlock(self.x.shape[1])
        missing = self.block.load_state_dict(tensors, strict=False).missing_keys
        assert all("num_batches" in name for name in missing), missing
        self.block.train()

    def step(self):
        self.x.grad = None
        self.block.zero_grad(set_to_none=True)
        (self.block(self.x) * self.target).sum().backward()

    def check(self):
        self.step()
        found = {f"d.{name}": p.grad for name, p in self.block.named_parameters()}
        statistics = {name: b for name, b in self.block.named_buffers() if "num_batches" not in name}
        return {"d.x": self.x.grad, **found, **statistics}
