"""Our mathematics lives in a package with a plain name; say so when another module of that name comes first."""

import importlib.util
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]


MISSING = (
    "the package models of siting-solver is missing beside {solver}; install siting-solver again",
    "{solver} 旁缺少 siting-solver 的软件包 models；请重新安装 siting-solver",
)
OTHER = (
    "another module named models comes before ours: {found}; siting needs {ours}. Start siting from another folder, "
    "take that place out of PYTHONPATH, or install siting-solver in an environment of its own (pipx install "
    "siting-solver)",
    "另有名为 models 的模块排在前面：{found}；siting 需要 {ours}。请在其他文件夹中启动 siting，将该位置移出 "
    "PYTHONPATH，或将 siting-solver 安装在单独的环境中（pipx install siting-solver）",
)
"""English and Chinese here, for without our package there is no catalogue."""


def shadowed_models(lang: str = "en") -> str | None:
    """What stands in the way of our package `models` and what to do, None where nothing does. Imports nothing of it."""
    zh = lang == "zh"
    spec = importlib.util.find_spec("models")
    if spec is None:
        return MISSING[zh].format(solver=HOME / "solver")
    found = Path(spec.origin).resolve() if spec.origin else Path(next(iter(spec.submodule_search_locations or [""])))
    if found == HOME / "models" / "__init__.py" and (HOME / "models" / "program.py").is_file():
        return None
    return OTHER[zh].format(found=found, ours=HOME / "models")
