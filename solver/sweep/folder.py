"""The folder of a sweep: what it varies, whose it is while it runs, and what killed runs left behind."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from models.messages import Listed, Message, say
from solver.errors import SweepError
from solver.events import SolveOptions
from solver.files.atomic import require_writable, whole
from solver.files.owned import note, owner_of, record_of
from solver.files.protect import Guard
from solver.findings import named
from solver.sweep.design import SweepPlan

PLAN = "sweep.json"
LOCK = ".lock"
SWEEP = "sweep"
"""What wrote the files of a sweep, as the record has it."""
WRITTEN: tuple[str, ...] = (
    *("robust_sites.csv", "robust_sites.gpkg", "tornado.csv", "sensitivity.csv"),
    *("regret.csv", "regret_matrix.csv", "sweep.html"),
)
"""What is written beside the table when all runs are done; taken away while runs are missing."""
FILES = (PLAN, "table.csv", *WRITTEN)
GROWING = ("grid", "one-at-a-time", "sobol", "saltelli")
"""Designs whose points stay when values or samples are added."""


def described(
    plan: SweepPlan, study: str, overrides: Sequence[str] = (), options: SolveOptions | None = None
) -> dict[str, Any]:
    """What a sweep varies, as sweep.json has it."""
    said = {"study": study, **asdict(plan), "overrides": list(overrides), "options": asdict(options or SolveOptions())}
    plain: dict[str, Any] = json.loads(json.dumps(said, ensure_ascii=False, default=str))
    return plain


def require_sweep_folder(out: Path, said: Mapping[str, Any], *, overwrite: bool = False) -> None:
    """SweepError unless the folder is absent, empty, or holds the same sweep with no more values than `said`.

    With `overwrite` it may hold another sweep, or files of other people.
    """
    require_writable(out)
    if not out.exists():
        return
    if not out.is_dir():
        raise SweepError(say("{out}   is a file; name a folder for the sweep", out=out))
    if not overwrite and any(out.iterdir()) and not (out / PLAN).is_file():
        files = [path.name for path in sorted(out.iterdir())]
        raise SweepError(
            say(
                "{out}   holds files that are no sweep ({files}); name an empty or a new folder",
                out=out,
                files=named(files),
            )
        )
    if overwrite or not (out / PLAN).is_file():
        return
    try:
        before = json.loads((out / PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SweepError(
            say("{out}   cannot be read ({error}); name a new folder", out=out / PLAN, error=error)
        ) from None
    wrong = differences(before, said)
    if wrong:
        raise SweepError(
            say("{out}   holds another sweep:", out=out),
            *(say("  {line}", line=line) for line in wrong),
            say("  name a new folder, or ask for the same sweep with more values"),
        )
    if not record_of(out):  # by an earlier version, which kept none
        note(out, {name: out / name for name in FILES if (out / name).is_file()}, SWEEP)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Message]:
    """Why a sweep does not go on with another; empty where it repeats it or adds values, samples or scenarios."""
    found = [
        say("{key} was {before} and is {now}", key=key, before=repr(before[key]), now=repr(now[key]))
        for key in ("study", "design", "seed", "programmes", "together", "overrides", "options")
        if key in before and before[key] != now[key]
    ]
    old, new = ({vary["key"]: vary for vary in said.get("vary", [])} for said in (before, now))
    if set(old) != set(new):
        return [*found, say("it varies {before}; this one {now}", before=_keys(old), now=_keys(new))]
    for key, vary in old.items():
        if (vary["low"], vary["high"]) != (new[key]["low"], new[key]["high"]):
            found.append(say("{key} was another range", key=key))
        gone = [value for value in vary["values"] if value not in new[key]["values"]]
        if gone:
            found.append(say("{key} had the values {gone} too", key=key, gone=named([str(v) for v in gone])))
    found += _fewer_samples(before, now)
    scenarios = {s["name"]: s["values"] for s in now.get("scenarios", [])}
    for scenario in before.get("scenarios", []):
        if scenario["name"] not in scenarios:
            found.append(say("it had the scenario {scenario} too", scenario=scenario["name"]))
    if bool(before.get("scenarios")) != bool(scenarios):
        found.append(say("one of them has scenarios and the other has none"))
    return found


def _fewer_samples(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Message]:
    old, new = before.get("samples") or 0, now.get("samples") or 0
    if old == new or (new > old and now["design"] in GROWING):
        return []
    changed = say("samples was {old} and is {new}", old=old, new=new)
    if now["design"] in GROWING:
        return [changed]
    return [say("{changed}; lhs draws other points for another number", changed=changed)]


def _keys(varied: Mapping[str, Any]) -> Message | Listed:
    return named(sorted(varied)) if varied else say("no key")


def write_plan(said: Mapping[str, Any], out: Path, guard: Guard) -> None:
    """Write sweep.json: what the sweep varies."""
    with whole(out / PLAN, guard) as draft:
        draft.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@contextmanager
def held(out: Path) -> Iterator[None]:
    """The folder is this process's while the block runs; SweepError where another sweep is at work in it."""
    with (out / LOCK).open("a+", encoding="utf-8") as file:
        if not _locked(file):
            raise SweepError(
                say("{out}   another sweep is at work in it; wait for its end, or name a new folder", out=out)
            )
        yield


def _locked(file: IO[str]) -> bool:
    """Whether the file could be locked; the lock goes with the process, however that ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return sys.platform != "win32"  # a shared folder without locks: nothing can be said
    return True


def clean(out: Path) -> None:
    """Take away what runs that were killed left half-written; files of other people are in no draft alone."""
    for draft in (out / "runs").glob(".*.part"):
        shutil.rmtree(draft, ignore_errors=True)


def forget(out: Path) -> None:
    """Take away what an earlier end of the sweep wrote: it does not hold for the runs that come."""
    for name in WRITTEN:
        if owner_of(out / name) == SWEEP:
            (out / name).unlink(missing_ok=True)
