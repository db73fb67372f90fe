"""Progress: bars on a terminal, quiet lines elsewhere, never on standard output."""

from models.messages import say
from solver.cli.progress import progress
from solver.events import Event

EVENTS = [
    Event("", "layers", say("reading the layers"), None),
    Event("parking", "travel", say("travel"), 0.25),
    Event("parking", "travel", say("travel"), 0.75),
    Event("parking", "done", say("proven, 3 sites"), 1.0),
    Event("clinics", "solve", say("solving"), None),
]


def test_lines_tell_every_step_once(capsys):
    with progress("zhuzhou", terminal=False) as listen:
        for event in EVENTS:
            listen(event)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "zhuzhou: reading the layers",
        "parking: travel",
        "parking: proven, 3 sites",
        "clinics: solving",
    ]


def test_bars_show_every_programme_and_its_last_step(capsys):
    with progress("zhuzhou", terminal=True) as listen:
        for event in EVENTS:
            listen(event)
    said = capsys.readouterr()
    assert said.out == ""
    for word in ("zhuzhou", "reading the layers", "parking", "proven, 3 sites", "clinics", "solving"):
        assert word in said.err
