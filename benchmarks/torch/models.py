"""The networks, with the parameter names onnx-grad gives them."""
from torch import nn
from torch.nn import functional


class Mlp(nn.Module):
    """784-256-128-10 with ReLU."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 10)

    def forward(self, x):
        return self.fc3(functional.relu(self.fc2(functional.relu(self.fc1(x)))))


class Cnn(nn.Module):
    """28x28 images: two 3x3 convolutions without padding, each with ReLU and 2x2 pooling, then 128 and 10 units."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(64 * 5 * 5, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        return self.fc2(functional.relu(self.fc1(x.flatten(1))))


class BasicBlock(nn.Module):
    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = (
            nn.Sequential(nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))
            if stride > 1
            else None
        )

    def forward(self, x):
        shortcut = self.downsample(x) if self.downsample else x
        inner = self.relu(self.bn1(self.conv1(x)))
        outer = self.bn2(self.conv2(inner))
        outer += shortcut
        return self.relu(outer)


class Resnet18(nn.Module):
    """torchvision's, layer by layer, for who has no torchvision: the operators are the same ones in the same order."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for stage, channels in enumerate((64, 128, 256, 512), start=1):
            blocks = [BasicBlock(inputs, channels, 1 if stage == 1 else 2), BasicBlock(channels, channels, 1)]
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
            inputs = channels
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


class Vgg19(nn.Module):
    """The convolutions of torchvision's vgg19_bn, without biases, and one dense layer for 32x32 pictures."""

    STAGES = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))

    def __init__(self):
        super().__init__()
        layers, inputs = [], 3
        for channels, count in self.STAGES:
            for _ in range(count):
                convolution = nn.Conv2d(inputs, channels, 3, padding=1, bias=False)
                layers += [convolution, nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
                inputs = channels
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512, 10)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def network(kind):
    return {"mlp": Mlp, "cnn": Cnn, "resnet18": Resnet18, "vgg19": Vgg19}[kind]()
