"""The harness itself: a widget of its own is seen, pressed and counted, and what is forbidden is noticed."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import Watch

TINY = '''
import anywidget, traitlets

class Tiny(anywidget.AnyWidget):
    _esm = """
    export default { render({ model, el }) {
      const button = document.createElement("button");
      button.textContent = "ask";
      button.onclick = () => model.send({ id: "1", type: "ask" });
      model.on("msg:custom", (message) => { button.textContent = message.words; });
      el.append(button);
    } };
    """
    def __init__(self):
        super().__init__()
        self.on_msg(lambda _, content, __: self.send({"id": content["id"], "words": "answered"}))

Tiny()
'''


def test_a_widget_is_seen_pressed_and_counted(notebook):
    notebook.show(TINY)
    notebook.page.get_by_role("button", name="ask").click()
    expect(notebook.page.get_by_role("button", name="answered")).to_be_visible()
    (asked,) = notebook.wire.proposals
    assert asked.content == {"id": "1", "type": "ask"}
    assert [reply.content["words"] for reply in notebook.wire.replies(asked)] == ["answered"]


def test_the_kernel_is_asked_beside_the_cells_and_restarted(another):
    seen = another("x = 7")
    assert seen.python("print(x)") == "7\n"
    seen.restart()
    assert "NameError" in seen.python("print(x)")


def test_the_database_of_a_test_is_the_demo(database, notebook, stored):
    notebook.show(f"kit = shotkit.connect({database!r})")
    (shots,) = stored.execute("select count(*) from shots").fetchone()
    assert notebook.python("print(len(kit.shots()))") == f"{shots}\n"


@pytest.mark.parametrize(
    ("event", "wrong", "noticed"),
    [
        ("request", "fetch('https://example.org/x').catch(() => 0)", "request: https://example.org/x"),
        ("dialog", "alert('hello')", "dialog: hello"),
        ("console", "console.error('broken')", "console: broken"),
        ("weberror", "setTimeout(() => { throw new Error('thrown') })", "error: thrown"),
    ],
    ids=["a request", "a dialog", "an error logged", "an error thrown"],
)
def test_what_a_page_must_not_do_is_noticed(browser, lab, event, wrong, noticed):
    context, watch = browser.new_context(), Watch()
    watch.over(context)
    page = context.new_page()
    page.goto(f"{lab.url}/lab?token={lab.token}")
    with context.expect_event(event):
        page.evaluate(f"() => {{ {wrong} }}")
    assert any(wrong.startswith(noticed) for wrong in watch.wrong)
    context.close()


def test_a_cell_that_fails_fails_the_test(notebook):
    with pytest.raises(AssertionError, match="this cell fails"):
        notebook.show("raise ValueError('this cell fails')")


def test_a_cell_replaces_the_one_before(notebook):
    for number in range(2):
        notebook.show(f"print('cell', {number})")
        expect(notebook.cell(0)).to_have_text(f"cell {number}")
