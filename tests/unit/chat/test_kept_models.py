from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.kept_models import KeptModels, content_of, kept_from
from app.chat.models import Effort, Model

READ_AT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
NAMED = st.text(min_size=1, max_size=5)
LISTS = st.lists(
    st.builds(
        Model,
        NAMED,
        NAMED,
        st.text(max_size=5),
        is_listed=st.booleans(),
        efforts=st.lists(
            st.builds(Effort, NAMED, st.text(max_size=5)),
            max_size=3,
            unique_by=lambda one: one.name,
        ).map(tuple),
        default_effort=st.text(max_size=5),
        takes_summary=st.booleans(),
        takes_verbosity=st.booleans(),
        takes_images=st.booleans(),
        context_window=st.none() | st.integers(1, 10**7),
        replacement=st.text(max_size=5),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.slug,
).map(tuple)


@given(LISTS)
def test_a_list_comes_back_as_it_was(models: tuple[Model, ...]) -> None:
    kept = KeptModels(models, '"mark"', READ_AT)
    assert kept_from(content_of(kept, "1.2"), "1.2") == kept


def test_without_a_moment() -> None:
    kept = KeptModels((Model("m", "m"),))
    assert kept_from(content_of(kept, "1.2"), "1.2") == kept


def test_what_another_version_asked_for_is_asked_for_anew() -> None:
    kept = KeptModels((Model("m", "m"),), '"mark"', READ_AT)
    assert kept_from(content_of(kept, "1.2"), "1.3") == KeptModels(kept.models)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"models": 1}', b'{"models": []}'])
def test_what_is_no_list(content: bytes) -> None:
    assert kept_from(content, "1.2") is None


@pytest.mark.parametrize(
    "strange",
    [
        {"etag": 1, "read_at": 1},
        {"etag": None, "read_at": "yesterday"},
        {"read_at": "2026-11-22T15:30:00"},  # whose time?
    ],
)
def test_strange_values_count_as_not_told(strange: dict[str, Any]) -> None:
    content = json.dumps({"client_version": "1", "models": [{"slug": "m"}], **strange}).encode()
    assert kept_from(content, "1") == KeptModels((Model("m", "m"),))
