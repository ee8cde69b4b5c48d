"""A step of training, plain or differentially private."""
import torch
from torch.nn import functional

from models import network
from private_gradients import PrivateGradients


class TrainingCase:
    def __init__(self, request, tensors):
        self.model = network(request["kind"])
        self.x = tensors.pop("x")
        self.labels = tensors.pop("labels")
        # Running statistics start alike on both sides.
        missing = self.model.load_state_dict(tensors, strict=False).missing_keys
        assert all("running" in name or "num_batches" in name for name in missing), missing
        self.model.train()
        sgd = request["sgd"]
        self.optimizer = torch.optim.SGD(
            self.model.parameters(),
            lr=sgd["learningRate"],
            momentum=sgd["momentum"],
            weight_decay=sgd["weightDecay"],
        )
        privacy = request.get("privacy")
        self.private = PrivateGradients(self.model, **privacy) if privacy else None

    def step(self, noise=True):
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.model(self.x)
        if self.private:
            functional.cross_entropy(logits, self.labels, reduction="sum").backward()
            self.private.fill(noise)
        else:
            functional.cross_entropy(logits, self.labels).backward()
        self.optimizer.step()

    def check(self):
        self.step(noise=False)
        weights = dict(self.model.named_parameters())
        momenta = {f"momentum.{n}": self.optimizer.state[p]["momentum_buffer"] for n, p in weights.items()}
        return {**weights, **momenta}
