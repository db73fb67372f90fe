"""`siting`: the entry point."""

import sys


def main() -> None:
    """Run the command line; says so, before anything else is imported, when another `models` shadows ours."""
    from solver.guard import shadowed_models

    fault = shadowed_models()
    if fault is not None:
        sys.stderr.write(f"siting: {fault}\n")
        raise SystemExit(2)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a sign shows ? instead of ending the run
    from solver.cli.group import siting

    siting.main(prog_name="siting")


if __name__ == "__main__":
    main()
