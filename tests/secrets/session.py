"""One session of somebody who uses everything, in the cells of a notebook."""

SOURCES = [
    """
import json, logging, os, sys, traceback
from pathlib import Path
here = Path(os.environ["CANARY_FOLDER"])
logging.basicConfig(level=logging.DEBUG, filename=here / "log.txt", force=True)
started = (here / "started.txt").open("a")
def hook(event, arguments):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn") and not started.closed:
        print(event, arguments[:3], file=started, flush=True)  # and not the environment
sys.addaudithook(hook)
import shotkit
from shotkit.errors import ShotkitError
def spill(call):
    try:
        call()
    except ShotkitError:
        traceback.print_exc()
    else:
        raise AssertionError("no error")
""",
    """
kit = shotkit.connect()
user = os.environ["CANARY_USER"]
bearer = shotkit.connect(jwt=os.environ["CANARY_JWT"], jwt_secret=os.environ["CANARY_KEY"])
display(kit, bearer, kit.database, bearer.database, bearer.database._identity)
""",
    """
shot, gen = kit.shot(os.environ["CANARY_SHOT"]), kit.generation(os.environ["CANARY_GENERATION"])
rows = shot.timeline()
display(shot, gen, rows[["timeline_frame", "url_identity"]], shot.xray(user))
repr(shot), shot._repr_html_(), gen._repr_html_()
""",
    """
from shotkit import widgets
shown = [widgets.Timeline(shot), widgets.Gallery(kit), widgets.Variants(gen), widgets.Lightbox(shot)]
display(*shown)
repr(shown), [widget.get_state() for widget in shown if hasattr(widget, "get_state")] and None
""",
    """
change = shot.move(rows["id"].iloc[0], 7)
added = gen.add_variant(os.environ["CANARY_ADDRESS"], is_primary=True, name=os.environ["CANARY_ADDRESS"])
display(change, change.code, added.code, kit.undo().code, kit.script(), kit.history()["code"].to_list())
kit.history()
""",
    """
url = os.environ["SHOTKIT_URL"]
for wrong in (url.replace("canary_user:", "nobody:"), url.replace("_scratch", "_none"), url + "&x=y",
              url.replace("postgresql", "mysql"), url.replace("@", "@@"), url.replace(":", ":/", 2)):
    spill(lambda: shotkit.connect(wrong))
spill(lambda: bearer.repair("0001", apply=True, undo_file=here / "no"))
spill(lambda: shotkit.connect(jwt=os.environ["CANARY_JWT"][:-3], jwt_secret=os.environ["CANARY_KEY"]))
spill(lambda: shotkit.connect(jwt=os.environ["CANARY_JWT"][5:].replace(".", "")))
spill(lambda: shotkit.connect(jwt=os.environ["CANARY_JWT"], jwt_secret="another" * 9))
spill(lambda: shotkit.connect(jwt=os.environ["CANARY_JWT"], user_id=user))
spill(lambda: kit.shot(os.environ["CANARY_ADDRESS"]))
spill(lambda: shot.move(os.environ["CANARY_ADDRESS"], 3))
spill(lambda: bearer.shot("no such shot"))
""",
    """
report = kit.audit()
forms = "to_json to_jsonl to_junit to_sarif to_github to_summary to_html _repr_html_"
for form in forms.split():
    (here / f"report.{form}").write_text(getattr(report, form)())
repair = kit.repair("0001", apply=True, undo_file=here / "undo.jsonl")
(here / "repair.json").write_text(repair.to_json())
display(report, repair)
""",
    """
kit.snapshot(here / "snapshot")
(here / "schema.sql").write_text(kit.database.schema())
""",
    """
kit.close(), bearer.close()
None
""",
]
#: What somebody then does in a shell, with the address in SHOTKIT_URL.
COMMANDS = (
    ["doctor"],
    ["audit", "--only", "9999", "--traceback"],
    ["repair", "--format", "json"],
    ["show", "https://x/a?token=no-such-shot", "--traceback"],
)
