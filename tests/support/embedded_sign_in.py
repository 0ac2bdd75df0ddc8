"""A program that signs in with the embedded window, for tests; run it as an ordinary user.

`python embedded_sign_in.py AUTH_URL` prints one JSON object: the account, or the fault, and
what the process knows about itself before and after.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.auth.embedded_sign_in import UseBrowserInstead, obstacle, sign_in_embedded
from app.endpoints import Endpoints
from app.errors import AppError
from app.http_client import HttpClient
from app.wording.sign_in_window import window_words


def pss_kb() -> int:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def maps_the_engine() -> bool:
    return "WebEngine" in Path("/proc/self/maps").read_text()


async def main(auth_url: str) -> dict[str, object]:
    http = HttpClient(user_agent="tests", proxy="none")
    await asyncio.to_thread(http.warm_up)
    report: dict[str, object] = {"obstacle": obstacle(), "pss_before": pss_kb()}
    try:
        tokens = await sign_in_embedded(
            http,
            Endpoints(auth_url=auth_url),
            window_words=window_words(),
            on_waiting=lambda _url: print("waiting", file=sys.stderr, flush=True),
        )
        report["account"] = tokens.account.email
    except AppError as error:
        report["fault"] = error.fault.kind
        report["host"] = error.fault.host
    except UseBrowserInstead:
        report["fault"] = "use the browser"
    finally:
        await http.aclose()
    report["pss_after"] = pss_kb()
    report["engine"] = [name for name in sys.modules if "WebEngine" in name]
    report["engine_libraries"] = maps_the_engine()
    return report


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1]))))
