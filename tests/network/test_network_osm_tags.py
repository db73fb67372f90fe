import pytest

from solver.network.osm_tags import blocking_modes, level, maxspeed_kph, maxspeed_text, may_use, oneway, road_class

MODES = ("drive", "walk", "truck")


@pytest.mark.parametrize(
    ("text", "kph"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("50kmh", 50),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("10 knots", 18.52),
        ("7,5", 7.5),
        ("none", 130),
        ("walk", 7),
        ("90;60", 60),
        ("100|80|60", 60),
        ("zone30", 30),
        ("zone:30", 30),
        ("DE:zone:30", 30),
        ("CN:urban", 50),
        ("FR:motorway", 120),
        ("US-OH:urban", 50),
        ("signals", None),
        ("variable", None),
        ("0", None),
        ("-5", None),
        ("900", None),
        ("fast", None),
        ("", None),
        ("signals;80", 80),
    ],
)
def test_maxspeed_is_read_in_its_many_spellings(text, kph):
    assert maxspeed_kph(text) == (None if kph is None else pytest.approx(kph))


def test_speeds_by_direction_serve_where_there_is_no_common_one():
    assert maxspeed_text({"maxspeed:forward": "80", "maxspeed:backward": "60"}) == "80;60"
    assert maxspeed_text({"maxspeed:forward": "80", "maxspeed": "70"}) == "70"
    assert maxspeed_text({}) == ""


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({}, "both"),
        ({"oneway": "yes"}, "forward"),
        ({"oneway": "1"}, "forward"),
        ({"oneway": "-1"}, "backward"),
        ({"oneway": "reverse"}, "backward"),
        ({"junction": "roundabout"}, "forward"),
        ({"junction": "roundabout", "oneway": "-1"}, "backward"),
        ({"junction": "circular", "oneway": "no"}, "both"),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, "both"),
        ({"oneway": "what"}, "both"),
    ],
)
def test_one_way_streets_run_as_tagged_and_roundabouts_as_drawn(tags, direction):
    assert oneway(tags, "residential") == direction


def test_motorways_are_one_way_unless_tagged():
    assert oneway({}, "motorway") == "forward"
    assert oneway({"oneway": "no"}, "motorway") == "both"
    assert oneway({}, "motorway_link") == "both"


@pytest.mark.parametrize(
    ("tags", "way_class", "who"),
    [
        ({}, "residential", "drive walk truck"),
        ({}, "motorway", "drive truck"),
        ({}, "footway", "walk"),
        ({}, "track", "walk"),
        ({"motor_vehicle": "yes"}, "track", "drive walk truck"),
        ({"access": "yes"}, "footway", "walk"),  # general access does not open a footpath to cars
        ({"access": "private"}, "service", ""),
        ({"access": "no", "foot": "yes"}, "service", "walk"),
        ({"access": "no", "motor_vehicle": "destination"}, "service", "drive truck"),
        ({"access": "customers"}, "service", "drive walk truck"),
        ({"motor_vehicle": "no"}, "residential", "walk"),
        ({"motor_vehicle": "no", "motorcar": "yes"}, "residential", "drive walk"),
        ({"hgv": "no"}, "primary", "drive walk"),
        ({"hgv": "designated", "motorcar": "no"}, "primary", "walk truck"),
        ({"motor_vehicle": "delivery"}, "living_street", "walk truck"),
        ({"vehicle": "no;destination"}, "residential", "walk"),
        ({"foot": "use_sidepath"}, "primary", "drive truck"),
        ({"motorroad": "yes"}, "trunk", "drive truck"),
        ({"oneway": "reversible"}, "primary", "walk"),
        ({"access": "unknown"}, "service", "drive walk truck"),
    ],
)
def test_the_most_specific_access_tag_decides_then_the_class(tags, way_class, who):
    assert " ".join(mode for mode in MODES if may_use(tags, way_class, mode)) == who


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, "drive truck"),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, ""),
        ({"barrier": "gate"}, ""),
        ({"barrier": "gate", "access": "private"}, "drive walk truck"),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, "drive truck"),
        ({"barrier": "lift_gate", "hgv": "no"}, "truck"),
        ({"barrier": "toll_booth"}, ""),
    ],
)
def test_barriers_stop_cars_and_gates_stand_open_unless_tagged(tags, stopped):
    assert " ".join(blocking_modes(tags, MODES)) == stopped


def test_only_roads_have_a_class_and_ferries_only_when_wanted():
    assert road_class({"highway": "construction"}) is None
    assert road_class({"highway": "pedestrian", "area": "yes"}) is None
    assert road_class({"highway": "tertiary_link"}) == "tertiary_link"
    assert road_class({"route": "ferry"}) is None
    assert road_class({"route": "ferry"}, ferries=True) == "ferry"


def test_bridges_lie_above_and_tunnels_below_unless_a_layer_is_given():
    assert level({"bridge": "viaduct"}) == 1
    assert level({"tunnel": "building_passage"}) == -1
    assert level({"bridge": "yes", "layer": "3"}) == 3
    assert level({"layer": "-2"}) == -2
    assert level({"layer": "ground"}) == 0
    assert level({"tunnel": "no"}) == 0
