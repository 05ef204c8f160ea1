"""Builds the rooms in which the two-microphone beam is judged (image-source model).

Never run in CI, and nothing it writes is committed. In a private virtual environment:

    pip install numpy scipy soundfile pyroomacoustics
    python make_scenes.py VOICES_DIR SCENES_DIR [--seeds 4]

VOICES_DIR holds mono 16 kHz WAVs, one a talker (see make_voices.py). Each scene becomes a folder:

    mix.wav      what the two microphones hear, float32; channel 0 is the top or left one
    early.wav    the visitor alone, direct sound and the first 50 ms after it
    direct.wav   the visitor alone, direct sound only
    turns.txt    lines "start_s end_s rep|prospect", only in scenes with turns
    scene.txt    lines "key value": group, axis, seed, rt60
"""

import argparse
import dataclasses
import multiprocessing
import pathlib

import numpy as np
import pyroomacoustics as pra
import soundfile
from scipy.signal import fftconvolve, lfilter

RATE = 16_000
SPACING_M = 0.04
BADGE_HEIGHT_M = 1.30
MOUTH_HEIGHT_M = 1.58
EARLY_S = 0.050
DIRECT_S = 0.0015
# Self-noise of the microphones against the visitor's voice.
SELF_NOISE_DB = -35.0


@dataclasses.dataclass
class Scene:
    group: str
    axis: str
    hall: bool
    seconds: float = 10.0
    neighbour_deg: float | None = None
    snr_db: float = 0.0
    babble: int = 0
    fan: bool = False
    turns: bool = False
    fault: str = ""


SCENES = [
    Scene("a60", "horizontal", False, neighbour_deg=60),
    Scene("a90", "horizontal", False, neighbour_deg=90),
    Scene("a90", "vertical", False, neighbour_deg=90),
    Scene("b60", "horizontal", True, neighbour_deg=60),
    Scene("b90", "horizontal", True, neighbour_deg=90),
    Scene("c-babble", "horizontal", True, babble=10),
    Scene("c-babble", "vertical", True, babble=10),
    Scene("d-fan", "horizontal", True, babble=8, fan=True),
    Scene("d-fan", "vertical", True, babble=8, fan=True),
    Scene("e-quiet", "horizontal", False),
    Scene("e-quiet", "vertical", False),
    Scene("e-quiet-hall", "horizontal", True),
    Scene("e-quiet-hall", "vertical", True),
    Scene("f-dead", "horizontal", False, babble=8, snr_db=10, fault="dead"),
    Scene("f-weak", "horizontal", False, babble=8, snr_db=10, fault="weak"),
    Scene("f-rub", "horizontal", False, babble=8, snr_db=10, fault="rub"),
    Scene("f-rub", "vertical", False, fault="rub"),
    Scene("f-clip", "horizontal", False, babble=8, snr_db=10, fault="clip"),
    Scene("f-gain3", "horizontal", False, neighbour_deg=60, fault="gain3"),
    Scene("g-turns", "vertical", False, seconds=24, turns=True),
    Scene("g-turns", "horizontal", False, seconds=24, turns=True),
    Scene("g-turns-babble", "vertical", True, seconds=24, babble=10, snr_db=10, turns=True),
    Scene("g-turns-babble", "horizontal", True, seconds=24, babble=10, snr_db=10, turns=True),
]


class Place:
    """A room with a wearer in it, who looks along `yaw`."""

    def __init__(self, scene, rng):
        # Halls are large; a damped booth is small.
        self.rt60 = rng.uniform(0.5, 0.8) if scene.hall else rng.uniform(0.15, 0.2)
        size = [rng.uniform(14, 18), rng.uniform(12, 15), rng.uniform(3.5, 4.5)]
        if not scene.hall:
            size = [rng.uniform(5, 6.5), rng.uniform(4.5, 5.5), rng.uniform(2.6, 3.0)]
        self.size = np.array(size)
        absorption, order = pra.inverse_sabine(self.rt60, size)
        self.absorption, self.order = absorption, min(order, 24)
        self.badge = np.array([*(self.size[:2] * rng.uniform(0.42, 0.58, 2)), BADGE_HEIGHT_M])
        self.yaw = rng.uniform(0, 2 * np.pi)
        half = 0.5 * SPACING_M
        across = self.point(90, half, BADGE_HEIGHT_M) - self.badge
        offset = np.array([0, 0, half]) if scene.axis == "vertical" else across
        self.mics = np.stack([self.badge + offset, self.badge - offset], axis=1)

    def point(self, azimuth_deg, distance_m, height_m):
        """A place seen from the badge: azimuth 0 is ahead of the wearer, 90 is his left."""
        angle = self.yaw + np.deg2rad(azimuth_deg)
        place = self.badge + distance_m * np.array([np.cos(angle), np.sin(angle), 0])
        place[2] = height_m
        low, high = np.full(3, 0.2), self.size - 0.2
        return np.clip(place, low, high)

    def responses(self, place):
        """Impulse responses from a place to both microphones, and when the direct sound comes."""
        room = pra.ShoeBox(
            self.size, fs=RATE, materials=pra.Material(self.absorption), max_order=self.order
        )
        room.add_source(place)
        room.add_microphone_array(self.mics)
        room.compute_rir()
        taps = [room.rir[mic][0] for mic in range(2)]
        length = max(len(t) for t in taps)
        taps = np.stack([np.pad(t, (0, length - len(t))) for t in taps])
        return taps, np.argmax(np.abs(taps), axis=1)


def cut(taps, direct, seconds):
    """The part of both responses up to `seconds` after the direct sound, with a short fade."""
    kept = np.zeros_like(taps)
    fade = 8
    for mic in range(2):
        end = min(direct[mic] + int(seconds * RATE), taps.shape[1])
        window = np.ones(end)
        window[-fade:] = np.linspace(1, 0, fade)
        kept[mic, :end] = taps[mic, :end] * window
    return kept


def heard(taps, sound):
    return np.stack([fftconvolve(sound, t)[: len(sound)] for t in taps])


def talk(voices, talker, samples, rng):
    """`samples` of one talker, beginning anywhere, gone round where the talk is too short."""
    voice = voices[talker]
    start = rng.integers(len(voice))
    return np.take(voice, np.arange(start, start + samples), mode="wrap")


def power(sound):
    return float(np.mean(sound**2)) + 1e-20


def rumble(samples, rng):
    """Sound of a fan: noise that falls by 6 dB an octave above 300 Hz, and a blade tone."""
    noise = lfilter([1], [1, -0.89], rng.standard_normal(samples))
    tone = np.sin(2 * np.pi * 118 * np.arange(samples) / RATE)
    return noise / np.std(noise) + 0.3 * tone


def noise_of(scene, place, voices, others, samples, rng):
    sources = []
    if scene.neighbour_deg is not None:
        azimuth = scene.neighbour_deg * rng.choice([-1, 1]) + rng.uniform(-5, 5)
        spot = place.point(azimuth, rng.uniform(1.2, 1.8), rng.uniform(1.5, 1.7))
        sources.append((spot, talk(voices, others[0], samples, rng)))
    for n in range(scene.babble):
        spot = place.point(360 * (n + rng.uniform(0, 1)) / scene.babble, rng.uniform(3, 6), rng.uniform(1.4, 1.7))
        sources.append((spot, talk(voices, others[n % len(others)], samples, rng)))
    if scene.fan:
        spot = place.point(rng.uniform(0, 360), rng.uniform(2, 4), 2.4)
        level = 0.05 * np.sqrt(scene.babble)
        sources.append((spot, level * rumble(samples, rng)))
    total = np.zeros((2, samples))
    for spot, sound in sources:
        total += heard(place.responses(spot)[0], sound)
    return total


def rub(sound, rng):
    """Cloth on one microphone: bursts of strong low noise, a third of the time."""
    samples = sound.shape[1]
    scratch = lfilter([1], [1, -0.96], rng.standard_normal(samples))
    scratch *= 4 * np.std(sound[1]) / np.std(scratch)
    gate = np.zeros(samples)
    for start in np.arange(1.0, samples / RATE - 1, 1.5):
        begin = int((start + rng.uniform(0, 0.5)) * RATE)
        gate[begin : begin + int(rng.uniform(0.3, 0.7) * RATE)] = 1
    gate = np.convolve(gate, np.hanning(320) / np.hanning(320).sum(), "same")
    sound[1] += gate * scratch


def fail(mix, fault, rng):
    match fault:
        case "dead":
            mix[1] = 1e-5 * rng.standard_normal(mix.shape[1])
        case "weak":
            noise = 10 ** (SELF_NOISE_DB / 20) * np.std(mix[0]) * rng.standard_normal(mix.shape[1])
            mix[1] = 10 ** (-15 / 20) * mix[1] + 0.3 * noise
        case "rub":
            rub(mix, rng)
        case "clip":
            limit = 1.0 * np.std(mix[1])
            mix[1] = np.clip(mix[1], -limit, limit) / limit
        case "gain3":
            mix[1] *= 10 ** (-3 / 20)


def wearer_turns(samples, rng):
    """Times of turns, wearer first: (start, end, wearer?)."""
    turns, at, wearer = [], 0.3, True
    while at + 1.5 < samples / RATE:
        end = min(at + rng.uniform(1.5, 3.5), samples / RATE - 0.2)
        turns.append((at, end, wearer))
        at, wearer = end + rng.uniform(0.2, 0.6), not wearer
    return turns


def gates(turns, samples):
    kept = {True: np.zeros(samples), False: np.zeros(samples)}
    for start, end, wearer in turns:
        kept[wearer][int(start * RATE) : int(end * RATE)] = 1
    return kept


def build(job):
    scene, seed, voices, folder = job
    rng = np.random.default_rng([seed, sum(scene.group.encode()), len(scene.axis)])
    place = Place(scene, rng)
    samples = int(scene.seconds * RATE)
    cast = rng.permutation(6)
    others = [t for t in range(len(voices)) if t not in cast[:2]]
    rng.shuffle(others)
    spot = place.point(rng.uniform(-5, 5), 1.0, MOUTH_HEIGHT_M)
    taps, direct = place.responses(spot)
    voice = talk(voices, cast[0], samples, rng)
    turns = wearer_turns(samples, rng) if scene.turns else []
    gate = gates(turns, samples)
    if turns:
        voice = voice * gate[False]
    target = heard(taps, voice)
    level = (0.012 if turns else 0.05) / np.sqrt(power(heard(taps, voice)[0]))
    early, dry = (level * heard(cut(taps, direct, s), voice) for s in (EARLY_S, DIRECT_S))
    mix = level * target
    if turns:
        mouth = place.point(0, 0.06, BADGE_HEIGHT_M + 0.21)
        own = talk(voices, cast[1], samples, rng) * gate[True]
        mix += level * heard(place.responses(mouth)[0], own)
    noise = noise_of(scene, place, voices, others, samples, rng)
    if power(noise) > 1e-12:
        scale = np.sqrt(power(level * target[0]) / power(noise[0])) * 10 ** (-scene.snr_db / 20)
        mix += scale * noise
    mix += level * np.std(target[0]) * 10 ** (SELF_NOISE_DB / 20) * rng.standard_normal(mix.shape)
    fail(mix, scene.fault, rng)
    here = folder / f"{scene.group}_{scene.axis}_{seed}"
    here.mkdir(parents=True, exist_ok=True)
    for name, sound in (("mix", mix), ("early", early), ("direct", dry)):
        soundfile.write(here / f"{name}.wav", sound.T.astype(np.float32), RATE, subtype="FLOAT")
    words = {True: "rep", False: "prospect"}
    lines = [f"{start:.3f} {end:.3f} {words[wearer]}\n" for start, end, wearer in turns]
    (here / "turns.txt").write_text("".join(lines))
    facts = f"group {scene.group}\naxis {scene.axis}\nseed {seed}\nrt60 {place.rt60:.2f}\n"
    (here / "scene.txt").write_text(facts)
    return here.name


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voices", type=pathlib.Path)
    parser.add_argument("scenes", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--only", default="", help="groups that begin with this")
    args = parser.parse_args()
    voices = [soundfile.read(path)[0] for path in sorted(args.voices.glob("*.wav"))]
    voices = [voice / np.sqrt(power(voice)) for voice in voices]
    jobs = [
        (scene, seed, voices, args.scenes)
        for scene in SCENES
        if scene.group.startswith(args.only)
        for seed in range(args.seeds)
    ]
    with multiprocessing.Pool(2) as pool:
        for name in pool.imap(build, jobs):
            print(name, flush=True)


if __name__ == "__main__":
    main()
