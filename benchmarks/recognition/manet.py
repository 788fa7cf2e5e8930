"""The comparator of manet.ts: MANet in PyTorch. Prints one JSON line: milliseconds of every run."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

threads, repeats = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
FRAMES, SIDE, CLASSES, LENGTH = 8, 224, 52, 300


def shifted(x):
    """Of [clips * FRAMES, C, h, w], an eighth of the channels from the frame after, and one from that before."""
    fold = x.shape[1] // 8
    apart = x.view(-1, FRAMES, *x.shape[1:])
    y = torch.zeros_like(apart)
    y[:, :-1, :fold] = apart[:, 1:, :fold]
    y[:, 1:, fold : 2 * fold] = apart[:, :-1, fold : 2 * fold]
    y[:, :, 2 * fold :] = apart[:, :, 2 * fold :]
    return y.view_as(x)


class Layer(nn.Sequential):
    def __init__(self, inputs, outputs, kernel, stride=1):
        conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        super().__init__(conv, nn.BatchNorm2d(outputs))


class Bottleneck(nn.Module):
    def __init__(self, inputs, planes, stride):
        super().__init__()
        self.squeeze = nn.Linear(inputs, inputs // 4, bias=False)
        self.excite = nn.Linear(inputs // 4, inputs, bias=False)
        self.first, self.second = Layer(inputs, planes, 1), Layer(planes, planes, 3, stride)
        self.third, self.aside = Layer(planes, 4 * planes, 1), nn.Identity()
        if stride != 1 or inputs != 4 * planes:
            self.aside = Layer(inputs, 4 * planes, 1, stride)

    def forward(self, x):
        gate = torch.sigmoid(self.excite(F.relu(self.squeeze(x.mean((2, 3))))))
        y = F.relu(self.first(shifted(x * gate[..., None, None])), inplace=True)
        y = F.relu(self.second(y), inplace=True)
        return F.relu(self.third(y) + self.aside(x), inplace=True)


class Manet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, blocks, inputs = Layer(3, 64, 7, 2), [], 64
        for stage, depth in enumerate([3, 4, 6, 3]):
            for i in range(depth):
                blocks.append(Bottleneck(inputs, 64 << stage, 2 if i == 0 and stage > 0 else 1))
                inputs = 4 * (64 << stage)
        self.blocks = nn.Sequential(*blocks)
        self.classifier, self.inner, self.outer = nn.Linear(2048, CLASSES), nn.Linear(2048, LENGTH), nn.Linear(LENGTH, LENGTH)

    def forward(self, clips):
        """clips: [B, 3, FRAMES, SIDE, SIDE], uint8"""
        mean = torch.tensor([123.675, 116.28, 103.53]).reshape(3, 1, 1, 1)
        std = torch.tensor([58.395, 57.12, 57.375]).reshape(3, 1, 1, 1)
        x = ((clips.float() - mean) / std).transpose(1, 2).flatten(0, 1)
        x = F.max_pool2d(F.relu(self.stem(x), inplace=True), 3, 2, 1)
        x = F.dropout(self.blocks(x).mean((2, 3)), 0.5, self.training)
        over_frames = lambda y: y.view(len(clips), FRAMES, -1).mean(1)
        return over_frames(self.classifier(x)), over_frames(self.outer(torch.tanh(self.inner(x))))


def timed(run):
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return times[1:]


def forward(net, clips):
    with torch.no_grad():
        net(clips)


def step(net, optimizer, clips, labels, vectors):
    optimizer.zero_grad(set_to_none=True)
    logits, embedding = net(clips)
    (F.cross_entropy(logits, labels) + 50 * F.mse_loss(embedding, vectors[labels])).backward()
    nn.utils.clip_grad_norm_(net.parameters(), 20.0)
    optimizer.step()


def pictures(count):
    return torch.randint(0, 256, (count, 3, FRAMES, SIDE, SIDE), dtype=torch.uint8)


result = {"version": torch.__version__}
net, clip = Manet().eval(), pictures(1)
result["forward"] = timed(lambda: forward(net, clip))
for count in (1, 2):
    net, clips = Manet().train(), pictures(count)
    sgd = torch.optim.SGD(net.parameters(), lr=0.00125, momentum=0.9, weight_decay=1e-4)
    labels, vectors = torch.full((count,), 3), torch.randn(CLASSES, LENGTH)
    result[f"step of {count}"] = timed(lambda: step(net, sgd, clips, labels, vectors))
print(json.dumps(result))
