"""Code shown in the documentation is code that is compiled and run."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.compile(r"<!-- from (\S+) -->\n+```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
REGION = re.compile(r"^// snippet begins\n(.*?)^// snippet ends$", re.DOTALL | re.MULTILINE)


def pages():
    """The pages by name, with their text."""
    paths = [*ROOT.glob("README.md"), *ROOT.glob("docs/*.md")]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def shown(text):
    """What a page shows: (path of the source, language, code) each."""
    return SHOWN.findall(text)


def region(path):
    """The marked part of a source file."""
    regions = REGION.findall((ROOT / path).read_text(encoding="utf-8"))
    if len(regions) != 1:
        raise AssertionError(f"{path} must have one region `// snippet begins` … `// snippet ends`")
    return regions[0]


class Snippets(unittest.TestCase):
    def test_pages_show_the_sources_as_they_are(self):
        for page, text in pages().items():
            for path, _, code in shown(text):
                with self.subTest(page=page, path=path):
                    self.assertEqual(code, region(path), f"copy the region of {path} into {page}")

    def test_embedding_is_shown_in_both_languages(self):
        languages = [language for _, language, _ in shown(pages()["docs/embedding.md"])]
        self.assertEqual(sorted(languages), ["kotlin", "swift"])

    def test_every_source_comment_is_followed_by_code(self):
        for page, text in pages().items():
            self.assertEqual(text.count("<!-- from "), len(shown(text)), page)
