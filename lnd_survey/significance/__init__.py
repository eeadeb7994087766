"""Tests of differences and trends, each with an effect size: pure functions of counts and estimates.

Which test is taken is in every result. Reasons, sources and the cases that have no answer are at each function.
"""

from lnd_survey.significance.cells import Cells as Cells
from lnd_survey.significance.cells import Estimate as Estimate
from lnd_survey.significance.cells import Sample as Sample
from lnd_survey.significance.corrections import Corrected as Corrected
from lnd_survey.significance.corrections import corrected as corrected
from lnd_survey.significance.differences import Difference as Difference
from lnd_survey.significance.differences import difference_of_means as difference_of_means
from lnd_survey.significance.differences import difference_of_shares as difference_of_shares
from lnd_survey.significance.differences import share_test as share_test
from lnd_survey.significance.differences import successive_differences as successive_differences
from lnd_survey.significance.differences import t_interval as t_interval
from lnd_survey.significance.distributions import DistributionTest as DistributionTest
from lnd_survey.significance.distributions import distribution_test as distribution_test
from lnd_survey.significance.paired import PairedDifference as PairedDifference
from lnd_survey.significance.paired import paired_difference_of_means as paired_difference_of_means
from lnd_survey.significance.paired import paired_difference_of_shares as paired_difference_of_shares
from lnd_survey.significance.printed import PrintedDifference as PrintedDifference
from lnd_survey.significance.printed import PrintedShare as PrintedShare
from lnd_survey.significance.printed import base_needed as base_needed
from lnd_survey.significance.printed import printed_difference as printed_difference
from lnd_survey.significance.printed_paired import PrintedPairedDifference as PrintedPairedDifference
from lnd_survey.significance.printed_paired import printed_paired_difference as printed_paired_difference
from lnd_survey.significance.printed_trends import PrintedTrend as PrintedTrend
from lnd_survey.significance.printed_trends import printed_trend as printed_trend
from lnd_survey.significance.ranks import Agreement as Agreement
from lnd_survey.significance.ranks import OrdinalDifference as OrdinalDifference
from lnd_survey.significance.ranks import kendalls_w as kendalls_w
from lnd_survey.significance.ranks import ordinal_difference as ordinal_difference
from lnd_survey.significance.trends import Trend as Trend
from lnd_survey.significance.trends import cochran_armitage as cochran_armitage
from lnd_survey.significance.trends import weighted_slope as weighted_slope
