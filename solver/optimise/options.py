"""For how long and how well a programme or a portfolio of a study is solved."""

from solver.engines.engine import Ask
from solver.study.joint import PortfolioSection
from solver.study.read import setting
from solver.study.schema import Programme, SolveSection, Study


def ask_of(section: Programme | PortfolioSection, study: Study) -> Ask:
    """What an engine is asked: by the section's own settings, else the study's."""
    return Ask(
        time_limit_s=setting(section, study, "time_limit_s"),
        gap=setting(section, study, "gap"),
        threads=study.solve.threads,
        seed=study.solve.seed,
        engine_is_free=section.engine is None and "engine" not in study.solve.model_fields_set,
    )


def ask_in_python(*, time_limit_s: float, gap: float, seed: int, engine: str) -> Ask:
    """What an engine is asked by the arguments of a call; StudyError where a study could not say so either."""
    said = SolveSection(time_limit_s=float(time_limit_s), gap=float(gap), seed=int(seed))
    free = engine == said.engine  # the one that is taken where none is named
    return Ask(time_limit_s=said.time_limit_s, gap=said.gap, seed=said.seed, threads=said.threads, engine_is_free=free)
