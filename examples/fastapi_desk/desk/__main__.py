"""Serve the desk on this machine: ``python -m desk``, then open http://127.0.0.1:8000."""

from __future__ import annotations

import os
from datetime import datetime

import uvicorn

from desk.app import create_app
from desk.people import DESK
from desk.synthetic import open_filled
from igate import VIETNAM, OneStop

if __name__ == "__main__":
    url = os.environ.get("DESK_DATABASE", "sqlite:///desk.db")
    now = datetime.now(tz=VIETNAM).replace(microsecond=0)
    open_filled(url, until=now)
    with OneStop.open(url, agency=DESK) as office:
        uvicorn.run(create_app(office), port=int(os.environ.get("DESK_PORT", "8000")))
