"""What PyTorch computes, for the tests beside this folder: python fromTorch.py > fromTorch.json (torch 2.15.0, CPU).

Everything in float64 unless said. Weights a [2, 3] and b [3]; b has no gradient in step 2.
"""
import json
import math
import torch
from torch.optim.lr_scheduler import ChainedScheduler, CosineAnnealingLR, LinearLR, MultiStepLR

torch.manual_seed(52)
SHAPES = {'a': [2, 3], 'b': [3]}
STEPS = 6
draw = lambda shape: (torch.randn(shape) * 100).round().double() / 100
weights = {name: draw(shape) for name, shape in SHAPES.items()}
gradients = [{name: draw(shape) for name, shape in SHAPES.items()} for _ in range(STEPS)]
gradients[1]['a'][0, 0] = 0.0
del gradients[2]['b']
flat = lambda tensors: {name: tensor.flatten().tolist() for name, tensor in tensors.items()}


def run(make):
    """The weights after every step."""
    p = {name: torch.nn.Parameter(value.clone()) for name, value in weights.items()}
    optimizer = make(p)
    trace = []
    for step in gradients:
        for name, parameter in p.items():
            parameter.grad = step[name].clone() if name in step else None
        optimizer.step()
        trace.append(flat({name: parameter.detach() for name, parameter in p.items()}))
    return trace


def rates(make, steps, base):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = make(optimizer)
    trace = []
    for _ in range(steps):
        trace.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        scheduler.step()
    return trace


def clip(max_norm):
    p = [torch.nn.Parameter(value.clone()) for value in weights.values()]
    for parameter, gradient in zip(p, gradients[0].values()):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(p, max_norm).item()
    return {'maxNorm': max_norm, 'norm': norm, 'clipped': flat({n: q.grad for n, q in zip(weights, p)})}


def loss_scale():
    """The scale before every step; steps where `overflow` is true have one infinite gradient."""
    scaler = torch.amp.GradScaler('cpu', init_scale=65536.0, growth_interval=3)
    overflow = [bool(int(c)) for c in '0001001100000011111']
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.SGD([parameter], lr=0.5)
    scales, trace = [], []
    for over in overflow:
        scales.append(scaler.scale(torch.ones(())).item())
        parameter.grad = torch.tensor([1.0, 2.0, math.inf if over else 3.0]) * scales[-1]
        scaler.step(optimizer)
        scaler.update()
        trace.append(parameter.detach().tolist())
    return {'growthInterval': 3, 'overflow': overflow, 'scales': scales, 'weights': trace}


def ema(decay):
    """OpenTAD's rule, average.copy_(decay * average + (1 - decay) * value), in float32 and on int64 averages."""
    values = [torch.randn(4) for _ in range(5)]
    average, averages = values[0].clone(), []
    # The last stays 3, but 0.9 * 3 + 0.1 * 3 is 2.9999998 in float32: its average falls to 2.
    counts = [[100, 0, 7, 123456, 3], [100, 1, 6, 123457, 3], [100, 2, 5, 123458, 3], [99, 2000, 5, 123459, 3],
              [98, 90000, 5, 123460, 3]]
    floats = [[100.0], [94.6], [90.74], [1e4], [8.8e3]]
    count, count_trace = torch.tensor(counts[0]), []
    whole, whole_trace = torch.tensor([int(floats[0][0])]), []
    for value, c, f in zip(values[1:], counts[1:], floats[1:]):
        average.copy_(decay * average + (1.0 - decay) * value)
        count.copy_(decay * count + (1.0 - decay) * torch.tensor(c))
        whole.copy_(decay * whole + (1.0 - decay) * torch.tensor(f))
        averages.append(average.tolist())
        count_trace.append(count.tolist())
        whole_trace.append(whole.tolist())
    return {
        'decay': decay, 'values': [v.tolist() for v in values], 'averages': averages,
        'counts': counts, 'countAverages': count_trace, 'floats': floats, 'truncatedAverages': whole_trace,
    }


groups = lambda p, **b: [{'params': [p['a']]}, {'params': [p['b']], **b}]
print(json.dumps({
    'made': f'python fromTorch.py, torch {torch.__version__.split("+")[0]}, CPU',
    'weights': flat(weights),
    'gradients': [flat(step) for step in gradients],
    'adamW': run(lambda p: torch.optim.AdamW(groups(p, lr=0.04, weight_decay=0.0), lr=0.01, weight_decay=0.05)),
    'adam': run(lambda p: torch.optim.Adam(p.values(), lr=0.02, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1)),
    'sgd': run(lambda p: torch.optim.SGD(p.values(), lr=0.1, weight_decay=0.01)),
    'momentum': run(lambda p: torch.optim.SGD(groups(p, momentum=0.5), lr=0.1, momentum=0.9, weight_decay=0.01)),
    'nesterov': run(lambda p: torch.optim.SGD(p.values(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)),
    'clip': [clip(0.5), clip(100.0)],
    'lossScale': loss_scale(),
    'ema': [ema(0.999), ema(0.9)],
    'multiStep': rates(lambda o: MultiStepLR(o, [3, 7], gamma=0.1), 10, 0.5),
    'warmMultiStep': rates(
        lambda o: ChainedScheduler([LinearLR(o, start_factor=0.1, total_iters=4), MultiStepLR(o, [3, 7], gamma=0.1)]),
        10, 0.5),
    'cosine': rates(lambda o: CosineAnnealingLR(o, 10, eta_min=0.001), 11, 0.5),
}, indent=None, separators=(',', ':')))
