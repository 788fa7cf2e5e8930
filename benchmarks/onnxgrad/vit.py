"""The comparator of vit.ts: the same network in PyTorch. Prints one JSON line: milliseconds of every run."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

threads, repeats = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
BATCH, TOKENS, WIDTH, HEADS, DEPTH, HIDDEN = 2, 800, 384, 6, 12, 96


class Adapter(nn.Module):
    """y = x + scale * up(gelu(down(x)))"""

    def __init__(self):
        super().__init__()
        self.down_proj, self.up_proj = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        self.gamma = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return x + self.gamma * self.up_proj(F.gelu(self.down_proj(x)))


class Block(nn.Module):
    def __init__(self, adapter):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.adapter = Adapter() if adapter else nn.Identity()

    def forward(self, x):
        qkv = self.qkv(self.norm1(x)).reshape(BATCH, TOKENS, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v)
        else:
            y = ((q * (WIDTH // HEADS) ** -0.5) @ k.transpose(-2, -1)).softmax(-1) @ v
        x = x + self.proj(y.transpose(1, 2).reshape(BATCH, TOKENS, WIDTH))
        return self.adapter(x + self.fc2(F.gelu(self.fc1(self.norm2(x)))))


def network(kind):
    net = nn.Sequential(*[Block(kind == "adapter") for _ in range(DEPTH)])
    if kind == "adapter":
        for name, parameter in net.named_parameters():
            parameter.requires_grad_("adapter" in name)
    return net


x = torch.rand(BATCH, TOKENS, WIDTH) * 2 - 1
result = {"version": torch.__version__}
for kind in ("forward", "adapter", "full"):
    net = network(kind)
    optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=1e-5)
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        if kind == "forward":
            with torch.no_grad():
                net(x)
        else:
            optimizer.zero_grad(set_to_none=True)
            net(x).square().mean().backward()
            optimizer.step()
        times.append(1000 * (time.perf_counter() - start))
    result[kind] = times[1:]
print(json.dumps(result))
