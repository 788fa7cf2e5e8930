"""The comparator of actionFormer.ts: the same detector in PyTorch. Prints one JSON line: milliseconds of every run."""
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

threads, repeats = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
BATCH, STEPS, INPUTS, WIDTH, HEADS, LEVELS, CLASSES = 2, 768, 384, 512, 4, 6, 52


def over_channels(norm, x):
    return norm(x.transpose(1, 2)).transpose(1, 2)


class MaskedConv(nn.Module):
    def __init__(self, inputs, kernel=3):
        super().__init__()
        self.conv = nn.Conv1d(inputs, WIDTH, kernel, padding=kernel // 2, bias=False)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x, mask):
        return F.relu(over_channels(self.norm, self.conv(x) * mask)) * mask


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1, groups=WIDTH, bias=False) for _ in range(3)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(3))
        self.points = nn.ModuleList(nn.Conv1d(WIDTH, WIDTH, 1) for _ in range(3))
        self.proj = nn.Conv1d(WIDTH, WIDTH, 1)

    def forward(self, x, mask):
        parts = zip(self.convs, self.norms, self.points)
        parts = [point(over_channels(norm, conv(x) * mask)) for conv, norm, point in parts]
        q, k, v = [y.reshape(BATCH, HEADS, WIDTH // HEADS, -1).transpose(2, 3) for y in parts]
        scores = (q * (WIDTH // HEADS) ** -0.5) @ k.transpose(-2, -1)
        weights = scores.masked_fill(mask[:, None] == 0, float("-inf")).softmax(-1)
        return self.proj((weights @ v).transpose(2, 3).reshape(BATCH, WIDTH, -1)) * mask


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2, self.attention = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), Attention()
        self.mlp = nn.Sequential(nn.Conv1d(WIDTH, 4 * WIDTH, 1), nn.GELU(), nn.Conv1d(4 * WIDTH, WIDTH, 1))
        self.scales = nn.ParameterList(nn.Parameter(torch.full((1, WIDTH, 1), 1e-4)) for _ in range(2))

    def dropped(self, x, scale):
        keep = 0.9
        return x * scale / keep * torch.floor(keep + torch.rand(BATCH, 1, 1))

    def forward(self, x, mask):
        mask = mask[:, :, ::2]
        mixed = self.attention(over_channels(self.norm1, x), mask)
        x = F.max_pool1d(x, 3, 2, 1) * mask + self.dropped(mixed, self.scales[0])
        return x + self.dropped(self.mlp(over_channels(self.norm2, x)) * mask, self.scales[1]), mask


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.ModuleList(MaskedConv(INPUTS if i == 0 else WIDTH) for i in range(3))
        self.branch = nn.ModuleList(Block() for _ in range(LEVELS - 1))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH, eps=1e-6) for _ in range(LEVELS))
        self.towers = nn.ModuleList(nn.ModuleList(MaskedConv(WIDTH) for _ in range(2)) for _ in range(2))
        self.cls = nn.Conv1d(WIDTH, CLASSES, 3, padding=1)
        self.reg = nn.Conv1d(WIDTH, 2, 3, padding=1)
        self.scales = nn.Parameter(torch.ones(LEVELS))
        nn.init.constant_(self.cls.bias, -math.log(99))

    def forward(self, x, mask):
        for conv in self.embed:
            x = conv(x, mask)
        levels = [(x, mask)]
        for block in self.branch:
            levels.append(block(*levels[-1]))
        logits, distances = [], []
        for i, (x, mask) in enumerate(levels):
            x = over_channels(self.norms[i], x)
            a, b = x, x
            for classes, sides in zip(*self.towers):
                a, b = classes(a, mask), sides(b, mask)
            logits.append(self.cls(a))
            distances.append(F.relu(self.reg(b) * self.scales[i]))
        joined = [torch.cat(parts, 2).transpose(1, 2) for parts in (logits, distances, [m for _, m in levels])]
        return joined


def focal(x, target):
    p = x.sigmoid()
    loss = F.binary_cross_entropy_with_logits(x, target, reduction="none")
    right = p * target + (1 - p) * (1 - target)
    return (0.25 * target + 0.75 * (1 - target)) * loss * (1 - right) ** 2


def missed(a, b, points, strides):
    (s, e), (t, f) = [(points - x[..., 0] * strides, points + x[..., 1] * strides) for x in (a, b)]
    shared = (torch.minimum(e, f) - torch.maximum(s, t)).clamp(min=0)
    union = (e - s + f - t - shared).clamp(min=1e-7)
    span = torch.maximum(e, f) - torch.minimum(s, t)
    return 1 - shared / union + ((t + f - s - e) / 2) ** 2 / (span * span).clamp(min=1e-7)


strides = torch.cat([torch.full((STEPS >> level,), float(2**level)) for level in range(LEVELS)])
points = torch.cat([torch.arange(STEPS >> level) * float(2**level) for level in range(LEVELS)])
net = Detector()
parameters = sum(p.numel() for p in net.parameters())
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4)
x = torch.rand(BATCH, INPUTS, STEPS) * 2 - 1
mask = torch.ones(BATCH, 1, STEPS)
mask[1, :, 600:] = 0
classes = (torch.rand(BATCH, len(points), CLASSES) < 0.002).float()
sides = torch.rand(BATCH, len(points), 2) * 3

result = {"version": torch.__version__, "parameters": parameters, "forward": [], "training": []}
for _ in range(repeats + 1):
    start = time.perf_counter()
    with torch.no_grad():
        net(x, mask)
    result["forward"].append((time.perf_counter() - start) * 1000)
for _ in range(repeats + 1):
    start = time.perf_counter()
    optimizer.zero_grad()
    logits, distances, valid = net(x, mask)
    valid = valid[..., 0] > 0
    positive = (classes.sum(-1) > 0) & valid
    loss = focal(logits[valid], classes[valid]).sum() / 100
    loss = loss + missed(distances, sides, points, strides)[positive].sum() / 100
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    result["training"].append((time.perf_counter() - start) * 1000)
for name in ("forward", "training"):
    result[name] = result[name][1:]
print(json.dumps(result))
