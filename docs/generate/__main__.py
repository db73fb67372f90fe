"""Write docs/reference."""

from pathlib import Path

from docs.generate import pages

FOLDER = Path(__file__).resolve().parents[1] / "reference"

for name, text in pages().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
