"""Serves benchmark cases over stdin and stdout: one JSON request a line, one JSON answer a line."""
import base64
import json
import sys
import time

import numpy
import torch

import blocks
import dcgan
import training

CASES = {
    "mlp": training.TrainingCase,
    "cnn": training.TrainingCase,
    "resnet18": training.TrainingCase,
    "vgg19": training.TrainingCase,
    "convolution": blocks.ConvolutionCase,
    "dcgan": dcgan.DcganCase,
    "residual": blocks.ResidualCase,
}


def decode(tensor):
    dtype = {"float32": numpy.float32, "int64": numpy.int64}[tensor["dtype"]]
    data = numpy.frombuffer(base64.b64decode(tensor["data"]), dtype=dtype)
    return torch.from_numpy(data.copy()).reshape(tensor["dims"])


def encode(tensor):
    array = numpy.ascontiguousarray(tensor.detach().numpy(), dtype=numpy.float32)
    return {"dtype": "float32", "dims": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def timed(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def matmul_milliseconds(size=512, repeats=9):
    """Fastest of a few float32 products of two square matrices: tells a tuned BLAS from the reference one."""
    a, b = torch.randn(size, size), torch.randn(size, size)
    return min(timed(lambda: a @ b) for _ in range(repeats))


class Server:
    def __init__(self):
        self.case = None

    def about(self, request):
        return {"torch": torch.__version__, "matmulMs": matmul_milliseconds()}

    def open(self, request):
        tensors = {name: decode(t) for name, t in request["tensors"].items()}
        self.case = CASES[request["kind"]](request, tensors)
        return {}

    def check(self, request):
        """One step without noise, and everything it computed."""
        return {"tensors": {name: encode(t) for name, t in self.case.check().items()}}

    def round(self, request):
        return {"ms": timed(lambda: [self.case.step() for _ in range(request["steps"])])}


def main():
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    server = Server()
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(getattr(server, request["op"])(request)), flush=True)


main()
