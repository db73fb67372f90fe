"""A writer that is killed, that has no room, or that may not write leaves what was there, whole."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver.errors import StoreError
from solver.files import atomic
from solver.files.atomic import require_writable, rescue, whole
from solver.results.folder import replacing
from solver.results.store import read_document
from tests.faults.mutations import TEACHING, asked

ROOT = Path(__file__).parents[2]


def killed_writers(place, times):
    command = [sys.executable, "-m", "tests.faults.killing", str(TEACHING / "overlap"), str(place), str(times)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_ten_writers_that_are_killed_leave_one_of_two_whole_results(tmp_path):
    found = killed_writers(tmp_path / "out", 10)
    assert len(found) == 10
    assert set(found) <= {"first", "second"}
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == ["out"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_two_hundred_writers_that_are_killed_leave_one_of_two_whole_results(tmp_path):
    assert set(killed_writers(tmp_path / "out", 200)) == {"first", "second"}


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    """A study on roads and its result."""
    above = tmp_path_factory.mktemp("killed")
    shutil.copytree(TEACHING / "one-way", above / "study")
    assert asked("run", above / "study", "--out", above / "out").exit_code == 0
    return above


def commands(above):
    return {
        "run": ("run", above / "study", "--out", above / "out"),
        "report": ("report", above / "out", "--out", above / "page.html"),
        "export": ("export", above / "out", "--to", above / "plan.gpkg"),
        "import": ("network", "import", above / "study/edges.geojson", "--out", above / "net.parquet"),
        "sweep": ("sweep", above / "study", "--vary", "solve.seed=1,2,3", "--out", above / "sweep"),
    }


def content(above):
    """What stands: path -> bytes of every file that is no draft."""
    files = [p for p in above.rglob("*") if p.is_file()]
    return {p: p.read_bytes() for p in files if not any(part.startswith(".") for part in p.relative_to(above).parts)}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["run", "report", "export", "import", "sweep"])
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_a_command_that_is_killed_leaves_what_was_there_or_the_new_whole(studied, name, how):
    words = [sys.executable, "-m", "solver.cli.main", *(str(word) for word in commands(studied)[name])]
    began = time.perf_counter()
    first = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    took = time.perf_counter() - began
    assert first.returncode == 0, first.stderr
    kept = set(content(studied))
    for share in (0.5, 0.8, 0.9, 0.95, 0.98):
        with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as command:
            time.sleep(share * took)
            command.send_signal(getattr(signal, how))
        rescue(studied / "out")
        assert kept <= set(content(studied))
        assert asked("verify", studied / "out").exit_code == 0
    assert subprocess.run(words, cwd=ROOT, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", ["run", "report", "export"])
@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of the system")
def test_a_file_that_cannot_grow_is_told_and_what_was_there_stays(studied, name):
    before = content(studied)
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        ended = asked(*commands(studied)[name])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handled)
    assert ended.exit_code in (2, 6)
    assert "could not be written" in ended.stderr.splitlines()[-1]
    assert content(studied) == before
    assert [p for p in studied.iterdir() if p.name.startswith(".")] == []


def test_a_full_disk_ends_with_code_6_and_the_name_of_what_was_asked_for(studied, monkeypatch):
    def full(self, *_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_text", full)
    ended = asked("report", studied / "out", "--out", studied / "new.html")
    assert ended.exit_code == 6
    assert ended.stderr == (
        f"{studied / 'new.html'}   could not be written: the disk is full; make room, or name another place\n"
    )
    assert not (studied / "new.html").exists()


def test_a_folder_that_lets_nobody_write_is_told_before_anything_is_solved(studied, monkeypatch):
    allowed = os.access
    monkeypatch.setattr(atomic.os, "access", lambda path, mode, **_: not mode & os.W_OK and allowed(path, mode))
    ended = asked("run", studied / "study", "--out", studied / "more/out")
    assert (ended.exit_code, ended.stdout) == (2, "")
    told = f"{studied / 'more/out'}   cannot be written: {studied} lets you write nothing; name another place\n"
    assert ended.stderr == told


@pytest.mark.parametrize("words", [("run", "study", "--out"), ("sweep", "study", "--vary", "solve.seed=1,2", "--out")])
@pytest.mark.parametrize("what", ["no place", "full"])
def test_a_place_that_takes_no_files_is_told_as_what_it_is_before_anything_is_solved(studied, monkeypatch, words, what):
    number = {"no place": errno.ENOENT, "full": errno.ENOSPC}[what]

    def refused(**_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(atomic, "TemporaryFile", refused)
    monkeypatch.setattr("solver.solve.solve_instance", lambda *_, **__: pytest.fail("it was solved"))
    monkeypatch.setattr("solver.sweep.execute.solve_instance", lambda *_, **__: pytest.fail("it was solved"))
    command, study, *others = words
    ended = asked(command, studied / study, *others, studied / "new/out")
    told = {
        "no place": f"{studied} takes no files (No such file or directory); name another place",
        "full": "could not be written: the disk is full; make room, or name another place",
    }
    assert (ended.exit_code, told[what] in ended.stderr) == ({"no place": 2, "full": 6}[what], True), ended.stderr
    assert not (studied / "new").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place that takes no files")
def test_a_place_that_is_no_disk_is_not_called_a_full_one(studied):
    for command in (
        ("run", studied / "study", "--out", "/proc/out"),
        ("report", studied / "out", "--out", "/proc/a.html"),
    ):
        ended = asked(*command)
        assert (ended.exit_code, "/proc takes no files" in ended.stderr, "full" in ended.stderr) == (2, True, False)


def test_a_writer_stopped_at_any_step_leaves_files_of_other_people_where_they_are(studied, tmp_path, monkeypatch):
    from solver.results import folder as resultfolder

    class Stopped(BaseException):
        pass

    for step in ("_linked", "write_record", "_swap", "_exchanged", "_emptied"):
        folder = tmp_path / step / "out"
        shutil.copytree(studied / "out", folder)
        (folder / "photos").mkdir()
        (folder / "photos/a.jpg").write_bytes(b"a photo")

        def stopped(*_, **__):
            raise Stopped

        with monkeypatch.context() as patched:
            patched.setattr(resultfolder, step, stopped)
            with pytest.raises(Stopped), replacing(folder) as draft:
                (draft / "result.json").write_text("{}", encoding="utf-8")
        assert (folder / "photos/a.jpg").read_bytes() == b"a photo", step
        assert (folder / "result.json").is_file()


def test_a_place_below_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="file is a file; name another place"):
        require_writable(tmp_path / "file/out")


def test_a_result_that_was_being_replaced_is_put_back(studied, tmp_path):
    shutil.copytree(studied / "out", tmp_path / ".out.12ab.old")
    assert read_document(tmp_path / "out")["study"] == "one-way"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_drafts_of_the_killed_go_after_a_day_and_those_at_work_stay(tmp_path):
    for name, age_h in ((".out.old1.part", 25), (".out.new1.part", 1), (".other.old1.part", 25)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age_h * 3600,) * 2)
    with replacing(tmp_path / "out") as draft:
        (draft / "result.json").write_text("{}", encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".other.old1.part", ".out.new1.part", "out"]


def half_written(path):
    with whole(path) as draft:
        draft.write_text("half", encoding="utf-8")
        raise ZeroDivisionError


def test_a_file_that_is_half_written_does_not_take_the_place_of_the_old_one(tmp_path):
    (tmp_path / "plan.csv").write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        half_written(tmp_path / "plan.csv")
    assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["old"]
