"""kalbar-risk serve: the dashboard on this machine."""

import os
import runpy
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.voice import out
from joins import opened
from settings import load_settings

app = typer.Typer()
HERE = Path(__file__).resolve().parents[1]


@app.command(epilog="Example: kalbar-risk serve --port 8501")
def serve(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    demo: Annotated[bool, typer.Option(help="Prepare invented data if there is none.")] = True,
) -> None:
    """Open the dashboard; the first time, prepare the embedded data (DATA SINTETIS)."""
    settings = load_settings()
    store = opened.open_store(settings)
    if demo and store.assessments().empty:
        from commands import invent  # once in the life of a store

        invent.prepare(settings, store)
    out.print(f"Dasbor / dashboard: http://localhost:{port}   (Ctrl+C: berhenti / stop)")
    _become("run", str(HERE / "serve.py"), "--server.port", str(port))


def _become(*words: str) -> None:
    """`python -m streamlit WORDS`, in this process: whoever ends it, by whatever means, ends the
    server, since there is no other. Ctrl+C gives 130, as it does everywhere in a shell."""
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    os.chdir(HERE)
    sys.argv = ["streamlit", *words]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
