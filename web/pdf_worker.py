"""The worker process of PDF documents: pages in, documents out, each after its length; an empty one for a failed page."""

from __future__ import annotations

import logging
import struct
import sys
from typing import BinaryIO

LENGTH = struct.Struct(">I")


def set_page(page: str) -> bytes:
    """The page as PDF. Its addresses are all inside it: nothing is fetched."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    inside_alone = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    made: bytes = HTML(string=page, url_fetcher=inside_alone).write_pdf()
    return made


def work(pages: BinaryIO, documents: BinaryIO) -> None:
    """Until the asking process has gone."""
    while len(head := pages.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        body = pages.read(length)
        if len(body) < length:
            return
        try:
            made = set_page(body.decode())
        except Exception as error:
            # its words may be the page's
            print(f"document not set: {type(error).__name__}", file=sys.stderr)
            made = b""
        documents.write(LENGTH.pack(len(made)) + made)
        documents.flush()


if __name__ == "__main__":
    # it would quote the page
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    work(sys.stdin.buffer, sys.stdout.buffer)
