"""What Monday's meeting asks first, over the list of sectors: three answers that fold away."""

import streamlit as st

from ui import html, state
from ui.views.handed import Papers
from ui.words import clock, t

#: seconds for which the answers are kept: deliveries come in while a page is open
KEPT_S = 120


def show(mark: str, papers: Papers, selection: state.Selection) -> None:
    """The answers, and the ways to what they were made from.

    Parameters
    ----------
    mark : of the assessment and the viewer
    papers : tells the answers
    selection : what was chosen
    """
    lang = selection.lang
    key = f"{mark}|{selection.figures}|{clock.today():%Y-%m-%d}"
    headline, answers = _answers(key, papers, selection)
    with st.expander(headline, expanded=True):
        st.html(html.asked(answers))
        with st.container(horizontal=True, gap="small"):
            for path, words in (("bandingkan", "monday.compare"), ("data", "monday.data")):
                if (page := state.page(path)) is not None:
                    st.page_link(page, label=t(words, lang), width="content")


@st.cache_data(ttl=KEPT_S, max_entries=64, show_spinner=False)
def _answers(
    key: str, _papers: Papers, _selection: state.Selection
) -> tuple[str, list[tuple[str, str]]]:
    headline, answers = _papers.monday(_selection)
    return headline, list(answers)
