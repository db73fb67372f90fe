"""The models that a study can name: one record each, from which everything else about them follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.messages import Message, say
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.optimise.posed import PosedProgramme
from solver.pose.abilities import Can
from solver.pose.charging import piles_before_the_end, pose_charging
from solver.pose.covering import pose_capacitated_cover, pose_max_cover, pose_set_cover
from solver.pose.expected import pose_expected_cover, vehicles_before_the_end
from solver.pose.flows import pose_flow_refuelling
from solver.pose.market import pose_market_share
from solver.pose.median import pose_fixed_charge, pose_p_center, pose_p_dispersion, pose_p_median
from solver.pose.tiers import pose_hierarchical
from solver.study.schema import Programme

Pose = Callable[[ProgrammeInputs, TravelSource], PosedProgramme]


def _as_it_is(_programme: Programme) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Model:
    """A model a study can name.

    `pose` makes it of a programme's section, `purpose` says what it decides, `can` what it is able to do, which
    decides the keys it takes. `own` are keys that no other model takes, with the reason. `example` is a teaching study
    that has it. `before_the_end` are the values of its own keys in the years before the last.
    How it is solved is the method of its formulation (`solver.optimise.methods`).
    """

    pose: Pose
    name_zh: str
    purpose: str
    purpose_zh: str
    source: str
    example: str
    can: frozenset[Can] = frozenset()
    own: Mapping[str, Message] = field(default_factory=dict)
    before_the_end: Callable[[Programme], Mapping[str, Any]] = _as_it_is


COVERS = frozenset({Can.SERVE, Can.SHARE, Can.COVER_IN_FULL})
"""What all models can that serve some places and not others."""
SERVES_ALL = frozenset({Can.SERVE, Can.SERVE_ALL})
"""What all models can that must serve every place."""
ASSIGNS = frozenset({Can.ASSIGN, Can.ASSIGN_WHOLE, Can.LIMIT_SITES})
"""What all models can that say which site serves whom, within its capacity, and could serve a place as a whole."""

MODELS: dict[str, Model] = {
    "max-cover": Model(
        pose_max_cover,
        "最大覆盖",
        "the most demand within reach (MCLP); gradual and backup coverage as options",
        "覆盖最多需求（最大覆盖），可选渐变覆盖与备用覆盖",
        "Church & ReVelle 1974",
        "overlap",
        COVERS | {Can.COUNT_SITES_IN_REACH, Can.GO_OVER_YEARS},
        {
            "decay": say("it needs a model that covers places by degrees"),
            "decompose": say("it needs a model that falls apart into districts"),
        },
    ),
    "expected-cover": Model(
        pose_expected_cover,
        "期望覆盖",
        "the most calls that find a free vehicle in reach (MEXCLP): stations, and vehicles that are busy at times",
        "使需求在服务范围内能得到空闲车辆的期望最大（最大期望覆盖）：站点及其车辆数，车辆有一定忙碌概率",
        "Daskin 1983",
        "ambulances",
        COVERS | {Can.GO_OVER_YEARS},
        {"vehicles": say("it needs a model of vehicles that are busy at times")},
        vehicles_before_the_end,
    ),
    "set-cover": Model(
        pose_set_cover,
        "集合覆盖",
        "the fewest sites, or the least cost, that reach every place (LSCP)",
        "以最少站点或最低成本覆盖全部需求（集合覆盖）",
        "Toregas et al. 1971",
        "everyone",
        SERVES_ALL | {Can.COUNT_SITES_IN_REACH, Can.CHOOSE_OBJECTIVE},
    ),
    "capacitated-cover": Model(
        pose_capacitated_cover,
        "容量限制覆盖",
        "the most demand within reach that the sites' capacities can serve",
        "在设施容量限制下覆盖最多需求",
        "Pirkul & Schilling 1991",
        "beds",
        COVERS | ASSIGNS | {Can.TAKE_MODULES, Can.GO_OVER_YEARS},
        {"assignment": say("it needs a model that covers within capacities")},
    ),
    "p-median": Model(
        pose_p_median,
        "p-中位",
        "the least travel of all demand to its site, capacities kept where sites have them",
        "使全部需求到设施的加权出行最小（p-中位），可考虑容量",
        "Hakimi 1964; ReVelle & Swain 1970; Elloumi 2010",
        "street",
        SERVES_ALL | ASSIGNS | {Can.TAKE_MODULES, Can.ADD_UP_TRAVEL},
    ),
    "p-center": Model(
        pose_p_center,
        "p-中心",
        "the least worst travel: nobody is farther than need be",
        "使最远需求点到设施的出行最小（p-中心）",
        "Hakimi 1965; Minieka 1970; Elloumi, Labbe & Pochet 2004",
        "street",
        SERVES_ALL,
    ),
    "p-dispersion": Model(
        pose_p_dispersion,
        "p-分散",
        "new sites as far as can be from each other and from what is there",
        "使新站彼此之间及与现有站的最小间距最大（p-分散）",
        "Kuby 1987; Erkut 1990; Sayah & Irnich 2017",
        "street",
    ),
    "fixed-charge": Model(
        pose_fixed_charge,
        "固定费用选址",
        "the least cost of sites and transport together, with or without capacities; cost decides how many",
        "建设成本与运输成本之和最小（固定费用选址），可考虑容量",
        "Balinski 1965; Cornuejols, Sridharan & Thizy 1991",
        "street",
        SERVES_ALL | ASSIGNS | {Can.TAKE_MODULES, Can.ADD_UP_TRAVEL, Can.PAY_TRANSPORT},
        {"transport_per_min": say("it needs a model that weighs transport against sites")},
    ),
    "market-share": Model(
        pose_market_share,
        "市场份额",
        "the most demand drawn from competitors, or the fewest sites for a target share (Huff)",
        "在竞争者存在时获取最大市场份额，或以最少站点达到目标份额（哈夫模型）",
        "Huff 1964; Haase 2009; Haase & Mueller 2014",
        "shops",
        COVERS | {Can.CHOOSE_OBJECTIVE, Can.COMPETE},
    ),
    "charging": Model(
        pose_charging,
        "充电桩配置",
        "whole numbers of charging piles of several kinds under grid limits, the most energy served",
        "在电网限制下确定各类充电桩数量，满足最多充电需求",
        "Pirkul & Schilling 1991; Correia & Captivo 2003",
        "piles",
        COVERS | {Can.ASSIGN, Can.LIMIT_SITES, Can.GO_OVER_YEARS},
        {"piles": say("it needs a model that sets up piles")},
        piles_before_the_end,
    ),
    "flow-refuelling": Model(
        pose_flow_refuelling,
        "流量补能选址",
        "stations that refuel the most trips, given the vehicle's range (FRLM)",
        "按车辆续航里程布局加能站，满足最多出行流量",
        "Kuby & Lim 2005; Capar et al. 2013",
        "line",
        frozenset({Can.COVER_IN_FULL, Can.LIMIT_SITES, Can.GO_OVER_YEARS}),
        dict.fromkeys(("flows", "vehicle"), say("it needs a model of trips")),
    ),
    "hierarchical": Model(
        pose_hierarchical,
        "多级设施",
        "sites in tiers that feed each other, with capacities: the most served, or the least cost",
        "多级设施（如县乡村三级）的选址与供给关系",
        "Narula 1984; Sahin & Sural 2007",
        "post",
        COVERS | ASSIGNS | {Can.CHOOSE_OBJECTIVE, Can.PAY_TRANSPORT, Can.FEED, Can.GO_OVER_YEARS},
    ),
}
"""Name -> model, in the order `siting models` lists them."""


def models_that(can: Can) -> tuple[str, ...]:
    """The names of the models that can do something."""
    return tuple(name for name, model in MODELS.items() if can in model.can)
