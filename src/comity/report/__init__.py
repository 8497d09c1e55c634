"""Tables, plots and pages: values in, markup out.

Every page is one self-contained HTML file that needs no network. No function here opens a file
or reads a clock: what a page says about time was handed in.
"""

from comity.report.assessment import assessment_page
from comity.report.decision import decision_page
from comity.report.divergence import divergence_page
from comity.report.foreign import foreign
from comity.report.numbers import Estimate
from comity.report.page import Section, page
from comity.report.plots import Bin, Columns, Row, interval_plot, people_dots, reliability_plot
from comity.report.verify_page import TrustedKey, verify_page

__all__ = [
    "Bin",
    "Columns",
    "Estimate",
    "Row",
    "Section",
    "TrustedKey",
    "assessment_page",
    "decision_page",
    "divergence_page",
    "foreign",
    "interval_plot",
    "page",
    "people_dots",
    "reliability_plot",
    "verify_page",
]
