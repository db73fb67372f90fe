"""The models by name, and how each is posed from a study's section; the only registry."""

from collections.abc import Callable
from dataclasses import dataclass

from solver.errors import StudyError
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.travel import TravelSource
from solver.optimise.posed import PosedProgramme
from solver.pose.charging import pose_charging
from solver.pose.covering import pose_capacitated_cover, pose_max_cover, pose_set_cover
from solver.pose.fits import refuse_unfit
from solver.pose.flows import pose_flow_refuelling
from solver.pose.market import pose_market_share
from solver.pose.median import pose_fixed_charge, pose_p_center, pose_p_dispersion, pose_p_median
from solver.pose.tiers import pose_hierarchical
from solver.pose.years import pose_years
from solver.study.faults import nearest

Pose = Callable[[ProgrammeInputs, TravelSource], PosedProgramme]


@dataclass(frozen=True)
class Model:
    """A model a study can name: what it decides in one line, in both languages, and its source."""

    pose: Pose
    what: str
    what_zh: str
    source: str


MODELS: dict[str, Model] = {
    "max-cover": Model(
        pose_max_cover,
        "the most demand within reach (MCLP); gradual and backup coverage as options",
        "覆盖最多需求（最大覆盖），可选渐变覆盖与备用覆盖",
        "Church & ReVelle 1974",
    ),
    "set-cover": Model(
        pose_set_cover,
        "the fewest sites, or the least cost, that reach every place (LSCP)",
        "以最少站点或最低成本覆盖全部需求（集合覆盖）",
        "Toregas et al. 1971",
    ),
    "capacitated-cover": Model(
        pose_capacitated_cover,
        "the most demand within reach that the sites' capacities can serve",
        "在设施容量限制下覆盖最多需求",
        "Pirkul & Schilling 1991",
    ),
    "p-median": Model(
        pose_p_median,
        "the least travel of all demand to its site, capacities kept where sites have them",
        "使全部需求到设施的加权出行最小（p-中位），可考虑容量",
        "Hakimi 1964; ReVelle & Swain 1970; Elloumi 2010",
    ),
    "p-center": Model(
        pose_p_center,
        "the least worst travel: nobody is farther than need be",
        "使最远需求点到设施的出行最小（p-中心）",
        "Hakimi 1965; Minieka 1970; Elloumi, Labbe & Pochet 2004",
    ),
    "p-dispersion": Model(
        pose_p_dispersion,
        "new sites as far as can be from each other and from what is there",
        "使新站彼此之间及与现有站的最小间距最大（p-分散）",
        "Kuby 1987; Erkut 1990; Sayah & Irnich 2017",
    ),
    "fixed-charge": Model(
        pose_fixed_charge,
        "the least cost of sites and transport together, with or without capacities; cost decides how many",
        "建设成本与运输成本之和最小（固定费用选址），可考虑容量",
        "Balinski 1965; Cornuejols, Sridharan & Thizy 1991",
    ),
    "market-share": Model(
        pose_market_share,
        "the most demand drawn from competitors, or the fewest sites for a target share (Huff)",
        "在竞争者存在时获取最大市场份额，或以最少站点达到目标份额（哈夫模型）",
        "Huff 1964; Haase 2009; Haase & Mueller 2014",
    ),
    "charging": Model(
        pose_charging,
        "whole numbers of charging piles of several kinds under grid limits, the most energy served",
        "在电网限制下确定各类充电桩数量，满足最多充电需求",
        "Pirkul & Schilling 1991; Correia & Captivo 2003",
    ),
    "flow-refuelling": Model(
        pose_flow_refuelling,
        "stations that refuel the most trips, given the vehicle's range (FRLM)",
        "按车辆续航里程布局加能站，满足最多出行流量",
        "Kuby & Lim 2005; Capar et al. 2013",
    ),
    "hierarchical": Model(
        pose_hierarchical,
        "sites in tiers that feed each other, with capacities: the most served, or the least cost",
        "多级设施（如县乡村三级）的选址与供给关系",
        "Narula 1984; Sahin & Sural 2007",
    ),
}
"""Name -> model, in the order `siting models` lists them."""


def pose(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """The programme in the models' language; StudyError where its model is unknown or lacks an input."""
    name = inputs.programme.model
    if name not in MODELS:
        near = nearest(name, list(MODELS))
        hint = f"did you mean {near}?" if near else f"known are {', '.join(MODELS)}"
        raise StudyError(f"programmes.{inputs.name}.model   {name} is not a model; {hint}")
    refuse_unfit(inputs)
    if inputs.programme.phasing is not None:
        return pose_years(inputs, source, MODELS[name].pose)
    return MODELS[name].pose(inputs, source)
