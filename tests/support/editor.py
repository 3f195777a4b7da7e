"""What an editor shows: a client of a language server, as far as hovering takes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any
from typing import Dict
from typing import Optional
from typing import Type


class Editor:
    """An editor with one folder open, for use in a ``with`` block.

    :param folder: the folder; the files to look at are in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = 0

    def __enter__(self) -> Editor:
        self._server = subprocess.Popen(
            [str(Path(sys.executable).with_name("basedpyright-langserver")), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=str(self.folder),
        )
        folder = {"uri": self.folder.as_uri(), "name": "project"}
        self._ask(
            "initialize",
            processId=None,
            rootUri=folder["uri"],
            workspaceFolders=[folder],
            capabilities={
                "textDocument": {"hover": {"contentFormat": ["plaintext"]}},
                "workspace": {"configuration": True},
            },
        )
        self._send("initialized", {})
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.terminate()
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait()

    def open(self, path: Path) -> None:
        """Open a file."""
        self._send(
            "textDocument/didOpen",
            {
                "textDocument": {
                    "uri": path.as_uri(),
                    "languageId": "python",
                    "version": 1,
                    "text": path.read_text(encoding="utf-8"),
                }
            },
        )

    def hover(self, path: Path, line: int, column: int) -> str:
        """Return what is shown beside the pointer.

        :param path: a file that is open.
        :param line: the line, from 0.
        :param column: the character of the line, from 0.
        """
        found = self._ask(
            "textDocument/hover",
            textDocument={"uri": path.as_uri()},
            position={"line": line, "character": column},
        )
        return str(found["contents"]["value"]) if found else ""

    # -- messages

    def _ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        number = self._number
        self._send(method, params, id=number)
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            if "id" in message:
                self._answer(message)

    def _answer(self, message: Dict[str, Any]) -> None:
        """Answer a question of the server's: there are no settings."""
        items = (message.get("params") or {}).get("items", ())
        self._write({"id": message["id"], "result": [None for _ in items]})

    def _send(self, method: str, params: Any, **more: Any) -> None:
        self._write({"method": method, "params": params, **more})

    def _write(self, message: Dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._server.stdin.flush()

    def _receive(self) -> Dict[str, Any]:
        assert self._server.stdout is not None
        length = 0
        while True:
            line = self._server.stdout.readline()
            assert line, "the language server has ended"
            if line == b"\r\n":
                break
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        message: Dict[str, Any] = json.loads(self._server.stdout.read(length))
        return message
