"""Why programmes together have no plan."""

from dataclasses import replace

from models.formulation import Rule, limits_in_words
from models.messages import say
from models.portfolio import Member
from models.program import Program
from models.rules.joint import OfMember
from solver.engines.engine import Ask, Engine
from solver.joint.pose import PosedPortfolio
from solver.postoptimal.reasons import Freed, freed_of, reasons_of_program
from solver.postoptimal.sentences import Reasons


def joint_reasons(posed: PosedPortfolio, program: Program, engine: Engine, ask: Ask) -> Reasons:
    """As `reasons_of`, for the program of a portfolio."""

    def freed() -> tuple[tuple[Rule, ...], Program] | None:
        found = {name: freed_of(member) for name, member in posed.posed.items()}
        if all(each is None for each in found.values()):
            return None
        extra = tuple(OfMember(name, rule) for name, each in found.items() if each is not None for rule in each[1])
        members = tuple(_with(member, found[member.name]) for member in posed.portfolio.members)
        return (*extra, *posed.rules()), replace(posed.portfolio, members=members).formulate().program

    limits = {
        f"{name}.{tag}": say("{part}: {text}", part=name, text=text)
        for name, member in posed.posed.items()
        for tag, text in limits_in_words(member.formulation).items()
    }
    models = {f"{name}.": member.formulation for name, member in posed.posed.items()}
    return reasons_of_program(freed, (posed.rules(), program), limits, models, engine, ask)


def _with(member: Member, freed: Freed | None) -> Member:
    """The member with its model and rules freed, where there is something to free."""
    if freed is None:
        return member
    return replace(member, formulation=freed[0], rules=(*member.rules, *freed[1]))
