"""Write the sample of a wave anew: `python -m lnd_survey.synthetic --data data --year YEAR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lnd_survey.errors import SurveyError
from lnd_survey.survey import open_survey
from lnd_survey.synthetic.write_sample import write_sample


def main(arguments: list[str] | None = None) -> int:
    """Draw and write the samples of some waves; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m lnd_survey.synthetic", description=__doc__)
    parser.add_argument("--data", type=Path, help="the data folder; default that of the project")
    parser.add_argument("--year", type=int, action="append", required=True, help="a wave; may be given several times")
    options = parser.parse_args(arguments)
    try:
        survey = open_survey(options.data)
        for year in options.year:
            written = write_sample(survey, year=year)
            for file in written.files:
                sys.stdout.write(f"{file.path}: {file.declaration['rows']} responses\n")
    except SurveyError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
