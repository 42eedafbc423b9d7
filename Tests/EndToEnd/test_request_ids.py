"""The id that the web server gives a request names it in every response, also where the request is refused."""

import pytest

from fcgi_client import FastCGIConnection

ID = {"HTTP_X_REQUEST_ID": "given-by.the_web-server"}


@pytest.mark.parametrize(
    ("status", "method", "target", "size", "more"),
    [
        (200, "GET", "/health", 0, {}),
        (400, "GET", "/events/%zz", 0, {}),
        (404, "GET", "/nothing", 0, {}),
        (413, "POST", "/events", (1 << 20) + 1, {}),
        (431, "GET", "/health", 0, {"HTTP_X_LONG": "x" * 65_536}),
    ],
)
def test_the_id_is_the_one_that_was_given(
    connection: FastCGIConnection, status: int, method: str, target: str, size: int, more: dict[str, str]
) -> None:
    answer = connection.request(method, target, b"x" * size, "application/json" if size else None, {**more, **ID})
    assert answer.status == status
    assert answer.field("X-Request-Id") == ID["HTTP_X_REQUEST_ID"]
