"""The one script of the pages: what Streamlit's front end leaves out, read from the page itself.

A scale bar from the camera of the map as it stands, names for the zoom buttons, the language of
the page and of the link past the menu, and a voice for screen readers after a click. Whatever it
does not find it leaves alone: without a camera there is no bar, never a wrong one. Nothing is
fetched.
"""

import json
from html import escape

_CODE = """
(() => {
  const say = WORDS;
  document.documentElement.lang = say.lang;
  const find = () => {
    const map = document.querySelector('[data-testid=stDeckGlJsonChart]');
    if (!map) return null;
    for (const node of [map, ...map.querySelectorAll('*')]) {
      const key = Object.keys(node).find(one => one.startsWith('__reactFiber'));
      for (let fibre = key && node[key], up = 0; fibre && up < 60; fibre = fibre.return, up++)
        for (let hook = fibre.memoizedState, n = 0; hook && n < 60; hook = hook.next, n++) {
          const kept = hook.memoizedState;
          for (const one of [kept, kept?.current, kept?.deck, kept?.current?.deck])
            if (one?.layerManager && one.getViewports) return one;
        }
    }
    return null;
  };
  let deck = null, looked = 0;
  const bar = () => {
    const drawn = document.querySelector('.kr-bar');
    if (!drawn) return;
    const there = document.querySelector('[data-testid=stDeckGlJsonChart] canvas');
    if (!there || deck?.canvas !== undefined && !deck.canvas?.isConnected) deck = null;
    if (!deck && there && looked++ % 4 === 0) deck = find();
    const view = deck?.getViewports?.()[0];
    if (!view) { drawn.hidden = true; return; }
    const metres = 40075016.686 * Math.cos(view.latitude * Math.PI / 180) / (512 * 2 ** view.zoom);
    const most = metres * 110, ten = 10 ** Math.floor(Math.log10(most));
    const length = [5, 2, 1].map(one => one * ten).find(one => one <= most);
    drawn.firstElementChild.style.width = `${length / metres}px`;
    const text = length >= 1000 ? `${length / 1000} km` : `${length} m`;
    if (drawn.lastElementChild.textContent !== text) drawn.lastElementChild.textContent = text;
    drawn.dataset.metres = length;
    drawn.hidden = false;
  };
  const named = () => {
    const zoom = '[data-testid=stDeckGlJsonChartZoomButton] button';
    document.querySelectorAll(zoom).forEach((one, place) => {
      const name = place ? say.further : say.closer;
      if (one.getAttribute('aria-label') !== name) {
        one.setAttribute('aria-label', name);
        one.title = name;
      }
    });
    const skip = document.querySelector('[data-testid=stSkipToContent]');
    if (skip && skip.textContent !== say.skip) skip.textContent = say.skip;
  };
  const own = (id, make) => {
    let one = document.getElementById(id);
    if (!one) { one = make(); one.id = id; document.body.prepend(one); }
    return one;
  };
  const live = own('kr-live', () => {
    const region = document.createElement('div');
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    return region;
  });
  const spoken = () => {
    const now = document.querySelector('.kr-said')?.textContent || '';
    if (live.textContent !== now) live.textContent = now;
  };
  clearInterval(window.krTicks);
  const tick = () => { bar(); named(); spoken(); };
  window.krTicks = setInterval(tick, 250);
  tick();
})();
"""


def page_script(lang: str, closer: str, further: str, skip: str) -> str:
    """The script with its words, for `st.html` with scripts allowed.

    Parameters
    ----------
    lang : of the page, "id" or "en"
    closer, further : what the zoom buttons do
    skip : on the link that leads past the menu
    """
    words = {"lang": lang, "closer": closer, "further": further, "skip": skip}
    text = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return f"<script>{_CODE.replace('WORDS', text)}</script>"


def said(text: str) -> str:
    """What a screen reader hears after a click; nobody sees it."""
    return f'<span class="kr-said" hidden>{escape(text)}</span>'


BAR = '<div class="kr-bar" aria-hidden="true" hidden><i></i><span></span></div>'
