"""The records of models. A model that is not here is not checked, and that is said."""

from collections.abc import Mapping

from solver.verify.case import Model
from solver.verify.model_assignment import CAPACITATED_COVER, FIXED_CHARGE, P_MEDIAN
from solver.verify.model_charging import CHARGING
from solver.verify.model_cover import MAX_COVER, SET_COVER
from solver.verify.model_distance import P_CENTER, P_DISPERSION
from solver.verify.model_expected import EXPECTED_COVER
from solver.verify.model_flow import FLOW_REFUELLING
from solver.verify.model_market import MARKET_SHARE
from solver.verify.model_tiers import HIERARCHICAL

MODELS: Mapping[str, Model] = {
    "max-cover": MAX_COVER,
    "expected-cover": EXPECTED_COVER,
    "set-cover": SET_COVER,
    "capacitated-cover": CAPACITATED_COVER,
    "p-median": P_MEDIAN,
    "p-center": P_CENTER,
    "p-dispersion": P_DISPERSION,
    "fixed-charge": FIXED_CHARGE,
    "market-share": MARKET_SHARE,
    "charging": CHARGING,
    "flow-refuelling": FLOW_REFUELLING,
    "hierarchical": HIERARCHICAL,
}
"""Name in a study -> what verification knows of it."""
