"""Per-example clipped and noised gradients by hooks, the way libraries for DP-SGD in PyTorch make them."""
import torch
from torch import nn
from torch.nn import functional


class PrivateGradients:
    """Keeps each layer's input and output gradient, and replaces .grad by the private gradient."""

    def __init__(self, model, clipNorm, noiseMultiplier, expectedBatch):
        self.clip_norm = clipNorm
        self.noise_multiplier = noiseMultiplier
        self.expected_batch = expectedBatch
        self.parameters = list(model.parameters())
        self.inputs = {}
        self.samples = {}
        for layer in model.modules():
            if isinstance(layer, (nn.Linear, nn.Conv2d)):
                layer.register_forward_hook(self.keep_input)
                layer.register_full_backward_hook(self.per_example)

    def keep_input(self, layer, inputs, output):
        self.inputs[layer] = inputs[0].detach()

    def per_example(self, layer, grad_input, grad_output):
        x, delta = self.inputs.pop(layer), grad_output[0]
        if isinstance(layer, nn.Linear):
            self.samples[layer.weight] = torch.einsum("ni,nj->nij", delta, x)
            self.samples[layer.bias] = delta
            return
        count, channels = delta.shape[:2]
        patches = functional.unfold(
            x, layer.kernel_size, dilation=layer.dilation, padding=layer.padding, stride=layer.stride
        )
        delta = delta.reshape(count, channels, -1)
        product = torch.einsum("nkq,npq->nkp", delta, patches)
        self.samples[layer.weight] = product.reshape(count, *layer.weight.shape)
        self.samples[layer.bias] = delta.sum(2)

    def fill(self, noise):
        samples = [self.samples.pop(p) for p in self.parameters]
        norms = torch.stack([s.flatten(1).norm(dim=1) for s in samples], dim=1).norm(dim=1)
        factors = (self.clip_norm / (norms + 1e-12)).clamp(max=1.0)
        for p, s in zip(self.parameters, samples):
            total = torch.einsum("n,n...->...", factors, s)
            if noise:
                total += torch.randn(p.shape) * (self.noise_multiplier * self.clip_norm)
            p.grad = total / self.expected_batch
