"""What a badge on the wearer's chest hears: the wearer near and dull, the visitor farther off, with the room."""

import numpy as np
from voices import RATE

WEARER_ABOVE_VISITOR_DB = 10.0
RT60_S = 0.3
DIRECT_TO_REVERBERANT_DB = 6.0
CHEST_TILT_DB = -4.0
CHEST_TILT_HZ = (2_000.0, 4_000.0)


def room(seed: int) -> np.ndarray:
    """Impulse response at `RATE`: the direct sound, eight early reflections, an exponential tail."""
    rng = np.random.default_rng(seed)
    at = np.arange(int(1.2 * RT60_S * RATE)) / RATE
    rest = 0.3 * rng.normal(0.0, 1.0, len(at)) * 10 ** (-3 * at / RT60_S)
    rest[: int(0.004 * RATE)] = 0.0
    for delay in rng.uniform(0.004, 0.03, 8):
        rest[int(delay * RATE)] += rng.choice([-1.0, 1.0]) * 10 ** (-3 * delay / RT60_S)
    rest *= 10 ** (-DIRECT_TO_REVERBERANT_DB / 20) / np.sqrt(np.sum(rest**2))
    rest[0] = 1.0
    return rest


def through_room(pcm: np.ndarray, response: np.ndarray) -> np.ndarray:
    length = len(pcm) + len(response) - 1
    return np.fft.irfft(np.fft.rfft(pcm, length) * np.fft.rfft(response, length), length)


def on_chest(pcm: np.ndarray) -> np.ndarray:
    """The mouth's highs pass over a microphone on the chest."""
    spectrum = np.fft.rfft(pcm)
    hertz = np.fft.rfftfreq(len(pcm), 1 / RATE)
    octaves = np.log2(np.maximum(hertz, 1.0))
    tilt = np.interp(octaves, np.log2(CHEST_TILT_HZ), [0.0, CHEST_TILT_DB])
    return np.fft.irfft(spectrum * 10 ** (tilt / 20), len(pcm))
