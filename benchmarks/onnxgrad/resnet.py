"""The comparator of resnet.ts: the same network with the same weights in PyTorch. Takes a step for each line read."""

import json
import math
import resource
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

CLIPS, FRAMES, SIZE, CLASSES = 2, 8, 112, 52
torch.set_num_threads(int(sys.argv[1]))
parameters = []


def spread(length, bound, seed):
    """The numbers of `spread` in resnet.ts."""
    with numpy.errstate(over="ignore"):
        h = numpy.arange(length, dtype=numpy.uint32) * numpy.uint32(0x9E3779B1)
        h ^= numpy.uint32((seed * 0x85EBCA77) & 0xFFFFFFFF)
        h = (h ^ (h >> numpy.uint32(15))) * numpy.uint32(0x2C1B3C6D)
        h = (h ^ (h >> numpy.uint32(12))) * numpy.uint32(0x297A2D39)
        h ^= h >> numpy.uint32(15)
    return torch.from_numpy((((h >> numpy.uint32(8)) / 2.0**23 - 1) * bound).astype(numpy.float32))


def convolution(inputs, outputs, kernel, stride=1):
    conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    values = spread(conv.weight.numel(), math.sqrt(6 / (inputs * kernel * kernel)), len(parameters))
    conv.weight.data = values.view_as(conv.weight)
    parameters.append(conv.weight)
    return conv


def norm(channels):
    bn = nn.BatchNorm2d(channels)
    parameters.extend([bn.weight, bn.bias])
    return bn


def temporal_shift(x):
    fold = x.shape[1] // 8
    apart = x.view(CLIPS, FRAMES, *x.shape[1:])
    y = torch.zeros_like(apart)
    y[:, :-1, :fold] = apart[:, 1:, :fold]
    y[:, 1:, fold : 2 * fold] = apart[:, :-1, fold : 2 * fold]
    y[:, :, 2 * fold :] = apart[:, :, 2 * fold :]
    return y.view_as(x)


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1, self.bn1 = convolution(inputs, width, 1), norm(width)
        self.conv2, self.bn2 = convolution(width, width, 3, stride), norm(width)
        self.conv3, self.bn3 = convolution(width, 4 * width, 1), norm(4 * width)
        self.downsample = nn.Identity()
        if stride != 1 or inputs != 4 * width:
            self.downsample = nn.Sequential(convolution(inputs, 4 * width, 1, stride), norm(4 * width))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(temporal_shift(x))), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x), inplace=True)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = convolution(3, 64, 7, 2), norm(64)
        blocks, inputs = [], 64
        for stage, depth in enumerate([3, 4, 6, 3]):
            for i in range(depth):
                blocks.append(Bottleneck(inputs, 64 << stage, 2 if i == 0 and stage > 0 else 1))
                inputs = 4 * (64 << stage)
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(2048, CLASSES)
        self.fc.weight.data = spread(CLASSES * 2048, 1 / math.sqrt(2048), len(parameters)).view(CLASSES, 2048)
        self.fc.bias.data.zero_()

    def forward(self, x):
        y = F.max_pool2d(F.relu(self.bn1(self.conv1(x)), inplace=True), 3, 2, 1)
        return self.fc(self.blocks(y).mean((2, 3))).view(CLIPS, FRAMES, CLASSES).mean(1)


network = Network().train()
x = spread(CLIPS * FRAMES * 3 * SIZE * SIZE, 1, 1000).view(CLIPS * FRAMES, 3, SIZE, SIZE)
target = torch.tensor([3, 4])
for line in sys.stdin:
    if line.strip() == "close":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"version": torch.__version__, "peakMiB": peak}), flush=True)
        break
    start = time.perf_counter()
    network.zero_grad(set_to_none=True)
    loss = F.cross_entropy(network(x), target)
    loss.backward()
    milliseconds = 1000 * (time.perf_counter() - start)
    squares = sum(float(p.grad.double().square().sum()) for p in network.parameters())
    print(json.dumps({"milliseconds": milliseconds, "loss": loss.item(), "norm": math.sqrt(squares)}), flush=True)
