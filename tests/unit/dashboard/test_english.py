"""English stands on its own: no Chinese letter in its words, marks and names."""

from __future__ import annotations

import re

from dashboard.panels.topbar import brand
from dashboard.words.texts import catalogue

CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
#: What a language is called in itself.
OWN_NAMES = {"language.name", "language.short"}


def test_english_words_have_no_chinese_letters() -> None:
    words = {key: value if isinstance(value, tuple) else (value,) for key, value in catalogue("en").items()}
    found = {key: value for key, value in words.items() if any(CHINESE.search(one) for one in value)}
    assert set(found) <= OWN_NAMES, found


def test_the_product_has_a_name_in_english() -> None:
    assert not CHINESE.search(str(brand("en"))) and "Gridboard" in str(brand("en"))
    assert "网格指挥图" in str(brand("zh_CN"))
