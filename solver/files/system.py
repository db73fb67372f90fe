"""What the system says of files that it does not read or write."""

import errno

from models.messages import Message, say

SAID: dict[int, Message] = {
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"),
    errno.ENOENT: say("No such file or directory"),
    errno.EISDIR: say("Is a directory"),
    errno.ENOTDIR: say("Not a directory"),
    errno.ENOTEMPTY: say("Directory not empty"),
    errno.EEXIST: say("File exists"),
    errno.EROFS: say("Read-only file system"),
    errno.EBUSY: say("Device or resource busy"),
    errno.EIO: say("Input/output error"),
    errno.EMFILE: say("Too many open files"),
    errno.ENAMETOOLONG: say("File name too long"),
}
"""The commonest ends, as the system words them."""


def of_system(error: OSError) -> Message | str:
    """Why the system did not do it; what is not known here in the system's own words."""
    return SAID.get(error.errno or 0, error.strerror or str(error))
