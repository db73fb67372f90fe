"""Rebuild the layers of the reference study: python -m instances.zhuzhou.generator instances/zhuzhou [OUT]."""

import sys
from pathlib import Path

from instances.zhuzhou.generator.build import rebuild


def main(arguments: list[str]) -> int:
    """Build and say what was written; 2 on wrong use."""
    if len(arguments) not in (1, 2) or not (Path(arguments[0]) / "generator.toml").is_file():
        print(__doc__, file=sys.stderr)
        return 2
    for name, rows in rebuild(Path(arguments[0]), Path(arguments[1]) if len(arguments) == 2 else None).items():
        print(f"{name:24s} {rows:8,d} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
