"""`make shot`: a picture of a page of the server that `make run` started, as a given person sees it.

    make shot LOGIN=anna@tryggvardag.example URL=/odoo/my-clients WIDTH=390 OUT=/tmp/clients.png
    make shot LOGIN=anna@tryggvardag.example URL=/odoo/my-clients CLICK='.o_data_row; text=Stays' OUT=/tmp/stays.png
    make shot LOGIN=anna@tryggvardag.example URL=/report/pdf/social_care.some_report/7 OUT=/tmp/report.png   (one file per page)
    make shot URL=/tmp/some.pdf OUT=/tmp/some.png

Also PASSWORD= (default: that of the demo data), HEIGHT=, FULL=1 for the whole page, WAIT= milliseconds, ADDRESS= of another server.
What the browser's console complained of is printed; a page that answers with an error is a failure.
"""

import os
import sys
import time
import warnings
from pathlib import Path

from common import Problem, checkout_state, main, read_json, say
from prepare import prepare
from run import DEMO_PASSWORD
from setup_programs import browser
from setup_python import environment

BROWSER = "SOCIAL_CARE_BROWSER"  # set for the second half, which runs in another Python
PHONE = 600  # narrower than this is a phone, with touch


def option(name, default=""):
    return os.environ.get(name) or default


def bring_tools():
    """Chromium, then go on in the Python that has Playwright and the PDF reader."""
    prepare()
    chromium = str(browser())
    tools = environment("tools", "Installing Playwright and a PDF reader", 250)
    python = str(tools / "bin" / "python")
    os.execve(python, [python, *sys.argv], {**os.environ, BROWSER: chromium})


def server():
    running = read_json(checkout_state() / "server.json", {})
    address = option("ADDRESS", running.get("address"))
    if not address:
        raise Problem(
            "no server is running for this checkout; start one (make run), or name one with ADDRESS=."
        )
    return address, option("DATABASE", running.get("database"))


def log_in(context, address, database):
    login = option("LOGIN")
    password = option("PASSWORD", login if login == "admin" else DEMO_PASSWORD)
    who = {"db": database, "login": login, "password": password}
    answer = context.request.post(
        f"{address}/web/session/authenticate", data={"jsonrpc": "2.0", "params": who}
    ).json()
    if not answer.get("result", {}).get("uid"):
        refused = answer.get("error", {}).get("data", {}).get("message", "refused")
        raise Problem(
            f"{login} cannot log in ({refused}); give PASSWORD=, or look at the logins that make run prints."
        )


def take_picture(context, address, out):
    page = context.new_page()
    page.on(
        "console", lambda line: line.type in ("error", "warning") and say(f"console {line.type}: {line.text}")
    )
    page.on("pageerror", lambda error: say(f"page error: {error}"))
    busy = requests_under_way(page)
    answer = page.goto(address + option("URL", "/odoo"))
    settle(page, busy)
    for selector in filter(None, map(str.strip, option("CLICK").split(";"))):
        page.locator(selector).first.click()
        settle(page, busy)
    page.wait_for_timeout(int(option("WAIT", "300")))
    page.screenshot(path=out, full_page=bool(option("FULL")))
    say(f"{out}: {page.title()} ({page.url})")
    if answer and answer.status >= 400:
        raise Problem(f"{page.url} answered with status {answer.status}; the picture shows it.")


def requests_under_way(page):
    """All but those of the bus, which stays open for ever."""
    busy = set()

    def begin(request):
        if "/bus/" not in request.url and "/websocket" not in request.url:
            busy.add(request)

    page.on("request", begin)
    for event in ("requestfinished", "requestfailed"):
        page.on(event, lambda request: busy.discard(request))
    return busy


def settle(page, busy, seconds=15):
    """Wait until nothing has been asked for during four tenths of a second."""
    quiet, deadline = 0, time.monotonic() + seconds
    while quiet < 4 and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        quiet = 0 if busy else quiet + 1
    if busy:
        say(f"still loading: {', '.join(request.url for request in busy)}")


def save_pages(content, out):
    """Each page of a PDF as a picture: out-1.png, out-2.png ..."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    for number, page in enumerate(document, 1):
        path = out.with_name(f"{out.stem}-{number}.png")
        page.render(scale=1.5).to_pil().save(path)
        say(path)


def main_shot():
    url, out = option("URL", "/odoo"), Path(option("OUT", "build/shot.png")).absolute()
    if BROWSER not in os.environ:
        bring_tools()
    warnings.simplefilter("ignore")
    out.parent.mkdir(parents=True, exist_ok=True)
    if url.endswith(".pdf") and Path(url).exists():
        save_pages(Path(url).read_bytes(), out)
        return
    from playwright.sync_api import sync_playwright

    address, database = server()
    width = int(option("WIDTH", "1280"))
    height = int(option("HEIGHT", "844" if width < PHONE else "900"))
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=os.environ[BROWSER], args=flags)
        person = {"has_touch": width < PHONE, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}
        context = chromium.new_context(viewport={"width": width, "height": height}, **person)
        if option("LOGIN"):
            log_in(context, address, database)
        if url.startswith("/report/pdf/"):
            answer = context.request.get(address + url, timeout=120000)
            if not answer.ok or not answer.body().startswith(b"%PDF"):
                raise Problem(f"{url} did not answer with a PDF (status {answer.status}).")
            save_pages(answer.body(), out)
        else:
            take_picture(context, address, out)
        chromium.close()


if __name__ == "__main__":
    main(main_shot)
