"What a request that failed may have done, and what an answer says beside its body."

import ssl
import time
import traceback
from datetime import UTC, datetime

import httpx
import httpx2
import pytest
from pydantic import SecretStr

from target_group_kit.contract.errors import NoAnswer, NotSent
from target_group_kit.exchange.transport import (
    LARGEST,
    Bearer,
    Reply,
    failure,
    retry_after,
    send,
    trace_of,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
URL = "https://api.cint.com/v1/x"
TOKEN = "eyJ-planted-token"
NEVER_LEFT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"}


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


def raised(kind: type[Exception]) -> Exception:
    problem = kind.__new__(kind)
    Exception.__init__(problem, "as it happens")
    return problem


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_every_error_of_both_libraries_is_classified(library):
    kinds = subclasses(library.HTTPError) | subclasses(library.StreamError)
    kinds |= {library.InvalidURL, library.CookieConflict}
    public = {kind for kind in kinds if hasattr(library, kind.__name__)}
    assert len(public) > 20
    safe = {kind.__name__ for kind in public if isinstance(failure(raised(kind), "h"), NotSent)}
    open_ = {kind.__name__ for kind in public if isinstance(failure(raised(kind), "h"), NoAnswer)}
    assert safe == NEVER_LEFT | {"InvalidURL"}
    assert open_ == {kind.__name__ for kind in public} - safe


@pytest.mark.parametrize("error", [ConnectionResetError("x"), TimeoutError(), ssl.SSLError("x")])
def test_what_the_system_raises_leaves_it_open(error):
    assert isinstance(failure(error, "h"), NoAnswer)


def test_a_mistake_in_a_program_is_no_failure_of_the_way():
    def handler(request):
        raise LookupError("a mistake")

    with (
        httpx.Client(transport=httpx.MockTransport(handler)) as http,
        pytest.raises(LookupError, match="a mistake"),
    ):
        send(http, "GET", URL)


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (
            httpx.ConnectError("[Errno -2] Name or service not known"),
            NotSent,
            "Nothing was sent: no connection to api.cint.com (ConnectError: [Errno -2] Name or "
            "service not known). Check the network and the address; sending again is safe.",
        ),
        (
            httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
            NotSent,
            "Nothing was sent: no connection to api.cint.com (ConnectError: [SSL: "
            "CERTIFICATE_VERIFY_FAILED] certificate verify failed). Its certificate isn't trusted; "
            "behind a proxy, SSL_CERT_FILE names its authority.",
        ),
        (
            httpx.ReadTimeout("The read operation timed out"),
            NoAnswer,
            "No usable answer from api.cint.com (ReadTimeout: The read operation timed out). "
            "The request may have arrived.",
        ),
        (
            httpx.PoolTimeout(""),
            NotSent,
            "Nothing was sent: no connection to api.cint.com (PoolTimeout). Check the network and "
            "the address; sending again is safe.",
        ),
    ],
)
def test_what_is_said(error, kind, said):
    def handler(request):
        raise error

    with (
        httpx.Client(transport=httpx.MockTransport(handler)) as http,
        pytest.raises(kind) as caught,
    ):
        send(http, "POST", URL)
    assert str(caught.value) == said
    assert (caught.value.status, caught.value.trace_id) == (None, None)


def test_redirects_are_not_followed():
    seen = []

    def handler(request):
        seen.append(str(request.url))
        return httpx.Response(308, headers={"location": "https://evil.example/"})

    with httpx.Client(transport=httpx.MockTransport(handler), follow_redirects=True) as http:
        assert send(http, "POST", URL, auth=Bearer(SecretStr(TOKEN))).status == 308
    assert seen == [URL]


def test_the_token_travels_and_does_not_show():
    seen = []

    def handler(request):
        seen.append(request.headers["authorization"])
        return httpx.Response(200)

    bearer = Bearer(SecretStr(TOKEN))
    with httpx.Client(transport=httpx.MockTransport(handler)) as http:
        send(http, "GET", URL, auth=bearer)
    assert seen == [f"Bearer {TOKEN}"]
    assert TOKEN not in repr(bearer)


def test_httpx2_serves_as_well():
    handler = httpx2.MockTransport(
        lambda request: httpx2.Response(200, text=request.headers["authorization"])
    )
    with httpx2.Client(transport=handler) as http:
        reply = send(http, "POST", URL, content=b"{}", auth=Bearer(SecretStr("t")))
    assert (reply.status, reply.body) == (200, b"Bearer t")


@pytest.mark.parametrize(
    "stop", [httpx.ReadError("x"), httpx.ConnectError("x"), KeyboardInterrupt()]
)
def test_an_error_leaves_the_frames_that_hold_the_token_behind(stop):
    def handler(request):
        shown = dict(request.headers)
        assert TOKEN in str(shown)
        raise stop

    with httpx.Client(transport=httpx.MockTransport(handler)) as http:
        try:
            send(http, "POST", URL, auth=Bearer(SecretStr(TOKEN)))
        except (NoAnswer, NotSent, KeyboardInterrupt) as problem:
            whole = traceback.TracebackException.from_exception(problem, capture_locals=True)
    assert (whole.__cause__, whole.__context__) == (None, None)
    assert [frame.name for frame in whole.stack][-1] == "send"
    assert TOKEN not in "".join(whole.format())


class Endless(httpx.SyncByteStream):
    def __init__(self, chunk: bytes, seconds: float = 0) -> None:
        self.chunk, self.seconds, self.closed = chunk, seconds, False

    def __iter__(self):
        while True:
            time.sleep(self.seconds)
            yield self.chunk

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("stream", "patience", "said"),
    [
        (Endless(b"x" * 2**20), 60, f"the answer is longer than {LARGEST} bytes"),
        (Endless(b"x", 0.02), 0.1, "the answer took longer than 0.1 s"),
    ],
)
def test_an_answer_without_an_end_is_cut_off(stream, patience, said):
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=stream))
    with httpx.Client(transport=transport) as http, pytest.raises(NoAnswer, match=said):
        send(http, "GET", URL, timeouts=(1, patience, 1, 1))
    assert stream.closed


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"id"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object(body):
    reply = Reply(200, {"x-request-id": "7c1d"}, body)
    with pytest.raises(NoAnswer, match="holds no JSON object") as caught:
        reply.json()
    assert (caught.value.status, caught.value.trace_id) == (200, "7c1d")


PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize(
    ("headers", "trace"),
    [
        ({}, None),
        ({"traceparent": PARENT}, "0af7651916cd43dd8448eb211c80319c"),
        ({"traceparent": PARENT, "x-request-id": "a"}, "0af7651916cd43dd8448eb211c80319c"),
        ({"traceparent": "none", "x-request-id": "a"}, "a"),
        ({"x-request-id": "a", "x-tyk-trace-id": "b"}, "a"),
        ({"x-tyk-trace-id": "b"}, "b"),
        ({"x-request-id": " \n"}, None),
        ({"x-request-id": "a\nb" + "c" * 200}, "ab" + "c" * 126),
    ],
)
def test_the_trace_of_a_request(headers, trace):
    assert trace_of(headers) == trace


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("0.5", 0.5),
        ("Tue, 01 Dec 2026 12:02:00 GMT", 120.0),
        ("Tue, 01 Dec 2026 13:02:00 +0100", 120.0),
        ("Tue, 01 Dec 2026 11:00:00 GMT", 0.0),
        ("Tue, 99 Dec 2026 11:00:00 GMT", None),
    ],
)
def test_how_long_the_exchange_asks_to_wait(text, seconds):
    assert retry_after(text, NOON) == seconds
