"""The weighted mean of checkpoints: `python average.py A.pt 0.2 B.pt 0.8 OUT.pt`."""

import sys

import torch


def main():
    *parts, out = sys.argv[1:]
    models = [(torch.load(path), float(weight)) for path, weight in zip(parts[::2], parts[1::2])]
    mean = {
        name: sum(weight * model[name] for model, weight in models) if value.is_floating_point() else value
        for name, value in models[-1][0].items()
    }
    torch.save(mean, out)


if __name__ == "__main__":
    main()
