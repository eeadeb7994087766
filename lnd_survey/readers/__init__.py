"""Read any export as delivered: cells by address, nothing lost, nothing guessed.

What a file is, is declared (`ExportFile`); `read_export` reads it or says what it looks like instead, and
`inspect_file` proposes the declaration.
"""

from __future__ import annotations

from lnd_survey.readers.declaration import ExportFile as ExportFile
from lnd_survey.readers.export import Column as Column
from lnd_survey.readers.export import Export as Export
from lnd_survey.readers.inspection import Inspection as Inspection
from lnd_survey.readers.inspection import inspect_file as inspect_file
from lnd_survey.readers.reading import read_export as read_export
