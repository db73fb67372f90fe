"""`siting`: the entry point."""

import sys


def main() -> None:
    """Run the command line; says so, before anything else is imported, when another `models` shadows ours."""
    from solver.cli.pipes import unread_goes_nowhere
    from solver.guard import shadowed_models

    try:
        fault = shadowed_models()
        if fault is not None:
            sys.stderr.write(f"siting: {fault}\n")
            raise SystemExit(2)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a console that lacks a sign shows ? instead of ending the run
        sys.stdout, sys.stderr = unread_goes_nowhere(sys.stdout), unread_goes_nowhere(sys.stderr)
        from solver.cli.group import siting

        siting.main(prog_name="siting")
    except KeyboardInterrupt:  # while modules are loaded, before a command has begun
        sys.stderr.write("stopped before anything was done; nothing was written\n")
        raise SystemExit(6) from None


if __name__ == "__main__":
    main()
