"""Charts: pure functions from estimates and words to a `Chart`; matplotlib is loaded when one is drawn."""

from lnd_survey.charts.around_zero import diverging
from lnd_survey.charts.bars import adoption, paired_bars, profile
from lnd_survey.charts.chart import Chart, nothing
from lnd_survey.charts.concept import matrix, table
from lnd_survey.charts.gaps import gaps
from lnd_survey.charts.lines import bump, trend
from lnd_survey.charts.points import dots, dumbbells
from lnd_survey.charts.stacks import stacked

__all__ = [
    "Chart",
    "adoption",
    "bump",
    "diverging",
    "dots",
    "dumbbells",
    "gaps",
    "matrix",
    "nothing",
    "paired_bars",
    "profile",
    "stacked",
    "table",
    "trend",
]
