"""The comparator of window.ts: VideoMAE-S with adapters in PyTorch. Prints one JSON line: milliseconds of every run."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

threads, repeats = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
SIDE, WIDTH, HEADS, DEPTH, HIDDEN, CLIP = 10, 384, 6, 12, 96, 16
TOKENS = 8 * SIDE * SIDE


class OverTime(nn.Module):
    """Depth-wise, then of all channels, along the steps of the whole window at every place."""

    def __init__(self):
        super().__init__()
        self.dwconv = nn.Conv1d(HIDDEN, HIDDEN, 3, padding=1, groups=HIDDEN)
        self.conv = nn.Conv1d(HIDDEN, HIDDEN, 1)

    def forward(self, z):
        steps = z.shape[0] * z.shape[1] // (SIDE * SIDE)
        x = z.reshape(steps, SIDE * SIDE, HIDDEN).permute(1, 2, 0)
        return self.conv(self.dwconv(x)).permute(2, 0, 1).reshape(z.shape)


class OverSpace(nn.Module):
    def __init__(self):
        super().__init__()
        self.dwconv = nn.Conv2d(HIDDEN, HIDDEN, 3, padding=1, groups=HIDDEN)

    def forward(self, z):
        x = z.reshape(-1, SIDE, SIDE, HIDDEN).permute(0, 3, 1, 2)
        return self.dwconv(x).permute(0, 2, 3, 1).reshape(z.shape)


class Tia(nn.Module):
    def __init__(self):
        super().__init__()
        self.down, self.up, self.time = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH), OverTime()
        self.gamma = nn.Parameter(torch.ones(1))

    def forward(self, x):
        z = F.gelu(self.down(x))
        return x + self.gamma * self.up(z + self.time(z))


class Dsta(nn.Module):
    def __init__(self):
        super().__init__()
        self.downs = nn.ModuleList(nn.Linear(WIDTH, HIDDEN) for _ in range(2))
        self.space, self.time, self.up = OverSpace(), OverTime(), nn.Linear(2 * HIDDEN, WIDTH)
        self.alpha, self.beta, self.gamma = (nn.Parameter(torch.ones(1)) for _ in range(3))

    def forward(self, x):
        s, t = (F.gelu(down(x)) for down in self.downs)
        both = torch.cat([self.beta * (self.space(s) + s), self.gamma * (self.time(t) + t)], -1)
        return x + self.alpha * self.up(both)


class Block(nn.Module):
    def __init__(self, adapter):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.adapter = adapter()

    def forward(self, x):
        qkv = self.qkv(self.norm1(x)).reshape(-1, TOKENS, 3, HEADS, WIDTH // HEADS)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v)
        else:
            y = ((q * (WIDTH // HEADS) ** -0.5) @ k.transpose(-2, -1)).softmax(-1) @ v
        x = x + self.proj(y.transpose(1, 2).reshape(-1, TOKENS, WIDTH))
        return self.adapter(x + self.fc2(F.gelu(self.fc1(self.norm2(x)))))


class Backbone(nn.Module):
    def __init__(self, adapter, checkpointed=False):
        super().__init__()
        self.checkpointed = checkpointed
        self.patch = nn.Conv3d(3, WIDTH, (2, 16, 16), (2, 16, 16))
        self.positions = nn.Parameter(torch.rand(1, TOKENS, WIDTH), requires_grad=False)
        self.blocks = nn.Sequential(*[Block(adapter) for _ in range(DEPTH)])
        for name, parameter in self.named_parameters():
            parameter.requires_grad_("adapter" in name)

    def forward(self, frames):
        """frames: [3, T, H, W], uint8 -> [WIDTH, T]"""
        mean = torch.tensor([123.675, 116.28, 103.53]).reshape(3, 1, 1, 1)
        std = torch.tensor([58.395, 57.12, 57.375]).reshape(3, 1, 1, 1)
        x = (frames.float() - mean) / std
        clips = x.reshape(3, -1, CLIP, *x.shape[2:]).transpose(0, 1)
        x = self.patch(clips).flatten(2).transpose(1, 2) + self.positions
        for block in self.blocks:
            # As in the official recipe: what is inside of a block is computed once more for the reverse pass.
            x = checkpoint(block, x, use_reentrant=False) if self.checkpointed else block(x)
        x = x.reshape(-1, SIDE * SIDE, WIDTH).mean(1).T
        return F.interpolate(x[None], size=frames.shape[1], mode="linear", align_corners=False)[0]


def timed(run):
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return times[1:]


def forward(net, frames):
    with torch.no_grad():
        net(frames)


def step(net, optimizer, frames):
    optimizer.zero_grad(set_to_none=True)
    net(frames).square().mean().backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()


def pictures(count):
    return torch.randint(0, 256, (3, count, SIDE * 16, SIDE * 16), dtype=torch.uint8)


result = {"version": torch.__version__}
plain = Backbone(nn.Identity)
result["forward"] = timed(lambda: forward(plain, pictures(16)))
for name, adapter in (("tia", Tia), ("dsta", Dsta)):
    for checkpointed in (False, True):
        net = Backbone(adapter, checkpointed)
        adamw = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=1e-4)
        window = pictures(96)
        result[name + " recomputed" * checkpointed] = timed(lambda: step(net, adamw, window))
print(json.dumps(result))
