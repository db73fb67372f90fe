"""What an installation without the source tree gets."""

import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_every_package_of_the_tree_is_listed(setup: configparser.ConfigParser) -> None:
    listed = setup["options"]["packages"].split()
    there = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for top in ("models", "solver")
        for file in (ROOT / top).rglob("*.py")
    }
    assert listed == sorted(there)


def test_the_teaching_studies_travel_as_data(setup: configparser.ConfigParser) -> None:
    studies = sorted(path.parent.name for path in (ROOT / "instances/teaching").glob("*/study.toml"))
    assert dict(setup["options.data_files"]) == {"share/siting/teaching": "instances/teaching/README.md"} | {
        f"share/siting/teaching/{name}": f"instances/teaching/{name}/*" for name in studies
    }


def test_only_python_the_type_marker_and_the_files_of_the_page_need_to_travel(setup: configparser.ConfigParser) -> None:
    data = {
        file.relative_to(ROOT).as_posix()
        for top in ("models", "solver")
        for file in (ROOT / top).rglob("*")
        if file.is_file() and file.suffix not in {".py", ".pyc", ".nbi", ".nbc"}
    }
    listed = dict(setup["options.package_data"])
    globs = [(ROOT / package.replace(".", "/"), glob) for package, text in listed.items() for glob in text.split(", ")]
    assert data == {file.relative_to(ROOT).as_posix() for folder, glob in globs for file in folder.glob(glob)}
