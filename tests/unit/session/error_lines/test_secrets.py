"""No password and no token of a pasted line is shown or saved."""

import pytest

from layerwalk.probes.secrets import without_secrets
from layerwalk.session.error_lines import read_errors

FAILED = "dial tcp 192.0.2.5:443: i/o timeout"


@pytest.mark.parametrize(
    "secret",
    [
        "https://app:hunter2@api.internal/v1",
        "https://hunter2@api.internal/v1",
        "postgres://app:hunt/er2@db.internal/shop",
        "postgres://app:hunter2@@db.internal/shop",
        "https://api.internal/v1?page=2&access_token=hunter2",
        "https://api.internal/v1?api_key=hunter2&page=2",
        "https://bucket.internal/x?X-Amz-Signature=hunter2",
        "https://api.internal/v1?sig=hunter2",
        "host=db.internal password=hunter2 user=app",
        "host=db.internal password='hunter2 and more' user=app",
        '{"password": "hunter2"}',
        "PGPASSWORD=hunter2 psql",
        "Authorization: Bearer hunter2.hunter2",
        "authorization: Basic aHVudGVyMg==",
        "Cookie: session=hunter2; other=hunter2",
    ],
)
def test_a_secret_is_left_out(secret: str) -> None:
    text = f"request {secret} failed: {FAILED}"
    shown = [without_secrets(text), *(found.entry.text for found in read_errors(text))]
    for saying in (*shown, *(str(found) for found in read_errors(text))):
        assert "hunt" not in saying
        assert "aHVudGVyMg" not in saying
    assert len(shown) > 1


@pytest.mark.parametrize(
    "text",
    [FAILED, "https://api.internal:8443/v1?page=2", "lookup db.internal on 192.0.2.2:53"],
)
def test_the_rest_stays(text: str) -> None:
    assert without_secrets(text) == text
