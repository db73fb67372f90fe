"""Kills writers of a result at random moments: `python -m tests.faults.killing STUDY FOLDER TIMES` prints what stood.

A child writes two results in turn over one folder; each time it is killed with SIGKILL, what a reader then finds is
printed: the objective's title, or the fault.
"""

import os
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from models.errors import SitingError
from solver.export.folder import write_result
from solver.results.store import read_result
from solver.solve import solve_study
from solver.study.read import read_study


def write_in_turn(first, second, folder):
    while True:
        for result in (first, second):
            write_result(result, folder, maps=False)


def main(study: str, place: str, times: str) -> None:
    """Kill `times` writers, and print what each leaves."""
    folder, rng = Path(place), random.Random(7)
    first = replace(solve_study(read_study(Path(study))), title="first")
    second = replace(first, title="second")
    write_result(first, folder, maps=False)
    for _ in range(int(times)):
        child = os.fork()
        if not child:
            write_in_turn(first, second, folder)
        time.sleep(rng.uniform(0.01, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        try:
            print(read_result(folder).title)
        except SitingError as error:
            print(error)


if __name__ == "__main__":
    main(*sys.argv[1:])
