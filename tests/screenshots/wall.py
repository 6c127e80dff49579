"""The contact wall: one page over all pictures, which needs no server."""

import itertools
from html import escape
from pathlib import Path

from tests.screenshots.camera import SCHEMES, SIZES, Taken

HEAD = """<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Double, every page</title>
<style>
:root{color-scheme:light dark;font:15px/1.4 system-ui,sans-serif}body{margin:0}
header{position:sticky;top:0;z-index:1;background:Canvas;border-bottom:1px solid;padding:.75rem 1rem;display:flex;
flex-wrap:wrap;gap:1rem;align-items:center}header input[type=search]{font:inherit;width:16rem}
h2{margin:2rem 1rem 0}h3{margin:1rem 1rem .25rem;font-weight:600}h3 small{font-weight:400;opacity:.7}
.row{display:flex;flex-wrap:wrap;gap:.75rem;padding:0 1rem}figure{margin:0}figcaption{font-size:.75rem;opacity:.7}
img{display:block;border:1px solid #8888;object-fit:cover;object-position:top;height:26rem}
.w1440 img{width:36rem}.w390 img{width:12rem}.whole img{height:auto}
.bad{color:#c00;margin:0 1rem}[hidden]{display:none!important}
</style>
"""
SCRIPT = """<script>
const d = document, all = (s) => [...d.querySelectorAll(s)];
const apply = () => {
  const off = new Set(all('[data-hides]').filter((box) => !box.checked).map((box) => box.dataset.hides));
  const words = d.getElementById('words').value.toLowerCase().split(/\\s+/).filter(Boolean);
  const bad = d.getElementById('bad').checked;
  all('figure').forEach((f) => { f.hidden = off.has(f.dataset.width) || off.has(f.dataset.scheme); });
  all('article').forEach((a) => {
    a.hidden = off.has(a.dataset.role) || !words.every((w) => a.dataset.words.includes(w)) || (bad && !a.dataset.bad);
  });
  all('section').forEach((s) => { s.hidden = !s.querySelector('article:not([hidden])'); });
  d.body.classList.toggle('whole', d.getElementById('whole').checked);
};
d.addEventListener('input', apply);
</script>"""


def write(taken: list[Taken], folder: Path) -> Path:
    """index.html in the folder of the pictures, grouped by role and page; its path."""
    roles = sorted({one.shot.role for one in taken})
    parts = [HEAD, _controls(roles)]
    for role in roles:
        mine = sorted((one for one in taken if one.shot.role == role), key=lambda one: (one.shot.page, one.shot.label))
        parts.append(f"<section><h2>{escape(role)}</h2>")
        for _, same in itertools.groupby(mine, key=lambda one: one.shot):
            parts.append(_article(list(same)))
        parts.append("</section>")
    index = folder / "index.html"
    index.write_text("\n".join([*parts, SCRIPT]))
    return index


def _controls(roles: list[str]) -> str:
    hides = [*roles, *(str(width) for width in SIZES), *SCHEMES]
    boxes = "".join(f'<label><input type="checkbox" checked data-hides="{name}"> {name}</label>' for name in hides)
    return (
        f'<header><input type="search" id="words" placeholder="page, person, state" aria-label="Filter">{boxes}'
        '<label><input type="checkbox" id="whole"> whole pages</label>'
        '<label><input type="checkbox" id="bad"> only with complaints</label></header>'
    )


def _article(same: list[Taken]) -> str:
    shot = same[0].shot
    complaints = [f"{one.width}: {text}" for one in same for text in one.complaints]
    words = escape(f"{shot.page} {shot.role} {shot.account} {shot.label} {shot.path}".lower(), quote=True)
    figures = "".join(
        f'<figure class="w{one.width}" data-width="{one.width}" data-scheme="{scheme}"><a href="{name}">'
        f'<img src="{name}" alt="" loading="lazy"></a><figcaption>{one.width} {scheme}</figcaption></figure>'
        for one in sorted(same, key=lambda one: -one.width)
        for scheme, name in one.files.items()
    )
    return (
        f'<article data-role="{shot.role}" data-words="{words}"{" data-bad=1" if complaints else ""}>'
        f"<h3>{escape(shot.page)} <small>{escape(' · '.join(filter(None, [shot.label, shot.account])))} "
        f"<code>{escape(shot.path)}</code></small></h3>"
        + "".join(f'<p class="bad">{escape(text)}</p>' for text in complaints)
        + f'<div class="row">{figures}</div></article>'
    )
