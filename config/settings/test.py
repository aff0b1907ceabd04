"""The settings of the test suite: real servers, fast password hashing, fixed keys."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403

SECRET_KEY = "tests-only-" + "k" * 50
FIELD_KEYS = ["00" * 32]
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Served straight from the sources; there is nothing to collect.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CRASH_POINTS = True
DEMO_ALLOWED = True
