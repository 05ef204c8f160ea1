"""MiniLM with a linear head for each question. Plain BERT: six layers, width 384, twelve heads."""
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as f

import labels


class Layer(nn.Module):
    def __init__(self, width, wide, heads, dropout):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.expand, self.contract = nn.Linear(width, wide), nn.Linear(wide, width)
        self.attention_norm, self.norm = nn.LayerNorm(width, eps=1e-5), nn.LayerNorm(width, eps=1e-5)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask):
        rows, length, width = x.shape
        split = lambda y: y.view(rows, length, self.heads, width // self.heads).transpose(1, 2)
        # Without dropout: on a processor it would take more time than all the rest.
        attended = f.scaled_dot_product_attention(
            split(self.query(x)), split(self.key(x)), split(self.value(x)), attn_mask=mask[:, None, None, :])
        attended = self.output(attended.transpose(1, 2).reshape(rows, length, width))
        x = self.attention_norm(x + self.dropout(attended))
        return self.norm(x + self.dropout(self.contract(f.gelu(self.expand(x), approximate="tanh"))))


class Extractor(nn.Module):
    def __init__(self, config, dropout=0.1):
        super().__init__()
        width = config["hidden_size"]
        self.config = config
        self.words = nn.Embedding(config["vocab_size"], width)
        self.positions = nn.Embedding(config["max_position_embeddings"], width)
        self.kinds = nn.Embedding(config["type_vocab_size"], width)
        self.norm = nn.LayerNorm(width, eps=1e-5)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(
            Layer(width, config["intermediate_size"], config["num_attention_heads"], dropout) for _ in range(config["num_hidden_layers"]))
        self.heads = nn.ModuleDict({head: nn.Linear(width, count) for head, count in labels.HEADS.items()})

    def encode(self, ids, mask):
        """Hidden states, (windows, tokens, width)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.dropout(self.norm(self.words(ids) + self.positions(places) + self.kinds.weight[0]))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def forward(self, ids, mask):
        """Logits by head: (windows, tokens, classes), (windows, classes) for heads of the whole."""
        x = self.dropout(self.encode(ids, mask))
        return {head: linear(x[:, 0] if head in labels.WHOLE else x) for head, linear in self.heads.items()}


NAMES = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm", "expand": "intermediate.dense", "contract": "output.dense", "norm": "output.LayerNorm",
}


def pretrained(folder):
    """The model with the encoder of a folder in the Hugging Face layout; heads are new."""
    folder = Path(folder)
    model = Extractor(json.loads((folder / "config.json").read_text()))
    weights = load_file(folder / "model.safetensors")
    taken = {
        "words.weight": "embeddings.word_embeddings.weight", "positions.weight": "embeddings.position_embeddings.weight",
        "kinds.weight": "embeddings.token_type_embeddings.weight", "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias"}
    for layer in range(model.config["num_hidden_layers"]):
        for ours, theirs in NAMES.items():
            for part in ("weight", "bias"):
                taken[f"layers.{layer}.{ours}.{part}"] = f"encoder.layer.{layer}.{theirs}.{part}"
    missing, _ = model.load_state_dict({ours: weights[theirs] for ours, theirs in taken.items()}, strict=False)
    assert all(name.startswith("heads.") for name in missing), missing
    return model
