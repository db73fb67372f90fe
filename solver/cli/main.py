"""`siting`: the entry point."""

import os
import sys


def main() -> None:
    """Run the command line; says so, before anything else is imported, when another `models` shadows ours."""

    try:
        _run()
    finally:
        _end_what_was_left_behind()


def _run() -> None:
    """The command, and what is looked at before it is loaded."""
    from solver.cli.pipes import unread_goes_nowhere
    from solver.cli.shadowed_models import shadowed_models
    from solver.words.language import language_of

    try:
        fault = shadowed_models(language_of(os.environ))
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
        from models.messages import say, worded
        from solver.cli.language import speech_of

        stopped = worded(say("stopped before anything was done; nothing was written"), speech_of(None))
        sys.stderr.write(f"{stopped}\n")
        raise SystemExit(6) from None


def _end_what_was_left_behind() -> None:
    """End the process at once where an engine that did not keep its time is at work still: nothing else can end it."""
    interrupt = sys.modules.get("solver.engines.interrupt")
    ended = sys.exc_info()[1]
    if interrupt is None or not interrupt.anything_left_behind() or not isinstance(ended, SystemExit):
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ended.code if isinstance(ended.code, int) else int(ended.code is not None))


if __name__ == "__main__":
    main()
