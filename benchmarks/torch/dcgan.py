"""A DCGAN on pictures whose sides are 4 · 2^levels: the layers of our generator and discriminator, a plain loop."""
import math

import torch
from torch import nn
from torch.nn import functional

STRIDE2 = {"kernel_size": 4, "stride": 2, "padding": 1, "bias": False}
START = 4


class Generator(nn.Module):
    """A dense layer to 4x4 maps, then batch norm, ReLU and a transposed convolution per doubling; tanh."""

    def __init__(self, latent, width, channels, levels):
        super().__init__()
        self.maps, self.levels = width * 2 ** (levels - 1), levels
        self.first = nn.Linear(latent, self.maps * START**2, bias=False)
        maps = self.maps
        for level in range(1, levels + 1):
            self.add_module(f"norm{level}", nn.BatchNorm2d(maps))
            after = channels if level == levels else maps // 2
            self.add_module(f"up{level}", nn.ConvTranspose2d(maps, after, **STRIDE2))
            maps = after

    def forward(self, z):
        x = self.first(z).view(-1, self.maps, START, START)
        for level in range(1, self.levels + 1):
            x = getattr(self, f"up{level}")(functional.relu(getattr(self, f"norm{level}")(x)))
        return torch.tanh(x)


class Discriminator(nn.Module):
    """A convolution, from the second on a batch norm, and a leaky ReLU per halving; a dense score."""

    def __init__(self, width, channels, levels):
        super().__init__()
        self.levels = levels
        maps = channels
        for level in range(1, levels + 1):
            after = width * 2 ** (level - 1)
            self.add_module(f"down{level}", nn.Conv2d(maps, after, **STRIDE2))
            if level > 1:
                self.add_module(f"norm{level}", nn.BatchNorm2d(after))
            maps = after
        self.last = nn.Linear(maps * START**2, 1, bias=False)

    def forward(self, x):
        for level in range(1, self.levels + 1):
            x = getattr(self, f"down{level}")(x)
            if level > 1:
                x = getattr(self, f"norm{level}")(x)
            x = functional.leaky_relu(x, 0.2)
        return self.last(x.flatten(1))


class DcganCase:
    """The tensors are the records, the latent vectors of the check, and both networks' under g. and d."""

    def __init__(self, request, tensors):
        self.records, self.z = tensors.pop("records"), tensors.pop("z")
        self.batch, self.latent = request["batchSize"], request["latent"]
        channels, size = self.records.shape[1:3]
        levels = int(math.log2(size // START))
        self.generator = Generator(self.latent, request["width"], channels, levels)
        self.discriminator = Discriminator(request["width"], channels, levels)
        self.networks = {"g": self.generator, "d": self.discriminator}
        for prefix, network in self.networks.items():
            network.load_state_dict({**network.state_dict(), **part(tensors, prefix)})
        settings = {"lr": request["learningRate"], "betas": (request["beta1"], 0.999)}
        self.generator_adam = torch.optim.Adam(self.generator.parameters(), **settings)
        self.discriminator_adam = torch.optim.Adam(self.discriminator.parameters(), **settings)
        self.norms = [m for m in self.discriminator.modules() if isinstance(m, nn.BatchNorm2d)]
        self.order = torch.empty(0, dtype=torch.int64)

    def step(self):
        """A step on the next batch; a new order after each epoch, whose last batch is left out where it is not full."""
        if len(self.order) < self.batch:
            self.order = torch.randperm(len(self.records))
        picked, self.order = self.order[: self.batch], self.order[self.batch :]
        self.iterate(self.records[picked], torch.randn(self.batch, self.latent))

    def iterate(self, real, z):
        fake = self.generator(z)
        self.discriminator_adam.zero_grad(set_to_none=True)
        on_real, on_fake = self.discriminator(real), self.discriminator(fake.detach())
        discriminator_loss = functional.softplus(-on_real).mean() + functional.softplus(on_fake).mean()
        discriminator_loss.backward()
        self.discriminator_adam.step()
        self.generator_adam.zero_grad(set_to_none=True)
        # Neither the slopes of its weights nor its running statistics are anybody's use here: left out, as we do.
        self.take_discriminator_as_given(True)
        generator_loss = functional.softplus(-self.discriminator(fake)).mean()
        generator_loss.backward()
        self.take_discriminator_as_given(False)
        self.generator_adam.step()
        return generator_loss, discriminator_loss

    def take_discriminator_as_given(self, given):
        for parameter in self.discriminator.parameters():
            parameter.requires_grad_(not given)
        for norm in self.norms:
            norm.momentum = 0.0 if given else 0.1

    def check(self):
        """One step on the first batch with the latent vectors given: losses, and everything the networks hold."""
        generator_loss, discriminator_loss = self.iterate(self.records[: self.batch], self.z)
        held = {
            f"{prefix}.{name}": tensor
            for prefix, network in self.networks.items()
            for name, tensor in network.state_dict().items()
            if tensor.is_floating_point()
        }
        return {**held, "loss.generator": generator_loss, "loss.discriminator": discriminator_loss}


def part(tensors, prefix):
    return {name[2:]: tensor for name, tensor in tensors.items() if name.startswith(prefix + ".")}
