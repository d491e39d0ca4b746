"""
The current ClickHouse in this process behind its HTTP interface, as far as mp uses it: a statement is the body, or it is in
`query` and the body has the rows. Prints the port.
"""
import os, re, sys, tempfile, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from chdb import session
from profile_settings import set_profile

engine = session.Session(sys.argv[1])
set_profile(engine)
lock = threading.Lock()
# So that a client can be ended in the middle of what it does.
delay = float(os.environ.get("MP_ENGINE_DELAY", "0"))


def run(statement, data, answer_format):
    if data is None:
        return engine.query(statement, answer_format).bytes()
    statement, wanted = re.fullmatch(r"(.*?)\s+FORMAT (\w+)\s*", statement, re.S).groups()
    with tempfile.NamedTemporaryFile(suffix=".data") as file:
        file.write(data)
        file.flush()
        # What comes with a request is a file here.
        rows = rf"file('{file.name}', {wanted}, "
        if " input(" in statement:
            statement = statement.replace(" input(", f" {rows}", 1)
        else:
            names = re.search(r"\(([^)]*)\)\s*$", statement).group(1)
            statement += f" SELECT {names} FROM file('{file.name}', {wanted})"
        engine.query(statement)
    return b""


# Of a request, which last on here: others do not say the contrary.
SETTINGS = {"data_type_default_nullable", "group_by_overflow_mode", "result_overflow_mode"}


class Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        parameters = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        query = parameters.get("query")
        time.sleep(delay)
        try:
            with lock:
                for name in SETTINGS.intersection(parameters):
                    engine.query(f"SET {name} = '{parameters[name]}'")
                statement, data = (body.decode(), None) if query is None else (query, body)
                answer, status = run(statement, data, parameters.get("default_format", "TabSeparated")), 200
        except Exception as error:
            answer, status = str(error).encode(), 500
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        code = re.match(rb"Code: (\d+)", answer)
        if status != 200 and code:
            self.send_header("x-clickhouse-exception-code", code.group(1).decode())
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
print(f"@{server.server_port}", flush=True)
server.serve_forever()
