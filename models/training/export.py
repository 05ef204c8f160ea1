"""Writes a trained model as a GGUF file with its vocabulary and the names of its outputs.

    python export.py --encoder FOLDER --checkpoint last.pt --out extractor.gguf

Matrices are stored as Q8_0 (blocks of 32 values with one scale), norms, biases and heads as f32.
"""
import argparse
from pathlib import Path

import gguf
import numpy as np
import torch

import labels
import model as m
import windows as w

ARCHITECTURE = "confee-extractor"
NAMES = {"entity": labels.ENTITIES, "entity_kind": labels.ENTITY_KINDS, "clause": labels.CLAUSES, "clause_kind": labels.CLAUSE_KINDS,
         "state": labels.STEP_STATES, "role": labels.ROLES, "authority": labels.AUTHORITIES}


def describe(writer, model, vocabulary):
    config = model.config
    numbers = {"context_length": config["max_position_embeddings"], "embedding_length": config["hidden_size"],
               "feed_forward_length": config["intermediate_size"], "block_count": config["num_hidden_layers"],
               "attention.head_count": config["num_attention_heads"], "window": w.LENGTH, "overlap": w.OVERLAP, "most_rep": w.MOST_REP}
    for key, value in numbers.items():
        writer.add_uint32(f"{ARCHITECTURE}.{key}", value)
    for head, names in NAMES.items():
        writer.add_array(f"{ARCHITECTURE}.{head}", names)
    writer.add_array("tokenizer.ggml.tokens", vocabulary)


def tensors(model):
    """Name and values of each tensor; matrices of the encoder are to be quantized."""
    words = model.words.weight + model.kinds.weight[0]
    yield "words", words, True
    for name, value in model.state_dict().items():
        if name.startswith(("words.", "kinds.")):
            continue
        yield name, value, value.dim() == 2 and name.startswith("layers.")


def main():
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--encoder", type=Path, required=True)
    given.add_argument("--checkpoint", type=Path, required=True)
    given.add_argument("--out", type=Path, required=True)
    given = given.parse_args()
    model = m.pretrained(given.encoder)
    model.load_state_dict(torch.load(given.checkpoint, map_location="cpu")["model"])
    writer = gguf.GGUFWriter(given.out, ARCHITECTURE)
    describe(writer, model, w.vocabulary(given.encoder).read_text(encoding="utf-8").split("\n")[:model.config["vocab_size"]])
    for name, value, quantized in tensors(model):
        array = value.detach().float().numpy()
        kind = gguf.GGMLQuantizationType.Q8_0
        if quantized:
            writer.add_tensor(name, gguf.quants.quantize(np.ascontiguousarray(array), kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
