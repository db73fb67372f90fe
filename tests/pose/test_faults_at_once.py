"""A run tells the faults of all its programmes before it solves any of them."""

from pathlib import Path

from tests.pose.matrix_study import run, write_study

FINE = 'model = "max-cover"\nopen = 1\nsites = { file = "sites.csv", id = "id" }\nreach = { limit_m = 500 }'
SHORT = 'model = "set-cover"\nsites = { file = "sites.csv", id = "id" }\nreach = { limit_m = 200 }'


def test_nothing_is_solved_where_later_programmes_have_faults(tmp_path: Path) -> None:
    folder = write_study(
        tmp_path,
        {"first": FINE, "second": SHORT, "third": SHORT},
        places={"a": 6.0, "b": 4.0},
        sites={"id": ["s"]},
        travel={"a": {"s": 100}, "b": {"s": 300}},
    )
    ended = run(folder)
    assert ended.exit_code == 3
    assert "study.toml: 2 faults" in ended.output
    for name in ("second", "third"):
        assert f"programmes.{name}   1 place cannot be covered" in ended.output.replace("    ", "   ")
    assert "formulating" not in ended.output
    assert run(folder, "-p", "first").exit_code == 0
