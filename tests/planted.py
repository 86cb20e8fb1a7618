"An exchange of our own that gives a planted token, takes drafts, and can misbehave on purpose."

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

SECRET = "planted-client-secret-6c1f0b7e"
TOKEN = "planted-access-token-93d2a4f8"
WRONG = f"{SECRET} but wrong"
CLIENT = "me"
PROJECT = "01JX2KPG5VEBF8498Z8YTTE8TB"
PLANTED = (SECRET, TOKEN)


class Answers(BaseHTTPRequestHandler):
    "Answers as `mode` in the server says: `fine`, a status that echoes what was sent, or `cut`."

    def reply(self, status: int, held: object) -> None:
        body = json.dumps(held).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        mode = self.server.mode
        if self.path == "/oauth/token":
            ok = json.loads(sent)["client_secret"] == SECRET
            self.reply(200 if ok else 401, {"access_token": TOKEN, "expires_in": 86400})
        elif mode == "cut":
            self.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{")
            self.close_connection = True
        elif mode == "fine":
            reference = json.loads(sent)["target_group_customer_reference_number"]
            made = f"01JX2X0N5RTR012AYDTA83QW{len(self.server.made):02}"
            self.server.made.append(
                {"id": made, "target_group_customer_reference_number": reference}
            )
            self.reply(201, {"id": made})
        else:
            said = f"refused: {self.headers['Authorization']} {sent}"
            self.reply(int(mode), {"detail": said, "title": said, "errors": [{"detail": said}]})

    def do_GET(self) -> None:
        listed = [one for one in self.server.made if str(one).split("'")[7] in self.path]
        self.reply(200, {"target_groups": listed, "has_more": False})

    def log_message(self, *_: object) -> None:
        pass


class Exchange(ThreadingHTTPServer):
    "The server; `mode` says how it answers a create."

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.mode, self.made = "fine", list[dict[str, str]]()
        self.place = f"http://127.0.0.1:{self.server_port}"

    def settings(self, folder: Path) -> Path:
        "A settings file that names it as the environment `pilot`."
        path = folder / "settings.ini"
        path.write_text(
            f"[pilot]\nbase_url = {self.place}/v1\nauth_url = {self.place}/oauth/token\n"
            "account_id = 12345\nsettle_seconds = 0\nattempts = 1\n"
        )
        return path


@contextmanager
def exchange() -> Iterator[Exchange]:
    "A running one."
    server = Exchange()
    thread = Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def credentials(**more: str) -> dict[str, str]:
    "The environment of somebody who has them."
    return {
        "CINT_ACCOUNT_ID": "12345",
        "CINT_CLIENT_ID": CLIENT,
        "CINT_CLIENT_SECRET": SECRET,
    } | more
