"""What a page may do: show what is in it. It asks no other computer for anything, and runs no script but its own."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable


def policy(scripts: Iterable[str] = ()) -> str:
    """The page's policy, which stands in its head before everything that may ask for something.

    Browsers then make no request and run exactly `scripts`, each known by its hash; pictures lie in the page itself.
    """
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _sha256(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()
