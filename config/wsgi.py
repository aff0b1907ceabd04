"""The WSGI entry point."""

from __future__ import annotations

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
application = get_wsgi_application()

from core.checks import require_walls  # noqa: E402 - needs the settings

require_walls()

# What is loaded now stays until the end; a collector that walks it again and again takes a tenth of every page.
import_module(settings.ROOT_URLCONF)
gc.freeze()
