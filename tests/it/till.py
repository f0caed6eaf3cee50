"""A till: counts each entry of a store once, by its webhook-id (Standard Webhooks), in a database of its own.

till.py PORT DATABASE MOOD

  answers  counts, then answers
  dies     counts, then is killed with SIGKILL before it can answer
  slow     counts, and takes two seconds to answer
  fails    has a bad day: counts nothing, answers 503
"""

import base64
import hashlib
import hmac
import http.server
import os
import signal
import sqlite3
import sys
import time

SECRET = b"a secret of thirty-two bytes    "
port, database, mood = int(sys.argv[1]), sys.argv[2], sys.argv[3]


class Till(http.server.BaseHTTPRequestHandler):
    """One request is one entry."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        number, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        mac = hmac.new(SECRET, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
        genuine = (
            self.path == "/entries"
            and self.headers["content-type"] == "application/json"
            and self.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
            and abs(int(at) - time.time()) < 60
        )
        with sqlite3.connect(database) as db:
            db.execute("INSERT INTO request (genuine) VALUES (?)", [genuine])
            if genuine and mood != "fails":
                db.execute("INSERT OR IGNORE INTO counted (id, body) VALUES (?, ?)", [number, body.decode()])
        if mood == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if mood == "slow":
            time.sleep(2)
        self.send_response(503 if mood == "fails" else 204)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


with sqlite3.connect(database) as db:
    db.executescript(
        "PRAGMA journal_mode = WAL;"
        "CREATE TABLE IF NOT EXISTS request (at INTEGER PRIMARY KEY, genuine INTEGER NOT NULL);"
        "CREATE TABLE IF NOT EXISTS counted (at INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, body TEXT NOT NULL);"
    )
server = http.server.HTTPServer(("127.0.0.1", port), Till)
print("open", flush=True)
server.serve_forever()
