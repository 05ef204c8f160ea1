"""Extraction on held-out conversations does not get worse unnoticed."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests/fixtures/conversations"
HELD_OUT = ROOT / "tests/evaluation/dev"
HISTORY = ROOT / "tests/evaluation/history.jsonl"


def confee_eval(*arguments):
    return subprocess.run([os.environ["CONFEE_BIN"], "eval", *arguments], capture_output=True, text=True)


class Evaluation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as leads:
            subprocess.run([os.environ["CONFEE_BIN"], "extract", GOLD, "--jsonl"], stdout=leads, check=True)
            score = [sys.executable, ROOT / "tests/evaluation/score.py", GOLD, leads.name, "--json"]
            cls.score = json.loads(subprocess.run(score, capture_output=True, check=True).stdout)["all"]

    def test_every_value_has_its_words_and_none_is_the_reps(self):
        self.assertEqual(self.score["conversations"], len(list(GOLD.glob("*.json"))))
        self.assertEqual(self.score["evidence_valid"], 1.0)
        self.assertEqual(self.score["attribution_errors"], 0)

    def test_quality_stays_above_the_floor(self):
        self.assertGreaterEqual(self.score["micro"]["f1"], 0.68)
        self.assertGreaterEqual(self.score["micro"]["p"], 0.75)
        self.assertLessEqual(self.score["micro"]["invented_rate"], 0.22)
        self.assertGreaterEqual(self.score["is_lead_accuracy"], 0.80)

    def test_confee_eval_counts_as_the_reference_does(self):
        views = json.loads(confee_eval(GOLD, "--json").stdout)
        self.assertEqual(sum(view["talks"] for view in views.values()), self.score["conversations"])
        every = sum(view["f1"] * view["talks"] for view in views.values()) / self.score["conversations"]
        self.assertAlmostEqual(every, self.score["micro"]["f1"], delta=0.02)


class HeldOut(unittest.TestCase):
    def test_no_view_is_worse_than_the_last_release(self):
        done = confee_eval(HELD_OUT, "--history", HISTORY)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_worse_figures_are_noticed(self):
        release, views = json.loads(HISTORY.read_text().splitlines()[-1])
        better = {name: {**view, "f1": view["f1"] + 0.1} for name, view in views.items()}
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as history:
            history.write(json.dumps([release, better]) + "\n")
            history.flush()
            done = confee_eval(HELD_OUT, "--history", history.name)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"worse than {release}: whisper: F1", done.stdout)

    def test_a_folder_without_conversations_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as empty:
            done = confee_eval(empty)
        self.assertEqual(done.returncode, 2)
        self.assertIn("name a folder of conversations", done.stderr)


if __name__ == "__main__":
    unittest.main()
