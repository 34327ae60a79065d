"""Five steps for a first visit: one line that is gone with one click and never comes back."""

import streamlit as st

from ui.words import t

STEPS = 5
_AT = "tour_step"  # 0 offered, 1 to 5 running, -1 over


def show(lang: str) -> None:
    """The offer, or the step it is at; nothing once it is over, or for who came by a link."""
    if _AT not in st.session_state:
        st.session_state[_AT] = -1 if st.query_params.to_dict() else 0
    at = st.session_state[_AT]
    if at < 0:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="tour"):
        if at == 0:
            st.markdown(t("tour.offer", lang))
            _button("tour.start", lang, 1)
            _button("tour.later", lang, -1)
            return
        step = t("tour.step", lang, n=at)
        words = t(f"tour.text_{at}", lang)
        st.markdown(f"{step}. {words}")
        if at < STEPS:
            _button("tour.next", lang, at + 1)
        _button("tour.end", lang, -1)


def _button(words: str, lang: str, to: int) -> None:
    st.button(t(words, lang), key=words, type="secondary", on_click=_go, args=(to,))


def _go(to: int) -> None:
    st.session_state[_AT] = to
