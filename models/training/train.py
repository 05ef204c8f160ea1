"""Trains the extractor's model. Goes on from its last checkpoint.

    python train.py --encoder FOLDER --out FOLDER [--epochs N] [--held-out WRITER,...]
"""
import argparse
import collections
import random
import time
from pathlib import Path

import torch
from torch.nn import functional as f

import labels
import model as m
import swap
import talkfile
import views
import windows as w

HERE = Path(__file__).parent
SHARES = {"clean": 0.2, "lower": 0.12, "whisper": 0.38, "asr": 0.3}
WEIGHTS = {"entity": 1.0, "entity_kind": 1.0, "clause": 1.0, "clause_kind": 0.7, "state": 0.5, "role": 0.3, "lead": 0.3, "authority": 0.3}
TOKENS_A_STEP = 2048
# Most tokens are outside of every span; weighed alike they would drown the others.
OUTSIDE = 0.5


def arguments():
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--encoder", type=Path, required=True, help="folder with config.json, vocab.txt and model.safetensors of MiniLM")
    given.add_argument("--out", type=Path, required=True, help="folder of checkpoints")
    given.add_argument("--begin", type=Path, help="checkpoint of another training to begin with")
    given.add_argument("--epochs", type=int, default=12)
    given.add_argument("--held-out", default="", help="writers whose talks only measure")
    given.add_argument("--threads", type=int, default=2)
    given.add_argument("--views", type=int, default=1, help="views of each talk in an epoch")
    return given.parse_args()


def talks(folder):
    return [talk for path in sorted(folder.glob("*.talk")) for talk in talkfile.read(path)]


def epoch_windows(tokens, found, seed, count):
    """Each talk in some views, often with other names; the same for the same seed."""
    rng = random.Random(seed)
    products = swap.pool(found)
    for talk in found:
        for _ in range(count):
            changed = swap.swapped(talk, rng, products) if rng.random() < 0.6 else talk
            kind = rng.choices(list(SHARES), SHARES.values())[0]
            yield from w.windows(tokens, changed, views.view(changed, kind, rng))


def batches(found, rng):
    """Windows of like length together, a step's worth of tokens at a time, in any order."""
    found = sorted(found, key=lambda window: len(window.ids) + rng.random())
    packs = [[]]
    for window in found:
        if packs[-1] and (len(packs[-1]) + 1) * len(window.ids) > TOKENS_A_STEP:
            packs.append([])
        packs[-1].append(window)
    rng.shuffle(packs)
    return packs


def tensors(pack, device):
    ids, mask, wanted = w.batch(pack)
    to = lambda array: torch.from_numpy(array).to(device)
    return to(ids), to(mask), {head: to(values) for head, values in wanted.items()}


def loss_of(logits, wanted):
    """Weighted sum over the heads; a head without labels in the batch adds nothing."""
    total = 0
    for head, weight in WEIGHTS.items():
        flat, labels_of = logits[head].flatten(0, -2), wanted[head].flatten()
        classes = torch.ones(flat.shape[-1], device=flat.device)
        if head in ("entity", "clause"):
            classes[0] = OUTSIDE
        known = labels_of[labels_of != w.NOTHING]
        count = classes[known].sum().clamp(min=1)
        total = total + weight * f.cross_entropy(flat, labels_of, classes, ignore_index=w.NOTHING, reduction="sum") / count
    return total


def spans(classes, begin_of):
    """(class, start, end) from a row of BIO numbers, I after another class begins anew."""
    found, last = [], None
    for at, number in enumerate([*classes, 0]):
        kind = begin_of(number)
        if last and (kind != last[0] or number % 2 == 1):
            found.append((*last, at))
            last = None
        if kind is not None and last is None:
            last = (kind, at)
    return {(kind, start, end) for kind, start, end in found}


@torch.no_grad()
def measure(model, found, device):
    """F1 of spans by class, share of right kinds, of roles, leads and authorities."""
    model.eval()
    count = collections.Counter()
    for pack in batches(found, random.Random(0)):
        ids, mask, wanted = tensors(pack, device)
        logits = model(ids, mask)
        best = {head: values.argmax(-1).cpu() for head, values in logits.items()}
        for row, window in enumerate(pack):
            size = len(window.ids)
            for head, names in (("entity", labels.ENTITIES), ("clause", labels.CLAUSES)):
                kind_of = lambda number: names[(number - 1) // 2] if number > 0 else None
                mine = spans(best[head][row, :size].tolist(), kind_of)
                true = spans([max(0, label) for label in window.labels[head]], kind_of)
                for name in names:
                    count[name, "tp"] += sum(span[0] == name for span in mine & true)
                    count[name, "mine"] += sum(span[0] == name for span in mine)
                    count[name, "true"] += sum(span[0] == name for span in true)
        for head in ("entity_kind", "clause_kind", "state", "role", "lead", "authority"):
            labelled = wanted[head].cpu() != w.NOTHING
            count[head, "right"] += int((best[head][labelled] == wanted[head].cpu()[labelled]).sum())
            count[head, "all"] += int(labelled.sum())
    model.train()
    f1 = {name: 2 * count[name, "tp"] / max(1, count[name, "mine"] + count[name, "true"]) for name in labels.ENTITIES + labels.CLAUSES}
    right = {head: count[head, "right"] / max(1, count[head, "all"]) for head in ("entity_kind", "clause_kind", "state", "role", "lead", "authority")}
    return f1 | right


def optimizer_of(model, steps):
    heads = [p for name, p in model.named_parameters() if name.startswith("heads.")]
    encoder = [p for name, p in model.named_parameters() if not name.startswith("heads.")]
    optimizer = torch.optim.AdamW([{"params": encoder, "lr": 1e-4}, {"params": heads, "lr": 1e-3}], weight_decay=0.01)
    warm = max(1, steps // 15)
    shape = lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, shape)


def main():
    given = arguments()
    torch.manual_seed(0)
    torch.set_num_threads(given.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokens = w.Tokens(w.vocabulary(given.encoder))
    everything = talks(HERE / "talks")
    held = set(given.held_out.split(",")) - {""}
    learn = [talk for talk in everything if talk.ident.split("-")[0] not in held]
    check = [talk for talk in everything if talk.ident.split("-")[0] in held]
    checks = {kind: [window for talk in check for window in w.windows(tokens, talk, views.view(talk, kind, random.Random(talk.ident)))]
              for kind in views.VIEWS} if check else {}
    model = m.pretrained(given.encoder).to(device)
    if given.begin:
        model.load_state_dict(torch.load(given.begin, map_location=device)["model"])
    per_epoch = len(batches(list(epoch_windows(tokens, learn, 0, given.views)), random.Random(0)))
    optimizer, schedule = optimizer_of(model, per_epoch * given.epochs)
    given.out.mkdir(parents=True, exist_ok=True)
    last = given.out / "last.pt"
    begin = 0
    if last.exists():
        kept = torch.load(last, map_location=device)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        schedule.load_state_dict(kept["schedule"])
        begin = kept["epoch"] + 1
    print(f"{len(learn)} talks to learn from, {len(check)} held out, {per_epoch} steps an epoch, on {device}", flush=True)
    for epoch in range(begin, given.epochs):
        started, total = time.time(), 0.0
        packs = batches(list(epoch_windows(tokens, learn, epoch, given.views)), random.Random(epoch))
        for step, pack in enumerate(packs):
            ids, mask, wanted = tensors(pack, device)
            loss = loss_of(model(ids, mask), wanted)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
            if step % 20 == 19:
                print(f"  {step + 1}/{len(packs)} loss {total / (step + 1):.3f}, {time.time() - started:.0f} s", flush=True)
        print(f"epoch {epoch}: loss {total / len(packs):.3f}, {time.time() - started:.0f} s", flush=True)
        for kind, found in checks.items() if epoch % 3 == 2 or epoch == given.epochs - 1 else ():
            print(f"  {kind:8}" + " ".join(f"{name} {value:.2f}" for name, value in measure(model, found, device).items()), flush=True)
        kept = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "epoch": epoch}
        torch.save(kept, last.with_suffix(".new"))
        last.with_suffix(".new").rename(last)


if __name__ == "__main__":
    main()
