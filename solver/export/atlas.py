"""The maps of a run, drawn by a crew: each as soon as its programme has a result, while the others are solved."""

from collections.abc import Mapping

import geopandas as gpd

from solver.events import Listener
from solver.export.folder import for_page, map_of
from solver.inputs.instance import Instance
from solver.inputs.roads import Roads
from solver.inputs.travel import Matrix, attribution
from solver.results.backdrop import Box, bounds_of, kept_under
from solver.results.result import ProgrammeResult, StudyResult
from solver.words.speech import Speech
from solver.workers.crew import Crew, Later

Picture = tuple[bytes, bytes]
"""A map as PNG, and the same in fewer colours for the page."""


class Atlas:
    """The maps of a study's programmes and the roads under them, which are looked for at once."""

    def __init__(self, crew: Crew, instance: Instance, source: Roads | Matrix, speech: Speech) -> None:
        self._crew, self._source, self._speech = crew, source, speech
        self._attribution = attribution(instance.file)
        parts = instance.programmes.values()
        self._bounds = bounds_of(frame for part in parts for frame in (part.site_frame, part.demand_frame))
        self._roads: Later[gpd.GeoDataFrame | None] = crew.later(roads_under, source, self._bounds)
        self._results: list[ProgrammeResult] = []
        self._drawn: dict[str, Later[Picture | None]] = {}

    def add(self, result: ProgrammeResult) -> None:
        """Draw the map of a result; later, where the roads under it are not there yet."""
        self._results.append(result)
        if self._roads.is_there:
            self._draw()

    def under(self, result: StudyResult) -> gpd.GeoDataFrame | None:
        """The roads under the maps of all plans."""
        bounds = bounds_of(table for p in result.programmes.values() for table in (p.site_table, p.demand_table))
        if bounds != self._bounds:  # some programme has no plan: those that have one are alone on the maps
            self._bounds, self._drawn, self._results = bounds, {}, list(result.programmes.values())
            self._roads = self._crew.later(roads_under, self._source, bounds)
        roads = self._crew.answer_of(self._roads)
        self._draw()
        return roads

    def pictures(self) -> Mapping[str, Picture]:
        """Programme -> its map, of those that have places to draw."""
        drawn = {name: self._crew.answer_of(later) for name, later in self._drawn.items()}
        return {name: picture for name, picture in drawn.items() if picture is not None}

    def _draw(self) -> None:
        roads = self._roads.answer()
        for result in self._results:
            told = (result, roads, self._speech, self._attribution)
            self._drawn[result.name] = self._crew.later(drawn_map, *told)
        self._results.clear()


def ready_to_draw(_listen: Listener) -> None:
    """Load what draws, so that no map waits for it."""
    import solver.maps.plan_map  # noqa: F401 - it takes its time


def roads_under(source: Roads | Matrix, bounds: Box | None, _listen: Listener) -> gpd.GeoDataFrame | None:
    """The roads within the bounds, small enough to lie under a map; None where there are none."""
    return kept_under(source, bounds) if isinstance(source, Roads) and bounds is not None else None


def drawn_map(
    programme: ProgrammeResult, roads: gpd.GeoDataFrame | None, speech: Speech, attribution: str, _listen: Listener
) -> Picture | None:
    """The map of a programme; None where it has no places."""
    png = map_of(programme, roads, speech, attribution)
    return None if png is None else (png, for_page({programme.name: png})[programme.name])
