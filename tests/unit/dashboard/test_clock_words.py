"""Clocks are worded by the server and tick in the browser: both say the same at every moment."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.words.formats import clock, relative
from dashboard.words.texts import texts_for_client
from rules.sla import Step

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 6, 15, 4, 30, tzinfo=UTC)
SECONDS = (0, 59, 60, 3599, 3600, 3660, 86399, 86400, 90000, 863999, 864000, 40 * 86400)
SCRIPT = """
import { relative, timeLeft } from './dashboard/assets/app/core/format.mjs';
import { store } from './dashboard/assets/app/core/store.mjs';
import { useTexts } from './dashboard/assets/app/core/words.mjs';
globalThis.document = { documentElement: { lang: 'zh-CN' } };
const { texts, locale, now, clocks, ages } = JSON.parse(process.argv[1]);
useTexts(texts, locale);
store.now = () => Date.parse(now);
console.log(JSON.stringify([clocks.map(([due, step]) => timeLeft(due, step).text), ages.map((at) => relative(at))]));
"""


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_browser_words_a_clock_as_the_server_does(locale: str) -> None:
    moments = [NOW + sign * timedelta(seconds=length) for length in SECONDS for sign in (1, -1)]
    clocks = [(at, step) for at in moments for step in (None, *(step.value for step in Step))]
    ages = [NOW - timedelta(seconds=length) for length in SECONDS if length < 86400]
    given = {
        "texts": texts_for_client(locale), "locale": locale, "now": NOW.isoformat(),
        "clocks": [(at.isoformat(), step) for at, step in clocks], "ages": [at.isoformat() for at in ages],
    }  # fmt: skip
    command = ["node", "--input-type=module", "-e", SCRIPT, json.dumps(given)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    left, since = json.loads(told.stdout)
    assert left == [clock(at, NOW, locale, step=step) for at, step in clocks]
    assert since == [relative(at, NOW, locale, "Asia/Shanghai") for at in ages]


def test_a_clock_says_which_one_it_is() -> None:
    late = NOW - timedelta(days=18)
    assert clock(late, NOW, "zh_CN", step="contact") == "首次联系 超期 18\u00a0天"
    assert clock(late, NOW, "en", step="contact") == "First contact overdue by 18\u00a0d"
