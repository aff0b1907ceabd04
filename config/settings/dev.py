"""The settings of ``make run``: one machine, plain HTTP on loopback, keys made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
import warnings
from functools import partial
from pathlib import Path

from celery.exceptions import SecurityWarning

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, FIELD_KEYS, SECRET_KEY
from config.settings.base import WEB_URL as NAMED_URL

DEBUG = False
DEMO_ALLOWED = True
WEB_URL = NAMED_URL or "http://127.0.0.1:8000"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


def _kept_secret(name: str) -> str:
    """Return a random secret that survives restarts, readable by this user only."""
    path = Path(DATA_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=partial(os.open, mode=0o600)) as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


SECRET_KEY = SECRET_KEY or _kept_secret("secret_key")
FIELD_KEYS = FIELD_KEYS or [_kept_secret("field_key")]
# Served straight from the sources; there is nothing to collect.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
SESSION_COOKIE_NAME = "callsteward_session"

# In a container or on a rented machine root may be all there is. What Celery warns of then are pickled messages, and
# CELERY_ACCEPT_CONTENT takes JSON alone; a deployment has a user of its own (Dockerfile) and keeps the warning.
warnings.filterwarnings("ignore", category=SecurityWarning)
