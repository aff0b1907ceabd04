"""A second step at the sign-in: switched on, used with a code of the phone, and with a recovery code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

PERIOD_SECONDS = 30
TYPING_SECONDS = 5


def code_of(secret: str) -> str:
    """Return what an authenticator app shows, once it shows it long enough to be typed (RFC 6238)."""
    if (left := PERIOD_SECONDS - time.time() % PERIOD_SECONDS) < TYPING_SECONDS:
        time.sleep(left)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // PERIOD_SECONDS)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def sign_out(page: Page) -> None:
    """Leave through the menu."""
    page.get_by_role("button", name=re.compile("^Menu of")).click()
    page.get_by_role("button", name="Sign out").click()


def second_step(page: Page, code: str) -> None:
    """Type a code on the page that asks for it."""
    page.locator("main input[name=code], .entrance input[name=code]").first.fill(code)
    page.locator("main form button[type=submit]").first.click()


def test_a_second_step_is_switched_on_and_asked_for(visit: Visit) -> None:
    visitor = visit()
    visitor.log_in("boral_vendor_wfm")
    page = visitor.page
    expect(page.get_by_role("button", name=re.compile("^Menu of"))).to_be_visible()
    visitor.go("/accounts/profile/")
    page.get_by_role("link", name="Set it up").click()
    page.locator("main a[href*='totp/activate']").click()
    secret = page.locator("#authenticator_secret").input_value()
    second_step(page, code_of(secret))
    codes = page.locator("main").inner_text() + visitor.go("/accounts/2fa/recovery-codes/").locator("main").inner_html()
    recovery = re.findall(r"\b[0-9a-f]{8}\b", codes)
    assert len(recovery) >= 10

    sign_out(page)
    visitor.log_in("boral_vendor_wfm")
    second_step(page, "000000")
    expect(page.locator("main")).to_contain_text("Incorrect code")
    second_step(page, code_of(secret))
    expect(page.get_by_role("button", name=re.compile("^Menu of"))).to_be_visible()

    sign_out(page)
    visitor.log_in("boral_vendor_wfm")
    second_step(page, recovery[0])
    expect(page.get_by_role("button", name=re.compile("^Menu of"))).to_be_visible()
