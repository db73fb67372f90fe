"""Output that nobody reads to its end, as in `siting models | head`, ends no command."""

import errno
import io
import os
from typing import Any

GONE = (errno.EPIPE, errno.EINVAL)
"""What a system says of a pipe whose reader has gone; Windows says the second."""


class _Unread(io.RawIOBase):
    """Bytes to a descriptor; what nobody reads any more is dropped."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._open = descriptor, True

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, content: Any) -> int:
        if self._open:
            try:
                return os.write(self._descriptor, content)
            except OSError as error:
                if error.errno not in GONE:
                    raise
                self._open = False
        return len(content)


def unread_goes_nowhere(stream: Any) -> Any:
    """The stream of a process, or one in its place that goes on where the other end of its pipe is closed.

    A terminal, a stream that is closed, and what a test puts in its place stay as they are.
    """
    try:
        descriptor = stream.fileno()
        if stream.isatty():
            return stream
        stream.flush()
    except (AttributeError, OSError, ValueError):
        return stream
    inner = io.BufferedWriter(_Unread(descriptor))
    return io.TextIOWrapper(inner, encoding=stream.encoding, errors=stream.errors, line_buffering=True)
