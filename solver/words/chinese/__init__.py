"""Chinese for every message: its key, which is the sentence in English, to the sentence in Chinese.

One file for each kind of message. A place for a value keeps its name; its format is the key's or the language's own.
"""

from solver.words.chinese import faults, models, terminal

SENTENCES: dict[str, str] = {**faults.SENTENCES, **models.SENTENCES, **terminal.SENTENCES}
"""Key -> sentence. What is not here is said in English."""
