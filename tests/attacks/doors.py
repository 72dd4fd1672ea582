"""Odoo's doors from outside, and the marks in whatever comes back through them. Needs nothing but Python."""

import base64
import binascii
import http.client
import io
import itertools
import json
import re
import threading
import urllib.parse
import xmlrpc.client
import zipfile
from xml.parsers.expat import ExpatError

from .expected import personal_numbers

MARK = re.compile(r"zq(\d{5})m(\d{3})q", re.IGNORECASE)
MARK_IN_BASE64 = re.compile(r"enE[w-z0-5][A-Za-z0-9+/]{12}")
REFERENCE = re.compile(r"\b(K|care_[a-z_]+)-(5\d{7})\b")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


class Answer:
    """What came back by one door: its text, unpacked where it was packed, and whether it was a refusal."""

    def __init__(self, status, headers, raw):
        self.status = status
        self.headers = "\n".join(f"{name}: {value}" for name, value in headers)
        self.is_pdf = raw.startswith(b"%PDF")
        self.text = unpacked(raw)

    @property
    def refused(self):
        return (
            self.status >= 300
            or self.text.startswith(('{"jsonrpc": "2.0", "id": null, "error"', '{"jsonrpc": "2.0", "error"'))
            or "<fault>" in self.text[:200]
        )

    def value(self):
        """What a method returned, by whichever door."""
        try:
            if self.text.startswith("<?xml"):
                return xmlrpc.client.loads(self.text)[0][0]
            value = json.loads(self.text)
        except (ValueError, ExpatError, xmlrpc.client.Error):
            return None
        return value.get("result") if isinstance(value, dict) and "jsonrpc" in value else value


def unpacked(raw):
    if raw.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                return "\n".join(unpacked(archive.read(name)) for name in archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            pass
    return raw.decode("utf-8", "replace")


class Doors:
    """One API key and one session for each role; every answer of every request is searched for marks."""

    def __init__(self, addresses, know):
        self.turns = itertools.cycle([urllib.parse.urlparse(address) for address in addresses.split(",")])
        self.know = know
        self.number_of = {column: number for number, column in enumerate(know["columns"])}
        self.table_of = {model["table"]: name for name, model in know["models"].items()}
        self.calls, self.statuses = 0, {}
        self.here = threading.local()  # this thread's connection, and what its attempt has seen

    # --- one request --------------------------------------------------------------------------------

    def send(self, verb, path, body=None, headers=None):
        path = urllib.parse.quote(path, safe="/?&=%+,:;@()[]'!*-_.~")
        answer = self.request(verb, path, body and body.encode(), headers or {})
        self.calls += 1
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        self.look(f"{path} {body}", answer)
        return answer

    def request(self, verb, path, body, headers):
        for turn in range(3):
            connection = getattr(self.here, "connection", None)
            try:
                if connection is None:
                    address = next(self.turns)
                    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
                    self.here.connection = connection
                connection.request(verb, path, body, headers)
                response = connection.getresponse()
                return Answer(response.status, response.getheaders(), response.read())
            except (http.client.HTTPException, OSError):
                connection.close()
                self.here.connection = None
                if turn == 2:
                    raise
        return None

    def look(self, sent, answer):
        """Note the (client, column) of each text in the answer that the caller did not send along."""
        seen = getattr(self.here, "seen", None)
        if seen is None:
            return
        found = self.marks(f"{answer.headers}\n{answer.text}") - self.marks(urllib.parse.unquote_plus(sent))
        if found:
            asked = sent
            if "<?xml" in sent:  # without the envelope, in which the key is
                asked = " ".join(["XML-RPC", *re.sub(r"<[^>]*>", " ", sent).split()[5:]])
            seen.setdefault(asked[:300], set()).update(found)

    def marks(self, text):
        found = {(int(number), self.know["columns"][int(column)]) for number, column in MARK.findall(text)}
        for number in personal_numbers(text):
            found.add((number, "care.client.personal_number"))
        for table, ident in REFERENCE.findall(text):
            model = "care.client" if table == "K" else self.table_of.get(table, table)
            found.add((int(ident) - self.know["start"], f"{model}.reference"))
        for packed in MARK_IN_BASE64.findall(text):
            try:
                inner = base64.b64decode(packed).decode("ascii")
            except (binascii.Error, UnicodeDecodeError):
                continue
            if inner != text:
                found |= self.marks(inner)
        return found

    def tell(self, number, column):
        """An answer that says as much as the text itself."""
        self.here.seen.setdefault(column, set()).add((number, column))

    # --- the doors ----------------------------------------------------------------------------------

    def json2(self, role, model, method, /, **body):
        headers = {**JSON, "Authorization": f"Bearer {self.know['roles'][role].get('key')}"}
        return self.send("POST", f"/json/2/{model}/{method}", json.dumps(body), headers)

    def xmlrpc(self, role, model, method, /, *arguments, **keywords):
        who = self.know["roles"][role]
        call = (self.know["database"], who["id"], who.get("key"), model, method, arguments, keywords)
        body = xmlrpc.client.dumps(call, "execute_kw", allow_none=True)
        return self.send("POST", "/xmlrpc/2/object", body, {"Content-Type": "text/xml"})

    def call_kw(self, role, model, method, ids=None, /, **keywords):
        """As the web client asks."""
        params = {"model": model, "method": method, "args": [] if ids is None else [ids], "kwargs": keywords}
        return self.rpc(role, f"/web/dataset/call_kw/{model}/{method}", **params)

    def rpc(self, role, path, /, **params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        return self.send("POST", path, body, {**JSON, **self.session(role)})

    def get(self, role, path, /, **query):
        path = f"{path}?{urllib.parse.urlencode(query)}" if query else path
        return self.send("GET", path, None, self.session(role))

    def post(self, role, path, /, **form):
        form["csrf_token"] = self.know["roles"][role].get("csrf", "")
        return self.send("POST", path, urllib.parse.urlencode(form), {**FORM, **self.session(role)})

    def bearer(self, role, path, /, **query):
        headers = {"Authorization": f"Bearer {self.know['roles'][role].get('key')}"}
        return self.send("GET", f"{path}?{urllib.parse.urlencode(query)}", None, headers)

    # --- logging in ---------------------------------------------------------------------------------

    def session(self, role):
        cookie = self.know["roles"][role].get("cookie")
        return {"Cookie": cookie} if cookie else {}

    def log_in(self, role):
        """A session, as a browser has one, and the token that its forms carry."""
        who = self.know["roles"][role]
        page = self.get(role, "/web/login")
        if who["id"]:
            params = {"db": self.know["database"], "login": who["login"], "password": who["password"]}
            page = self.rpc(role, "/web/session/authenticate", **params)
            if f'"uid": {who["id"]}' not in page.text:
                raise SystemExit(f"{role} cannot log in: {page.text[:300]}")
        who["cookie"] = "; ".join(re.findall(r"^set-cookie: (session_id=[^;]+)", page.headers, re.I | re.M))
        if who["id"]:
            page = self.get(role, "/my" if role == "portal" else "/odoo")
        token = re.search(r"csrf_token\W+(\w{40,})", page.text)
        who["csrf"] = token[1] if token else ""
