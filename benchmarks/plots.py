"""Draws how long each way takes as the data grow, both as logarithms."""

from pathlib import Path

__all__ = ["drawn"]


def drawn(growth: dict[str, list[tuple[float, float]]], file: Path, title: str) -> None:
    """Draw a line a way, of (size, milliseconds); the limits are dashed."""
    import matplotlib as mpl  # noqa: PLC0415  heavy: not before there is something to draw
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams |= {"svg.hashsalt": title, "font.size": 9}
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for way, line in growth.items():
        style = "--" if way.startswith("limit") else "-"
        axes.plot(*zip(*line, strict=True), style, marker="o", markersize=3, linewidth=1, label=way)
    axes.set(xscale="log", yscale="log", xlabel="rows", ylabel="milliseconds", title=title)
    axes.grid(visible=True, which="major", linewidth=0.3)
    axes.legend(fontsize=6, ncols=2)
    figure.savefig(file, metadata={"Date": None})
