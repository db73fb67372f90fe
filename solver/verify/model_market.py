"""`market-share`: people between our sites and others' by Huff's rule (Huff 1964)."""

from models.messages import Message, say
from solver.verify.case import Case, Model, never, of_all_places, of_none, weight_name
from solver.verify.market import held, own_shares
from solver.verify.model_cover import sites_or_cost, sites_or_money
from solver.verify.proven import no_program
from solver.verify.verdict import TOLERANCE, apart, same


def _aims_at_share(case: Case) -> bool:
    market = case.programme.market
    return market is not None and market.target_share is not None


def captured(case: Case) -> float:
    """Weight drawn from competitors, or what is paid for the target share of it."""
    return sites_or_cost(case) if _aims_at_share(case) else held(case)[0]


def _unit(case: Case) -> str:
    return sites_or_money(case) if _aims_at_share(case) else weight_name(case)


def _share_held(case: Case, which: int) -> float | None:
    total = of_all_places(case)
    return held(case)[which] / total if total > 0 else None


def the_target_share_is_reached(case: Case) -> list[Message] | None:
    """market.target_share."""
    market = case.programme.market
    if market is None or market.target_share is None:
        return None
    share = held(case)[0] / float(case.places["weight"].sum())
    wanted = market.target_share
    return (
        [say("{share:.6%} is captured; the target is {wanted:.6%}", share=share, wanted=wanted)]
        if share < wanted - TOLERANCE
        else []
    )


def people_go_by_the_pull_of_sites(case: Case) -> list[Message]:
    """Every row of the allocation is the share that Huff's rule gives."""
    shares = own_shares(case)
    told = {(row.place, row.site): row.share for row in case.served.itertuples()}
    found, names, sites = [], case.places["id"], case.sites["id"]
    for pair in sorted({*shares, *told}):
        if not same(told.get(pair, 0.0), shares.get(pair, 0.0)):
            what = say("share of {place} that goes to {site}", place=names[pair[0]], site=sites[pair[1]])
            found += apart(what, told.get(pair, 0.0), shares.get(pair, 0.0))
    return found


MARKET_SHARE = Model(
    keys=frozenset({"demand", "reach", "market", "objective"}),
    sections={
        "Market": "attractiveness attractiveness_power distance_power least_travel_m least_travel_min stay_away_m "
        "stay_away_min target_share",
    },
    words={"Programme.objective": ("coverage", "cost")},
    maximises=lambda case: not _aims_at_share(case),
    unit=_unit,
    worth=captured,
    bound=no_program,
    program=None,
    assigns=never,
    loaded=False,
    serves_all=never,
    leaves_out=False,
    goes_to_best=False,
    chooses=False,
    idle_is_waste=False,
    asks=of_none,
    full_value=of_all_places,
    figures={
        "market_share": lambda case: _share_held(case, 0),
        "competitors_share": lambda case: _share_held(case, 1),
    },
    checks=(people_go_by_the_pull_of_sites, the_target_share_is_reached),
    plan=(the_target_share_is_reached,),
)
