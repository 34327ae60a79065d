"""A first crosswalk for an agency nobody has described yet."""

import streamlit as st

from ui.views.data.bring import choose_file
from ui.views.desk import plain_text, show_fault
from ui.views.handed import Steward
from ui.words import number, t
from ui.words.of_data import personal_places, tell


def show(desk: Steward, lang: str) -> None:
    """Sample file in, draft and open questions out."""
    st.subheader(t("new.title", lang), anchor=False)
    st.markdown(t("new.intro", lang))
    epoch = st.session_state.get("data_sample", 0)
    if places := st.session_state.pop("data_sample_refused", None):
        lines = "\n".join(f"- {plain_text(place)}" for place in places)
        st.error(f"{t('bring.personal', lang)}\n\n{lines}", icon=":material/gpp_bad:")
    given = choose_file(f"data_sample_{epoch}", lang)
    if given is None:
        return
    try:
        with st.spinner(t("bring.reading", lang, name=plain_text(given.name))):
            text, unplaced = desk.draft(given.name, given.getvalue())
    except desk.refusal as problem:
        if desk.names_persons(problem):
            st.session_state["data_sample"] = epoch + 1
            st.session_state["data_sample_refused"] = personal_places(problem, lang)
            st.rerun()
        show_fault(problem, lang, "bring.unreadable")
        return
    if unplaced:
        st.markdown(f"**{t('new.unplaced', lang, n=number(len(unplaced), lang))}**")
        st.markdown("\n".join(f"- {plain_text(tell(item, lang))}" for item in unplaced))
    else:
        st.success(t("new.all_placed", lang), icon=":material/check_circle:")
    st.markdown(f"**{t('new.draft', lang)}**")
    st.code(text, language="toml")
    st.download_button(
        t("new.download", lang),
        data=text,
        file_name=f"{given.name.split('.')[0] or 'instansi'}.toml",
        mime="application/toml",
        on_click="ignore",
        icon=":material/download:",
        key="data_toml",
    )
    st.markdown(t("new.next", lang))
