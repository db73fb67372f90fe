"""The names of all checks."""

from solver.verify import run
from solver.verify.bound import BOUND
from solver.verify.figures import TOLD
from solver.verify.models import MODELS

NAMES = {
    "no_input_has_changed",
    "every_file_of_an_input_is_recorded",
    *(check.__name__ for check in (*run.PROOF, *run.PLAN_CHECKS, *BOUND, *run.WHOLE, *run.JOINT, *TOLD)),
    *(check.__name__ for check in (*run.ABOUT, *run.JOINS, *run.KNOWN, *run.TELLING, *run.JOINTLY)),
    *(check.__name__ for model in MODELS.values() for check in model.checks),
}
