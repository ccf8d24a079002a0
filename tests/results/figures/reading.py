"""Reading a drawn figure back."""

from matplotlib.axes import Axes
from matplotlib.legend import Legend


def legend_of(axes: Axes) -> Legend:
    """The legend of a panel that must have one."""
    legend = axes.get_legend()
    assert legend is not None
    return legend
