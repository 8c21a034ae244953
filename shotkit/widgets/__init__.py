"""The widgets of a notebook: the page proposes, Python decides."""
