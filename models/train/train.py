"""Trains the model: names and attributions from one reading. Run `python train.py --help`."""

import argparse
import json
import math
import random
import time
from types import SimpleNamespace

import torch
from torch.nn import functional as F

import data
from decode import evaluate_dev
from exported import state_of
from model import Crf, Model
from teacher import Teacher


MASK = 103  # the piece [MASK]


def hide(pieces, lengths, share):
    """Some pieces become [MASK], so that their neighbours have to tell."""
    chosen = torch.rand(pieces.shape) < share
    chosen[:, 0] = False
    chosen &= torch.arange(pieces.shape[1])[None, :] < lengths[:, None] - 1
    return torch.where(chosen, torch.tensor(MASK), pieces)


def collate(batch):
    n = max(len(w.pieces) for w in batch)
    m = max(len(w.words) for w in batch)
    pieces = torch.zeros(len(batch), n, dtype=torch.long)
    types = torch.zeros(len(batch), n, dtype=torch.long)
    words = torch.zeros(len(batch), m, dtype=torch.long)
    mask = torch.zeros(len(batch), m)
    for i, w in enumerate(batch):
        pieces[i, : len(w.pieces)] = torch.tensor(w.pieces)
        types[i, : len(w.types)] = torch.tensor(w.types)
        words[i, : len(w.words)] = torch.tensor(w.words)
        mask[i, : len(w.words)] = 1
    return pieces, types, words, mask, torch.tensor([len(w.pieces) for w in batch])


def link_loss(model, batch, vectors, rows):
    losses, modes = [], []
    for i in rows:
        words = vectors[i, : len(batch[i].words)]
        links = batch[i].links
        if not links:
            continue
        end = len(words)
        for kind, pick in ((0, 2), (1, 1)):
            some = [l for l in links if l[pick] >= -1]
            if some:
                starts = torch.tensor([c for l in some for c in l[0]])
                gold = torch.tensor([l[pick] if l[pick] >= 0 else end for l in some for _ in l[0]])
                losses.append(F.cross_entropy(model.link_scores(starts, words, kind), gold, reduction="sum"))
        starts = torch.tensor([c for l in links for c in l[0]])
        gold = torch.tensor([l[0][0] if n else end for l in links for n, _ in enumerate(l[0])])
        losses.append(F.cross_entropy(model.link_scores(starts, words, 2), gold, reduction="sum"))
        known = [l for l in links if l[3] >= 0]
        if known:
            content = words[torch.tensor([l[0][0] for l in known])]
            cue = torch.stack([words[l[1]] if l[1] >= 0 else torch.zeros_like(words[0]) for l in known])
            modes.append(F.cross_entropy(model.mode_scores(content, cue), torch.tensor([l[3] for l in known]), reduction="sum"))
    return sum(losses) if losses else 0.0, sum(modes) if modes else 0.0


SHARPER = 2.0  # links that are learned as doubtful as a teacher's grow blunt: a wrong source beside 0.44


def taught_link_loss(model, window, words):
    """How far the links of one window are from those that a teacher gives it."""
    begins, scores = window.taught["links"]
    if not begins:
        return 0.0
    rows = torch.tensor(begins)
    theirs = (SHARPER * torch.from_numpy(scores)).softmax(-1)
    return sum(
        F.cross_entropy(model.link_scores(rows, words, kind), theirs[:, kind], reduction="sum")
        for kind in range(theirs.shape[1])
    )


TAUGHT = 0.5  # the teacher's part in what is learned where there is gold


def padded(rows, shape, dtype):
    """Rows of different lengths as one tensor; None is a row of zeros."""
    out = torch.zeros(shape, dtype=dtype)
    for to, row in zip(out, rows):
        if row is not None:
            to[: len(row)] = torch.as_tensor(row)
    return out


def target_score(crf, batch, rows, name, scores, mask, teacher):
    """The score of what each window should be labelled: gold, or what a teacher takes it for."""
    gold = [getattr(batch[i], name) for i in rows]
    theirs = [batch[i].taught.get(name) for i in rows]
    # The part of the teacher; what a row lacks weighs nothing.
    part = torch.tensor([0.0 if t is None else 1.0 if g is None else TAUGHT for g, t in zip(gold, theirs)])
    out = (1 - part) * crf.gold_score(scores, padded(gold, scores.shape[:2], torch.long), mask)
    if part.any():
        theirs = padded(theirs, scores.shape, torch.float)
        nodes, moves = getattr(teacher, name + "_crf").marginals(theirs, mask)
        out = out + part * crf.expected_score(scores, nodes, moves, mask)
    return out


def step(model, batch, dtype, hidden_share=0.0, teacher=None):
    pieces, types, words, mask, lengths = collate(batch)
    if hidden_share:
        pieces = hide(pieces, lengths, hidden_share)
    with torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
        hidden = model.encode(pieces, types, lengths)
    hidden = hidden.float()
    vectors = hidden.gather(1, words[..., None].expand(-1, -1, hidden.shape[-1]))
    vectors = F.dropout(vectors, 0.1, model.training)
    total = 0.0
    parts = {}
    for name in "ner", "roles":
        rows = [i for i, w in enumerate(batch) if getattr(w, name) is not None or name in w.taught]
        if not rows:
            continue
        at = torch.tensor(rows)
        crf = getattr(model, name + "_crf")
        scores = getattr(model, name)(vectors[at])
        loss = crf.log_z(scores, mask[at]) - target_score(crf, batch, rows, name, scores, mask[at], teacher)
        loss = loss.sum()
        parts[name] = loss.item() / mask[at].sum().item()
        total = total + loss
        if name == "roles":
            link, mode = link_loss(model, batch, vectors, [i for i in rows if batch[i].roles is not None])
            total = total + 0.5 * link + 0.5 * mode
            for i in rows:
                if batch[i].roles is None and "links" in batch[i].taught:
                    words = vectors[i, : len(batch[i].words)]
                    total = total + 0.5 * taught_link_loss(model, batch[i], words)
    return total / mask.sum(), parts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpora", required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--stop", type=int, help="ends after so many epochs of the schedule")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--pieces", type=int, default=6144, help="pieces a batch")
    parser.add_argument("--unmarked", type=float, default=0.4)
    parser.add_argument("--average", type=float, default=0.998)
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", help="a checkpoint to go on from, with a new schedule")
    parser.add_argument("--hide", type=float, default=0.0, help="share of pieces that are hidden")
    parser.add_argument("--attention-dropout", type=float, default=0.0)
    parser.add_argument("--model", help="a folder with an exported model to go on from")
    parser.add_argument("--unlabelled", type=float, default=0.6, help="share of texts that only a teacher labelled")
    parser.add_argument("--share", nargs="+", default=[], metavar="CORPUS=PART", help="shares of corpora an epoch")
    parser.add_argument("--teacher", help="the folder of MPNet, to train a teacher instead")
    parser.add_argument("--taught", nargs="+", default=[], help="what teachers read in texts, by teach.py")
    parser.add_argument("--limit", type=int, default=0, help="documents a corpus, to try things")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(2)
    rng = random.Random(args.seed)
    dtype = torch.float32 if args.float32 else torch.bfloat16
    tokenizer = data.load_tokenizer(args.base)
    modes = data.modes_of(f"{args.corpora}/polnear-speakers.train.jsonl")
    corpora = {
        name: data.load(tokenizer, f"{args.corpora}/{name}.train.jsonl", modes)
        for name in ("polnear", "conllpp", "riqua")
    }
    if args.limit:
        corpora = {k: v[: args.limit] for k, v in corpora.items()}
    teacher = None
    if args.taught:
        teacher = SimpleNamespace(ner_crf=Crf(data.NER_LABELS), roles_crf=Crf(data.ROLE_LABELS))
    for path in args.taught:
        taught = torch.load(path, weights_only=False)
        for name, found in taught["scores"].items():
            if name not in corpora:  # only a teacher has labelled it
                texts = f"{args.corpora}/{name}.train.jsonl"
                corpora[name] = data.load(tokenizer, texts, unlabelled=True)
            for pair, scores in zip(corpora[name], found):
                for seq, heads in zip(pair, scores):
                    seq.taught |= heads
        for head, state in taught["crfs"].items():
            getattr(teacher, head + "_crf").load_state_dict(state)
    if args.teacher:
        model = Teacher(args.teacher, args.base, args.attention_dropout)
    else:
        model = Model(args.base, attention_dropout=args.attention_dropout)
    if args.resume:
        model.load_state_dict(torch.load(args.resume))
    if args.model:
        model.load_state_dict(state_of(args.model, model))
    # Their gradients would cost a sixth of the time.
    model.words.requires_grad_(False)
    model.positions.requires_grad_(False)
    heads = [p for n, p in model.named_parameters() if n.split(".")[0] not in ("words", "positions", "types", "norm", "layers") or n.startswith("types")]
    body = [p for p in model.parameters() if p.requires_grad and not any(p is h for h in heads)]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": args.rate}, {"params": heads, "lr": args.head_rate}], weight_decay=0.01, fused=True
    )
    chance = {"polnear": args.unmarked, "conllpp": 0.1, "riqua": 0.15}

    share = {"polnear": 1.0, "conllpp": 1.0, "riqua": 0.5}
    share |= {name: float(part) for name, part in (given.split("=") for given in args.share)}

    def epoch():
        found = []
        for name, pairs in corpora.items():
            for pair in pairs:
                if rng.random() >= share.get(name, args.unlabelled):
                    continue
                seq = pair[rng.random() < chance.get(name, args.unmarked)]
                found += data.windows(seq, args.length, rng)
        # Windows of similar length together: little padding.
        found.sort(key=lambda w: len(w.pieces) + rng.random() * 24)
        batches, batch = [], []
        for w in found:
            if batch and len(w.pieces) * (len(batch) + 1) > args.pieces:
                batches.append(batch)
                batch = []
            batch.append(w)
        batches.append(batch)
        rng.shuffle(batches)
        return batches

    plan = [epoch() for _ in range(args.epochs)]
    steps = sum(map(len, plan))
    warm = max(1, steps // 12)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / max(1, steps - warm)))
    )
    average = {k: v.clone() for k, v in model.state_dict().items()}
    log = open(f"{args.out}/log.txt", "a")

    def say(line):
        print(line, flush=True)
        print(line, file=log, flush=True)

    say(json.dumps(vars(args)))
    done, begun, shown = 0, time.time(), time.time()
    sums = {}
    for number, batches in enumerate(plan):
        model.train()
        pieces = 0
        for batch in batches:
            loss, parts = step(model, batch, dtype, args.hide, teacher)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done += 1
            pieces += sum(len(w.pieces) for w in batch)
            if done % 4 == 0:
                keep = min(args.average, (1 + done) / (10 + done)) ** 4
                with torch.no_grad():
                    for k, v in model.named_parameters():
                        if v.requires_grad:
                            average[k].lerp_(v, 1 - keep)
            for k, v in parts.items():
                old = sums.get(k, v)
                sums[k] = 0.98 * old + 0.02 * v
            if time.time() - shown > 60:
                shown = time.time()
                say(f"epoch {number} step {done}/{steps} {(time.time() - begun) / 60:.1f} min "
                    f"loss {loss.item():.4f} {({k: round(v, 4) for k, v in sums.items()})}")
        torch.save(average, f"{args.out}/last.pt")
        if number + 1 == args.stop:
            break
    model.load_state_dict(average)
    say(json.dumps(evaluate_dev(model, tokenizer, args.corpora)))


if __name__ == "__main__":
    main()
