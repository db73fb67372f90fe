"""Chinese for every message: its key, which is the sentence in English, to the sentence in Chinese.

One file for each kind of message. A place for a value keeps its name; its format is the key's or the language's own.
"""

from solver.words.chinese import (
    checks,
    cli,
    engines,
    events,
    faults,
    files,
    inputs,
    joins,
    models,
    network,
    pose,
    problems,
    reasons,
    recomputed,
    rules,
    study,
    sweep,
    terminal,
    travel,
    verify,
)

ROOMS = (
    checks,
    cli,
    engines,
    events,
    faults,
    files,
    inputs,
    joins,
    models,
    network,
    pose,
    problems,
    reasons,
    recomputed,
    rules,
    study,
    sweep,
    terminal,
    travel,
    verify,
)
SENTENCES: dict[str, str] = {key: sentence for room in ROOMS for key, sentence in room.SENTENCES.items()}
"""Key -> sentence. What is not here is said in English."""
