"""Help that fits on one screen."""

import streamlit as st

from ui.words import t

#: addresses of the parts, the same in both languages
ANCHORS = {
    "what": "tujuan", "read": "membaca", "keys": "papan-tik", "terms": "istilah",
    "steps": "senin", "limits": "batas", "bring": "berkas", "sign": "tanda-tangan",
    "done": "pelaksanaan", "contest": "sanggah",
}  # fmt: skip

#: what stands in each column
LEFT = ("what", "read", "bring", "contest", "keys")
RIGHT = ("steps", "sign", "done", "terms", "limits")


def show(lang: str) -> None:
    """What it is for, how to read it, what to do on Monday, what it cannot do."""
    left, right = st.columns(2, gap="large")
    for column, parts in ((left, LEFT), (right, RIGHT)):
        with column:
            for part in parts:
                st.subheader(t(f"help.{part}", lang), anchor=ANCHORS[part])
                st.markdown(t(f"help.{part}_text", lang))
