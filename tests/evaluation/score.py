#!/usr/bin/env python3
"""Score extracted leads against gold conversations.

usage: score.py GOLD_DIR PRED.jsonl [--by variant] [--json] [--errors N]

GOLD_DIR   folder of conversation files (format: conversations.md beside this file).
PRED.jsonl one line per conversation: the output of `confee extract --jsonl`, with "id"
           (format: docs/lead-contract.md).

Per field: true positive, wrong (both filled, values differ), missed, invented (gold empty),
correctly empty; precision = tp/(tp+wrong+invented), recall = tp/(tp+wrong+missed).
Hallucination rate = invented / gold-empty. Standard library only.
"""
import argparse, collections, datetime as dt, glob, json, os, re, sys, unicodedata

LEGAL = {"gmbh", "ag", "inc", "ltd", "llc", "plc", "bv", "nv", "sa", "sas", "srl", "spa", "ab", "as", "oy", "kg", "co", "corp", "corporation", "limited", "company"}
ARTICLES = {"the", "a", "an", "our", "of", "for", "and"}
SCALARS = ["name", "title", "company", "email", "phone", "budget", "timeline", "authority", "next_step"]
LISTS = ["pains", "competitors"]


def fold(s):
    s = unicodedata.normalize("NFKD", str(s)).encode("ascii", "ignore").decode().lower() or str(s).lower()
    return re.sub(r"[^a-z0-9@.+ ]+", " ", s.replace("&", " and "))


def toks(s):
    return [t.strip(".") for t in fold(s).split() if t.strip(".")]


def token_f1(a, b):
    a, b = collections.Counter(a), collections.Counter(b)
    n = sum((a & b).values())
    return 0.0 if not n else 2 * n / (sum(a.values()) + sum(b.values()))


def same_name(p, g):
    return toks(p) == toks(g) or "".join(toks(p)) == "".join(toks(g))


def same_company(p, g):
    strip = lambda s: "".join(t for t in toks(s) if t not in LEGAL) or "".join(toks(s))
    return strip(p) == strip(g)


def same_title(p, g):
    cut = lambda s: [t for t in toks(s) if t not in ARTICLES]
    return token_f1(cut(p), cut(g)) >= 0.8


def same_phone(p, g):
    d = lambda s: re.sub(r"\D", "", str(s)).lstrip("0")
    p, g = d(p), d(g)
    return p == g or (min(len(p), len(g)) >= 7 and (p.endswith(g) or g.endswith(p)))


def interval(v):
    return dt.date.fromisoformat(v["start"]), dt.date.fromisoformat(v["end"])


def same_interval(p, g, near):
    (ps, pe), (gs, ge) = interval(p), interval(g)
    inter = (min(pe, ge) - max(ps, gs)).days + 1
    union = (max(pe, ge) - min(ps, gs)).days + 1
    return inter / union >= 0.5 or (abs((pe - ge).days) <= near and abs((ps - gs).days) <= 2 * near)


def near_amount(p, g):
    return p is None and g is None or (p is not None and g is not None and abs(p - g) <= 0.01 * max(abs(g), 1))


def same_budget(p, g):
    if p.get("status") != g["status"]:
        return False
    if not (near_amount(p.get("min"), g["min"]) and near_amount(p.get("max"), g["max"])):
        return False
    return g["currency"] is None or g["min"] is None and g["max"] is None or p.get("currency") == g["currency"]


def same_step(p, g):
    if p.get("kind") != g["kind"]:
        return False
    if not p.get("due") or not g["due"]:
        return not p.get("due") and not g["due"]
    return same_interval(p["due"], g["due"], 1)


def same_pain(p, g):
    p, g = [t for t in toks(p) if t not in ARTICLES], [t for t in toks(g) if t not in ARTICLES]
    common = sum((collections.Counter(p) & collections.Counter(g)).values())
    return token_f1(p, g) >= 0.5 or (g and common / len(g) >= 0.6 and len(p) <= 4 * len(g))


SAME = {"name": same_name, "title": same_title, "company": same_company,
        "email": lambda p, g: str(p).lower() == g.lower(), "phone": same_phone,
        "budget": same_budget, "timeline": lambda p, g: same_interval(p, g, 7),
        "authority": lambda p, g: p == g, "next_step": same_step}


def field(pred, name):
    """The predicted Field object of a scalar, or None."""
    f = pred.get("contact", {}).get(name) if name in ("name", "title", "company", "email", "phone") else pred.get(name)
    return f if f and f.get("value") is not None else None


def gold_value(gold, name):
    return gold["contact"][name] if name in gold["contact"] else gold[name]


class Score:
    def __init__(self):
        self.c = collections.Counter()

    def add(self, kind, n=1):
        self.c[kind] += n

    def row(self):
        c = self.c
        p = c["tp"] / max(1, c["tp"] + c["wrong"] + c["invented"])
        r = c["tp"] / max(1, c["tp"] + c["wrong"] + c["missed"])
        f = 0.0 if p + r == 0 else 2 * p * r / (p + r)
        h = c["invented"] / max(1, c["invented"] + c["empty"])
        return dict(p=round(p, 3), r=round(r, 3), f1=round(f, 3), invented_rate=round(h, 3), **{k: c[k] for k in ("tp", "wrong", "missed", "invented", "empty")})


def evidence_ok(f, conv):
    spans = f.get("evidence") or []
    if not spans:
        return False
    for e in spans:
        try:
            text = conv["segments"][e["segment"]]["text"]
        except (IndexError, KeyError, TypeError):
            return False
        if not (0 <= e.get("start", -1) < e.get("end", -1) <= len(text)):
            return False
    return True


def score(convs, preds, errors=0):
    fields = {k: Score() for k in SCALARS + LISTS}
    lead_ok = attribution = filled = grounded = 0
    relation = [0, 0]
    calib, shown = [], 0
    for cid, conv in convs.items():
        gold, pred = conv["gold"], preds.get(cid) or {}
        il = pred.get("is_lead")
        il = il.get("value") if isinstance(il, dict) else il
        lead_ok += il == gold["is_lead"]
        for k in SCALARS:
            f, g = field(pred, k), gold_value(gold, k)
            kind = "empty"
            if f and g is not None:
                try:
                    kind = "tp" if SAME[k](f["value"], g) else "wrong"
                except (KeyError, TypeError, ValueError):
                    kind = "wrong"
            elif f:
                kind = "invented"
            elif g is not None:
                kind = "missed"
            fields[k].add(kind)
            if f:
                filled += 1
                grounded += evidence_ok(f, conv)
                calib.append((float(f.get("confidence", 1.0)), kind == "tp"))
                rep = conv.get("rep") or {}
                if k == "name" and rep.get("name") and same_name(f["value"], rep["name"]) or k == "company" and rep.get("company") and same_company(f["value"], rep["company"]):
                    attribution += 1
            if kind in ("wrong", "missed", "invented") and shown < errors:
                shown += 1
                print(f"{cid} {k}: {kind}: got {json.dumps(f and f['value'])} gold {json.dumps(g)}", file=sys.stderr)
        for k in LISTS:
            ps = [p for p in (pred.get(k) or []) if p.get("value") is not None]
            gs = list(gold[k])
            if not gs and not ps:
                fields[k].add("empty")
            for p in ps:
                filled += 1
                grounded += evidence_ok(p, conv)
                v = p["value"]
                hit = next((g for g in gs if (same_pain(p.get("text") or v, g) or same_pain(v, g)) ), None) if k == "pains" else next((g for g in gs if same_company(v["name"] if isinstance(v, dict) else v, g["name"])), None)
                if hit is not None:
                    gs.remove(hit)
                    fields[k].add("tp")
                    if k == "competitors":
                        relation[1] += 1
                        relation[0] += isinstance(v, dict) and v.get("relation") == hit["relation"]
                else:
                    fields[k].add("invented")
                calib.append((float(p.get("confidence", 1.0)), hit is not None))
            fields[k].add("missed", len(gs))
    rows = {k: s.row() for k, s in fields.items()}
    total = Score()
    for s in fields.values():
        total.c.update(s.c)
    calib.sort(reverse=True)
    bins, n = [calib[i * len(calib) // 10:(i + 1) * len(calib) // 10] for i in range(10)], max(1, len(calib))
    ece = sum(len(b) / n * abs(sum(c for c, _ in b) / len(b) - sum(o for _, o in b) / len(b)) for b in bins if b)
    cover = best = ok = 0
    for i, (_, o) in enumerate(calib, 1):
        ok += o
        if ok / i >= 0.95:
            best = i
    cover = best / n
    return {"conversations": len(convs), "fields": rows, "micro": total.row(),
            "macro_f1": round(sum(r["f1"] for r in rows.values()) / len(rows), 3),
            "is_lead_accuracy": round(lead_ok / max(1, len(convs)), 3),
            "competitor_relation_accuracy": round(relation[0] / max(1, relation[1]), 3),
            "attribution_errors": attribution, "evidence_valid": round(grounded / max(1, filled), 3),
            "ece": round(ece, 3), "coverage_at_95_precision": round(cover, 3)}


def show(title, s):
    print(f"== {title}: {s['conversations']} conversations")
    print(f"{'field':12} {'P':>6} {'R':>6} {'F1':>6} {'invent':>6}   tp wrong missed invented empty")
    for k, r in list(s["fields"].items()) + [("MICRO", s["micro"])]:
        print(f"{k:12} {r['p']:6.3f} {r['r']:6.3f} {r['f1']:6.3f} {r['invented_rate']:6.3f}   {r['tp']:3d} {r['wrong']:4d} {r['missed']:5d} {r['invented']:6d} {r['empty']:6d}")
    for k in ("macro_f1", "is_lead_accuracy", "competitor_relation_accuracy", "attribution_errors", "evidence_valid", "ece", "coverage_at_95_precision"):
        print(f"{k}: {s[k]}")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("gold")
    a.add_argument("pred")
    a.add_argument("--by", choices=["variant"])
    a.add_argument("--json", action="store_true")
    a.add_argument("--errors", type=int, default=0)
    a = a.parse_args()
    convs = {}
    for f in sorted(glob.glob(os.path.join(a.gold, "*.json"))):
        c = json.load(open(f))
        convs[c["id"]] = c
    preds = {}
    for line in open(a.pred):
        if line.strip():
            p = json.loads(line)
            preds[p["id"]] = p
    missing = [c for c in convs if c not in preds]
    if missing:
        print(f"warning: no prediction for {len(missing)} conversations", file=sys.stderr)
    out = {"all": score(convs, preds, a.errors)}
    if a.by:
        for v in sorted({c[a.by] for c in convs.values()}):
            out[v] = score({i: c for i, c in convs.items() if c[a.by] == v}, preds)
    if a.json:
        print(json.dumps(out, indent=1))
    else:
        for t, s in out.items():
            show(t, s)


if __name__ == "__main__":
    main()
