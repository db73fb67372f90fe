"""Reading a study file: every fault at once, each with place, fact and remedy."""

from pathlib import Path

import pytest

from solver.errors import StudyError
from solver.study.faults import nearest
from solver.study.read import overridden, read_study, toml_value

SOUND = """
[study]
name = "small"
crs = "EPSG:4547"
[network]
file = "roads.parquet"
[programmes.parking]
model = "max-cover"
open = 3
[programmes.parking.demand]
file = "places.csv"
id = "place_id"
[programmes.parking.sites]
file = "sites.csv"
id = "site_id"
[programmes.parking.reach]
limit_m = 500
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_study_is_read_with_its_defaults(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, SOUND)).study
    reach = study.programmes["parking"].reach
    assert reach is not None
    assert (reach.limit, reach.unit, reach.mode) == (500, "m", "drive")


def test_all_faults_are_reported_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    text = SOUND.replace("open = 3", "opne = 3").replace("limit_m = 500", "limit_m = -5")
    with pytest.raises(StudyError) as caught:
        read_study(write(tmp_path, text))
    assert str(caught.value) == (
        "study.toml: 2 faults\n"
        "  programmes.parking.opne            is not a known key; did you mean open?\n"
        "  programmes.parking.reach.limit_m   is -5; must be above 0"
    )


def test_two_limits_or_none_are_refused(tmp_path: Path) -> None:
    text = SOUND.replace("limit_m = 500", "limit_m = 500\nlimit_min = 3")
    with pytest.raises(StudyError, match=r"programmes.parking.reach   needs exactly one of limit_m and limit_min"):
        read_study(write(tmp_path, text))


def test_an_override_is_validated_like_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    assert read_study(path, ["programmes.parking.budget=2e9"]).study.programmes["parking"].budget == 2e9
    with pytest.raises(StudyError, match=r"programmes.parking.budget   is -1; must be at least 0"):
        read_study(path, ["programmes.parking.budget=-1"])


def test_an_override_that_is_no_assignment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"is not KEY=VALUE"):
        read_study(write(tmp_path, SOUND), ["programmes.parking.open"])


def test_overrides_reach_into_lists() -> None:
    raw = {"tiers": [{"name": "county"}, {"name": "village"}]}
    assert overridden(raw, "tiers.1.name=hamlet") == {"tiers": [{"name": "county"}, {"name": "hamlet"}]}
    assert raw["tiers"][1] == {"name": "village"}  # the original stays as it was
    with pytest.raises(StudyError, match=r"`7` is not a position in a list of 2"):
        overridden(raw, "tiers.7.name=hamlet")


@pytest.mark.parametrize(
    ("text", "value"),
    [("2e9", 2e9), ("135", 135), ("true", True), ("[1, 2]", [1, 2]), ("highs", "highs"), ('"7"', "7")],
)
def test_a_value_on_the_command_line_is_toml_or_plain_text(text: str, value: object) -> None:
    assert toml_value(text) == value


def test_a_file_that_is_missing_or_no_toml_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="does not exist"):
        read_study(tmp_path / "none.toml")
    with pytest.raises(StudyError, match="is not valid TOML"):
        read_study(write(tmp_path, "[study\n"))


def test_the_nearest_name_is_offered_only_when_it_is_near() -> None:
    assert nearest("wieght", ["weight", "group"]) == "weight"
    assert nearest("budget", ["x", "y"]) is None
